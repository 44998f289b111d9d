// Everything works without this script. Controls that need it are hidden until it runs.
//
// Contents, each a heading below: Helpers · Back button · Print · Copy · Lengths ·
// What the form creates · Time zone · Guard · Finding people · Focus.

// == Helpers ==

// Sets up a feature on each matching element. An error in one feature leaves the others
// working. Features share no variables; they learn of changes through "input" events.
const each = (selector, setUp) => {
  for (const el of document.querySelectorAll(selector)) {
    try {
      setUp(el);
    } catch (error) {
      console.error(error);
    }
  }
};

const changed = (el) => el.dispatchEvent(new Event("input", { bubbles: true }));
const named = (...ids) => ids.map((id) => document.getElementById(id));

// Gets the server's response for the person the page was made for: the body, "" for
// any status but 200, undefined if no response came.
const signedInAs = document.querySelector("[name=signed_in_as]")?.value ?? "";
const get = async (path, query) => {
  try {
    const response = await fetch(`${path}?${query}&signed_in_as=${signedInAs}`, { redirect: "error" });
    return response.status === 200 ? await response.text() : "";
  } catch {}
};

// == Back button ==

// Browsers keep whole pages for the Back button. Such a page is shown only after the
// server confirms the session. A sign-out at Microsoft ends it without changing a cookie.
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted || !signedInAs) return;
  document.documentElement.hidden = true;
  if (await get("/auth/session", "")) document.documentElement.hidden = false;
  else location.replace("/");
});

// == Print ==

each("button[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// == Copy ==

const text = (el) => ("value" in el ? el.value : el.textContent).trim();

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
    if (said) said.textContent = message;
    clearTimeout(timer);
    timer = setTimeout(() => {
      word.textContent = before;
      if (said) said.textContent = "";
    }, 2500);
  });
});

// == Lengths ==

// The end moves with the start. Local times are handled as if they were UTC.
each("[data-lengths]", (lengths) => {
  const [date, start, end, endDate, zone] = named("date", "start", "end", "end_date", "time_zone");
  const from = () => Date.parse(`${date.value}T${start.value}Z`);
  const length = () => Date.parse(`${endDate.value || date.value}T${end.value}Z`) - from();
  let later = !!endDate.value; // the person has not typed the end date
  let kept = length() || zone.dataset.propose * 6e4;
  const putEnd = (after) => {
    if (!(after >= 0 && from())) return;
    [endDate.value, end.value] = new Date(from() + after).toISOString().split(/T|:\d\d\./);
    if (endDate.value === date.value) endDate.value = "";
    else endDate.closest("details").open = later = true;
  };
  const press = () => {
    for (const b of lengths.children) {
      b.ariaPressed = length() === b.value * 6e4;
      b.disabled = !from();
    }
  };
  lengths.closest("form").addEventListener("input", ({ target }) => {
    if (target === endDate) later = false;
    if (target === date || target === start) putEnd(kept);
    if (target === end && later) putEnd((length() + 864e5) % 864e5);
    kept = length() || kept;
    press();
  });
  lengths.onclick = ({ target }) => {
    putEnd(target.value * 6e4); // NaN if the click was between the buttons
    changed(end);
  };
  lengths.hidden = false;
  addEventListener("pageshow", press);
});

// == What the form creates ==

// The server writes the text, because it has the translations and the time zone rules.
each("#made", (made) => {
  const form = made.closest("form");
  const filled = () => String(new URLSearchParams([...new FormData(form)].filter(([name]) => made.dataset.by.includes(name))));
  let asked = filled();
  const describe = async () => {
    const query = filled();
    if (query === asked) return;
    const text = await get(made.dataset.from, (asked = query));
    if (query === asked) made.textContent = text;
  };
  form.addEventListener("input", describe);
  addEventListener("pageshow", describe);
});

// == Time zone ==

// The browser's zone is selected if the person has none yet, and offered if they have
// another one. Unlisted zones ("Etc/Unknown") and missing ones are ignored.
each("#time_zone", (zone) => {
  const canonical = (timeZone) => {
    try {
      return Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
    } catch {}
  };
  const own = canonical();
  const here = canonical(own);
  if (!here) return;
  const listed = [...zone.options].map((option) => option.value).filter(Boolean);
  const same = (name) => canonical(name) === here;
  const found = [own, here].find((name) => listed.includes(name));
  const value = found ?? (listed.every(same) ? "" : listed.find(same)); // some extensions make all zones look the same
  if (!value) return;
  const [offer, date, start, end] = named("offer", "date", "start", "end");
  const move = () => {
    zone.value = value;
    if (!zone.dataset.propose || [date, start, end].some((el) => el.value !== el.defaultValue)) return changed(zone);
    const now = Date.now() - new Date().getTimezoneOffset() * 6e4;
    [date.value, start.value] = new Date(now - (now % 18e5) + 18e5).toISOString().split(/T|:\d\d\./); // the next half hour
    changed(start);
    const { proposed } = zone.form.elements; // the person did not type these values
    const query = new URLSearchParams(proposed.value);
    for (const el of named("date", "start", "end", "end_date", "time_zone")) query.set(el.name, el.value);
    proposed.value = query;
  };
  if ("detectZone" in zone.dataset) move();
  if (offer && here !== canonical(zone.value)) {
    offer.textContent += value;
    offer.hidden = false;
    offer.onclick = () => {
      move();
      offer.hidden = true;
      zone.focus();
    };
  }
});

// == Guard ==

// A colleague's meeting for the ticket appears below the field. Its buttons have forms
// of their own; only a script may put a form inside another.
each("input[data-guard]", (ticket) => {
  const [card, organizer] = named("guard", "organizer");
  if (!card) return;
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
    if (asked !== query) return; // the ticket changed in the meantime
    if (html) card.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    else if (html === undefined) asked = ""; // ask again when the field loses focus
    if (card.querySelector(".primary")) create?.classList.replace("primary", "quiet"); // one primary button per page
  };
  card.addEventListener("click", ({ target }) => {
    if (!target.dataset.ticket) return;
    ticket.value = target.dataset.ticket;
    ask();
    ticket.focus();
  });
  for (const event of ["change", "blur"]) ticket.addEventListener(event, ask);
  organizer?.addEventListener("change", ask);
});

// == Finding people ==

// People are searched as the person types, and added as lines of the text area.
each("[data-find]", (box) => {
  const [input, status, list] = ["input", "p", "ul"].map((name) => box.querySelector(name));
  const [lines, said] = named(box.dataset.into, "said");
  if (!lines) return;
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
    const choice = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent });
    choice.addEventListener("click", () => {
      const before = lines.value.trimEnd();
      lines.value = (before && before + "\n") + person.line + "\n";
      input.value = "";
      clear();
      input.focus();
      if (said) said.textContent = `${box.dataset.added} ${textContent}`;
    });
    item.append(choice);
    return item;
  };
  const find = async (q = asked) => {
    const found = await get(box.dataset.find, new URLSearchParams({ q }));
    if (asked !== q || !found) return; // addresses can still be typed
    const { people } = JSON.parse(found);
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
  input.setAttribute("form", ""); // Enter submits no form
  box.hidden = false;
});

// == Focus ==

// Screen readers start with the error summary.
document.querySelector("#problems, [data-focus]")?.focus();
