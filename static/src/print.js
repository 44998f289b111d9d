import { each } from "./helpers.js";

each("button[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
