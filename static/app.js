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

// The end keeps its distance when the start moves.
const [start, end] = ["start", "end"].map((id) => document.getElementById(id));
const minutes = (el) => (/^\d\d:\d\d/.test(el.value) ? el.value.slice(0, 2) * 60 + +el.value.slice(3, 5) : NaN);
if (start && end) {
  let from = minutes(start);
  start.addEventListener("change", () => {
    const to = minutes(start);
    const moved = minutes(end) + to - from;
    // Past midnight the day on which it ends is the person's to say.
    if (moved >= 0 && moved < 1440) end.value = [moved / 60, moved % 60].map((n) => String(Math.floor(n)).padStart(2, "0")).join(":");
    from = to;
  });
}

// An error summary is what the person should hear first.
document.getElementById("problems")?.focus();
