// The little that pages do by script. Without it everything still works: the
// copy buttons and the finder of people stay hidden, the time zone is chosen by
// hand, and colleagues' meetings are a page of their own.

const text = (el) => ("value" in el ? el.value : el.textContent).trim();

async function copy(el) {
  const plain = text(el);
  const html = document.getElementById(`${el.id}-html`)?.innerHTML;
  try {
    if (html && self.ClipboardItem) {
      const kinds = Object.entries({ "text/plain": plain, "text/html": html });
      const blobs = kinds.map(([type, content]) => [type, new Blob([content], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } else await navigator.clipboard.writeText(plain);
    return true;
  } catch {
    // No clipboard, or not allowed: select it, so that Ctrl+C does the rest.
    el.closest("details")?.setAttribute("open", "");
    getSelection().selectAllChildren(el);
    return false;
  }
}

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
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

// A colleague's meeting for the ticket shows below the field. Its buttons have
// forms of their own: put here by script, they stay apart from the form around.
const ticket = document.querySelector("input[data-guard]");
const card = document.getElementById("guard");
if (ticket && card) {
  const organizer = document.getElementById("organizer");
  let asked = "";
  const ask = async () => {
    const id = ticket.value.trim();
    const query = String(new URLSearchParams({ external_id: id, organizer: organizer?.value ?? "" }));
    if (query === asked) return;
    asked = query;
    card.replaceChildren();
    if (!id) return;
    try {
      const answer = await fetch(`${ticket.dataset.guard}?${query}`, { redirect: "error" });
      const html = answer.status === 200 ? await answer.text() : "";
      // Another ticket may have been typed in the meantime.
      if (asked === query && html) card.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    } catch {
      if (asked === query) asked = ""; // asked again when the field is left again
    }
  };
  for (const event of ["change", "blur"]) ticket.addEventListener(event, ask);
  organizer?.addEventListener("change", ask);
}

// People are found while one types, and added as lines of the text area.
for (const box of document.querySelectorAll("[data-find]")) {
  const [input, status, list] = ["input", "p", "ul"].map((name) => box.querySelector(name));
  const lines = document.getElementById(box.dataset.into);
  if (!lines) continue;
  let timer, asked;
  const show = (message, buttons = []) => {
    status.textContent = message;
    list.replaceChildren(...buttons);
  };
  const clear = () => {
    asked = "";
    clearTimeout(timer);
    show("");
  };
  const button = (person) => {
    const item = document.createElement("li");
    const one = document.createElement("button");
    one.type = "button";
    one.className = "button";
    one.textContent = person.name ? `${person.name} (${person.mail || person.upn})` : person.upn;
    one.addEventListener("click", () => {
      // A name that would not be read back is left out.
      const plain = person.name && person.name.length <= 80 && !/[<>;@\p{C}\p{Zl}\p{Zp}]/u.test(person.name);
      const before = lines.value.trimEnd();
      lines.value = (before && before + "\n") + (plain ? `${person.name} <${person.upn}>` : person.upn) + "\n";
      input.value = "";
      clear();
      input.focus();
      const said = document.getElementById("said");
      if (said) said.textContent = `${box.dataset.added} ${one.textContent}`;
    });
    item.append(one);
    return item;
  };
  const find = async () => {
    const q = asked;
    try {
      const answer = await fetch(`${box.dataset.find}?${new URLSearchParams({ q })}`, { redirect: "error" });
      const people = answer.ok ? (await answer.json()).people : undefined;
      if (asked !== q || !people) return;
      const { none, one, many } = box.dataset;
      show([none, one][people.length] ?? many.replace("{n}", people.length), people.map(button));
    } catch {
      // The addresses can be typed.
    }
  };
  input.addEventListener("input", () => {
    clear();
    asked = input.value.trim();
    if (asked.length >= 2) timer = setTimeout(find, 250);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clear();
    input.focus();
  });
  box.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) clear();
  });
  input.setAttribute("form", ""); // of no form: Enter sends nothing
  box.hidden = false;
}

// An error summary is what the person should hear first.
document.querySelector("#problems, [data-focus]")?.focus();
