// The little that pages do by script. Without it everything still works: the
// copy buttons stay hidden, and the time zone is chosen by hand.

const text = (el) => ("value" in el ? el.value : el.textContent).trim();

async function copy(el) {
  try {
    await navigator.clipboard.writeText(text(el));
    return true;
  } catch {
    // No clipboard, or not allowed: select it, so that Ctrl+C does the rest.
    getSelection().selectAllChildren(el);
    return false;
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const word = button.querySelector("[data-word]");
  const said = document.getElementById("said");
  if (!source || !word) continue;
  const before = word.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const message = (await copy(source)) ? button.dataset.done : button.dataset.selected;
    word.textContent = message;
    if (said) said.textContent = message;
    clearTimeout(timer);
    timer = setTimeout(() => {
      word.textContent = before;
      if (said) said.textContent = "";
    }, 2500);
  });
}

// A new form of somebody whose zone is not yet known: the browser's.
const zone = document.querySelector("select[data-detect-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && here) {
  if (![...zone.options].some((o) => o.value === here)) zone.add(new Option(here, here));
  zone.value = here;
}

// An error summary is what the person should hear first.
document.getElementById("problems")?.focus();
