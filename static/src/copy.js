import { each, named, text } from "./helpers.js";

async function copy(el) {
  const plain = text(el);
  const html = document.getElementById(`${el.id}-html`)?.innerHTML;
  const ways = [() => navigator.clipboard.writeText(plain)];
  const part = (type, content) => [type, new Blob([content], { type })];
  if (html) ways.unshift(() => navigator.clipboard.write([new ClipboardItem(Object.fromEntries([part("text/plain", plain), part("text/html", html)]))]));
  for (const way of ways) {
    try {
      await way();
      return true;
    } catch {}
  }
  // The clipboard is missing or not allowed: select the text, so that Ctrl+C works.
  el.closest("details")?.setAttribute("open", "");
  getSelection().selectAllChildren(el);
  return false;
}

each("button[data-copy]", (button) => {
  const [source, said] = named(button.dataset.copy, "said");
  const word = button.querySelector("[data-word]");
  if (!source || !word) return;
  const before = word.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const message = (await copy(source)) ? button.dataset.done : button.dataset.selected;
    word.textContent = message;
    button.dataset.copied = ""; // makes the word visible if the button shows only an icon
    if (said) said.textContent = message;
    clearTimeout(timer);
    timer = setTimeout(() => {
      word.textContent = before;
      delete button.dataset.copied;
      if (said) said.textContent = "";
    }, 2500);
  });
});
