import { named } from "./helpers.js";

// A button that sends a request to Microsoft shows immediately that it is busy, and its
// form is submitted only once.
const [said] = named("said");
let button, words, timer;

addEventListener("submit", (event) => {
  if (button) return event.preventDefault();
  if (event.defaultPrevented || !event.submitter?.dataset.busy) return;
  button = event.submitter;
  words = [...button.childNodes];
  button.replaceChildren(button.dataset.busy);
  button.ariaBusy = button.inert = true;
  timer = setTimeout(() => {
    said.textContent = said.dataset.waiting;
    said.className = "still";
  }, 3000);
});

// The Back button can show this page as it was left, so the busy button is reset.
addEventListener("pageshow", () => {
  clearTimeout(timer);
  if (!button) return;
  button.replaceChildren(...words);
  button.inert = false;
  button = button.ariaBusy = null;
  said.textContent = "";
  said.className = "unseen";
});
