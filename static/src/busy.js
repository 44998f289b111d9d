import { named } from "./helpers.js";

// A button that asks Microsoft for something says so at once, and its form is sent once.
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

// The Back button can show this page as it was left.
addEventListener("pageshow", () => {
  clearTimeout(timer);
  if (!button) return;
  button.replaceChildren(...words);
  button.inert = false;
  button = button.ariaBusy = null;
  said.textContent = "";
  said.className = "unseen";
});
