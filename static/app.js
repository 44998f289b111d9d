// The little that pages do by script. Without it everything still works: what
// only a script can do stays hidden, and the rest are pages of their own.

// The server's answer to the person the page was made for: undefined where none came.
const whose = document.querySelector("[name=signed_in_as]")?.value ?? "";
const get = async (path, query) => {
  try {
    const answer = await fetch(`${path}?${query}&signed_in_as=${whose}`, { redirect: "error" });
    return answer.status === 200 ? await answer.text() : "";
  } catch {}
};

// A page that the browser kept whole, for its Back button, is for its person
// alone: the session may have ended at Microsoft, where no cookie changes.
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted || !whose) return;
  document.documentElement.hidden = true;
  if (await get("/auth/session", "")) document.documentElement.hidden = false;
  else location.replace("/");
});

const text = (el) => ("value" in el ? el.value : el.textContent).trim();

async function copy(el) {
  const plain = text(el);
  const html = document.getElementById(`${el.id}-html`)?.innerHTML;
  try {
    if (html && self.ClipboardItem) {
      const kinds = Object.entries({ "text/plain": plain, "text/html": html }).map(([type, part]) => [type, new Blob([part], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(kinds))]);
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

// The form's times. What clocks on the wall show is a number here, as if it were UTC.
const [date, start, end, endDate, zone, made] = ["date", "start", "end", "end_date", "time_zone", "made"].map((id) => document.getElementById(id));
if (made) {
  const form = made.closest("form");
  const lengths = form.querySelector("[data-lengths]");
  const from = () => Date.parse(`${date.value}T${start.value}Z`);
  const length = () => Date.parse(`${endDate.value || date.value}T${end.value}Z`) - from();
  const put = (at, day, clock) => ([day.value, clock.value] = new Date(at).toISOString().split(/T|:\d\d\./));
  const putEnd = (after) => {
    if (!(after >= 0 && from())) return;
    put(from() + after, endDate, end);
    if (endDate.value === date.value) endDate.value = "";
    else endDate.closest("details").open = later = true;
  };
  let later = !!endDate.value; // the person did not type the day it ends
  let kept = length();

  // The server says what it makes: it has the words, and every zone's clocks.
  const filled = () => String(new URLSearchParams([...new FormData(form)].filter(([name]) => made.dataset.by.includes(name))));
  let asked = filled();
  const tell = async () => {
    for (const b of lengths.children) {
      b.ariaPressed = length() === b.value * 6e4;
      b.disabled = !from();
    }
    const query = filled();
    if (query === asked) return;
    const text = await get(made.dataset.from, (asked = query));
    if (query === asked) made.textContent = text;
  };
  form.addEventListener("input", ({ target }) => {
    if (target === endDate) later = false;
    if (target === date || target === start) putEnd(kept);
    if (target === end && later) putEnd((length() + 864e5) % 864e5);
    kept = length() || kept;
    tell();
  });
  lengths.onclick = ({ target }) => {
    putEnd(target.value * 6e4); // not a button, no number
    kept = length();
    tell();
  };
  lengths.hidden = false;
  addEventListener("pageshow", tell);

  // The browser's zone is chosen where none is remembered, offered where another is.
  const named = (timeZone) => Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  const here = named();
  const offer = document.getElementById("offer");
  const move = () => {
    zone.value = here;
    if (!zone.value) zone.add(new Option(here, here, true, true));
    if (!zone.dataset.propose || [date, start, end].some((el) => el.value !== el.defaultValue)) return;
    const now = Date.now() - new Date().getTimezoneOffset() * 6e4;
    put(now - (now % 18e5) + 18e5, date, start); // the next half hour
    putEnd((kept = zone.dataset.propose * 6e4));
    const proposed = new URLSearchParams(form.elements.proposed.value);
    for (const el of [date, start, end, endDate, zone]) proposed.set(el.name, el.value);
    form.elements.proposed.value = proposed;
  };
  if ("detectZone" in zone.dataset) move();
  if (offer && here !== named(zone.value)) {
    offer.textContent += here;
    offer.hidden = false;
    offer.onclick = () => {
      move();
      tell();
      offer.hidden = true;
      zone.focus();
    };
  }
}

// A colleague's meeting for the ticket shows below the field. Its buttons have
// forms of their own: put here by script, they stay apart from the form around.
const ticket = document.querySelector("input[data-guard]");
const card = document.getElementById("guard");
if (ticket && card) {
  const organizer = document.getElementById("organizer");
  const create = ticket.form.querySelector(".sheet-end .primary");
  let asked = "";
  const ask = async () => {
    const id = ticket.value.trim();
    const query = String(new URLSearchParams({ external_id: id, organizer: organizer?.value ?? "" }));
    if (query === asked) return;
    asked = query;
    card.replaceChildren();
    create?.classList.replace("quiet", "primary");
    if (!id) return;
    const html = await get(ticket.dataset.guard, query);
    if (asked !== query) return; // another ticket was typed in the meantime
    if (html) card.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    else if (html === undefined) asked = ""; // asked again when the field is left again
    if (card.querySelector(".primary")) create?.classList.replace("primary", "quiet"); // one filled button a page
  };
  card.addEventListener("click", ({ target }) => {
    if (!target.dataset.ticket) return;
    ticket.value = target.dataset.ticket;
    ask();
    ticket.focus();
  });
  for (const event of ["change", "blur"]) ticket.addEventListener(event, ask);
  organizer?.addEventListener("change", ask);
}

// People are found while one types, and added as lines of the text area.
for (const box of document.querySelectorAll("[data-find]")) {
  const [input, status, list] = ["input", "p", "ul"].map((name) => box.querySelector(name));
  const lines = document.getElementById(box.dataset.into);
  if (!lines) continue;
  let timer, asked;
  const show = (message, buttons) => {
    status.textContent = message;
    list.replaceChildren(...buttons);
  };
  const clear = () => {
    asked = "";
    clearTimeout(timer);
    show("", []);
  };
  const button = (person) => {
    const item = document.createElement("li");
    const textContent = person.name ? `${person.name} (${person.mail || person.upn})` : person.upn;
    const one = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent });
    one.addEventListener("click", () => {
      const before = lines.value.trimEnd();
      lines.value = (before && before + "\n") + person.line + "\n";
      input.value = "";
      clear();
      input.focus();
      document.getElementById("said").textContent = `${box.dataset.added} ${textContent}`;
    });
    item.append(one);
    return item;
  };
  const find = async (q = asked) => {
    const answer = await get(box.dataset.find, new URLSearchParams({ q }));
    if (asked !== q || !answer) return; // the addresses can be typed
    const { people } = JSON.parse(answer);
    const { none, one, many } = box.dataset;
    show([none, one][people.length] ?? many.replace("{n}", people.length), people.map(button));
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
  input.setAttribute("form", ""); // Enter sends nothing
  box.hidden = false;
}

// An error summary is what the person should hear first.
document.querySelector("#problems, [data-focus]")?.focus();
