import { each, named, text } from "./helpers.js";

// The system's share sheet is offered on touch screens, where people expect it.
each("button[data-share]", (button) => {
  const [source] = named(button.dataset.share);
  button.hidden = !navigator.share || !matchMedia("(pointer: coarse)").matches;
  button.onclick = () => navigator.share({ title: source.dataset.title, text: text(source) }).catch(() => {}); // closing the sheet also rejects the promise
});
