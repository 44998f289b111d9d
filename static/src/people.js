import { changed, each, get, named, text } from "./helpers.js";

// A combobox with chips replaces the text area, which remains the form's only field. Each
// chip is one line of the field. The keyboard follows the ARIA Authoring Practices Guide:
// all chips share one tab stop.
each("[data-people]", (box) => {
  const [lines, said] = named("attendees", "said");
  const [chips, input, list, template] = ["ul", "input", "[role=listbox]", "template"].map((selector) => box.querySelector(selector));
  const { people, from, none, one, many, added, removed } = box.dataset;
  const say = (message) => (said.textContent = message);
  const label = ({ name, upn, line }) => name || upn || line;
  const controls = () => [...chips.querySelectorAll("select, button")];
  let written = lines.value;
  let found = [];
  let at = -1;
  let asked, timer;

  const rove = (to = controls()[0]) => {
    for (const el of controls()) el.tabIndex = el === to ? 0 : -1;
  };
  const write = () => {
    const texts = [...chips.children].map(({ person, select }) => `${person.line} ${select.value}`.trim());
    lines.value = written = [...texts, input.value.trim()].filter(Boolean).join("\n");
    changed(lines);
    rove();
  };
  const isNew = ({ upn = "" }) => !upn || [...chips.children].every(({ person }) => person.upn?.toLowerCase() !== upn.toLowerCase());
  const chip = (person) => {
    const li = template.content.firstElementChild.cloneNode(true);
    const [name, select, remove, error] = li.children;
    for (const el of [select, remove]) el.ariaLabel = el.ariaLabel.replace("{name}", label(person));
    name.textContent = label(person);
    name.title = person.line;
    error.textContent = person.error ?? "";
    select.value = person.role ?? "";
    select.addEventListener("change", write);
    remove.addEventListener("click", () => take(li));
    if (!person.upn) {
      select.remove();
      name.addEventListener("click", () => {
        input.value = person.line;
        take(li);
        input.focus();
      });
    }
    return Object.assign(li, { person, select });
  };
  const put = (list, place) => {
    const fresh = list.filter(isNew);
    place(fresh.map(chip));
    write();
    input.scrollIntoView({ block: "nearest" });
    const names = fresh.map(label);
    if (!names.length) return;
    say([`${added} ${names.length > 3 ? names.length : names.join(", ")}`, ...fresh.map(({ error }) => error)].filter(Boolean).join(". "));
  };
  const take = (li) => {
    const next = li.nextElementSibling ?? li.previousElementSibling;
    li.remove();
    write();
    say(`${removed} ${label(li.person)}`);
    (next?.querySelector("button") ?? input).focus();
  };
  // Until the server answers, a chip shows the text as it was typed.
  const read = async (attendees) => {
    const waiting = chip({ line: attendees });
    chips.append(waiting);
    input.value = "";
    close();
    write();
    const answer = await get(from, { attendees });
    if (answer && waiting.isConnected) put(JSON.parse(answer).people, (items) => waiting.replaceWith(...items));
  };

  const mark = (to) => {
    at = to;
    [...list.children].forEach((li, i) => (li.ariaSelected = i === at));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const open = (isOpen) => {
    list.hidden = !isOpen;
    input.ariaExpanded = isOpen;
    if (isOpen) list.scrollIntoView({ block: "nearest" });
    mark(-1);
  };
  const close = () => {
    asked = undefined;
    clearTimeout(timer);
    open(false);
  };
  const find = async () => {
    const q = (asked = input.value.trim());
    const answer = await get(from, { q });
    if (asked !== q || !answer) return; // without suggestions, addresses can still be typed
    found = JSON.parse(answer).people.filter(isNew);
    list.replaceChildren(...found.map((person, i) => Object.assign(document.createElement("li"), { id: `found-${i}`, role: "option", textContent: person.name ? `${person.name} (${person.mail || person.upn})` : person.upn })));
    open(found.length > 0);
    if (found.length || q) say([none, one][found.length] ?? many.replace("{n}", found.length));
  };
  const choose = (i) => {
    input.value = "";
    put([found[i]], (items) => chips.append(...items));
    close();
  };
  const enter = () => {
    if (at >= 0) choose(at);
    else if (input.value.trim()) read(input.value);
  };
  const keys = {
    ArrowDown: ({ altKey }) => {
      if (list.hidden) find().then(() => altKey || found.length && mark(0));
      else mark((at + 1) % found.length);
    },
    ArrowUp: ({ altKey }) => (altKey ? close() : list.hidden || mark((at < 1 ? found.length : at) - 1)),
    Enter: enter, // even without a marked person, Enter must not submit the form
    Escape: () => {
      if (list.hidden) input.value = "";
      close();
      write();
    },
  };
  input.addEventListener("keydown", (event) => {
    const first = input.selectionEnd === 0;
    if (event.isComposing) return;
    if (first && ["Backspace", "ArrowLeft"].includes(event.key)) controls().at(-1)?.focus();
    else if (keys[event.key]) keys[event.key](event);
    else return event.key === "Tab" || mark(-1); // with Tab, the marked person is added when the focus leaves the field
    event.preventDefault();
  });
  input.addEventListener("input", () => {
    write();
    close();
    if (/@.*[;,]\s*$/.test(input.value)) read(input.value);
    else timer = setTimeout(find, input.value && 250);
  });
  input.addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    if (!/[\n@;]/.test(pasted)) return;
    event.preventDefault();
    read(input.value.slice(0, input.selectionStart) + pasted + input.value.slice(input.selectionEnd));
  });
  chips.addEventListener("focusin", ({ target }) => rove(target));
  chips.addEventListener("keydown", (event) => {
    const all = controls();
    const i = all.indexOf(event.target);
    const to = { ArrowLeft: all[i - 1] ?? all[0], ArrowRight: all[i + 1] ?? input, Home: all[0], End: all.at(-1) }[event.key];
    if (to) to.focus();
    else if (/Delete|Backspace/.test(event.key)) take(event.target.closest("li"));
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
  list.addEventListener("click", ({ target }) => target.id && choose([...list.children].indexOf(target)));
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (box.contains(relatedTarget) || document.activeElement === input) return; // the focus stays in the field, or the whole window has lost it
    enter();
    close();
  });
  const refill = () => {
    if (lines.value === written) return;
    written = lines.value;
    chips.replaceChildren();
    if (written) read(written);
  };
  lines.addEventListener("input", refill);
  addEventListener("pageshow", refill);

  // The chips show the problems of their people, so the list above need not repeat them.
  for (const person of JSON.parse(people)) {
    chips.append(chip(person));
    for (const p of box.parentElement.querySelectorAll(":scope > .error p")) if (text(p) === person.error) p.remove();
  }
  rove();
  input.setAttribute("aria-describedby", lines.getAttribute("aria-describedby"));
  [lines.id, input.id] = ["lines", lines.id]; // labels and links lead to the combobox
  box.hidden = false;
  const offer = () => input.value || list.hidden && find();
  requestAnimationFrame(() => {
    if (lines.autofocus) {
      scrollTo(0, 0); // the browser may have scrolled to the text area before this script hid it
      input.focus(); // the browser does not focus a hidden text area
    }
    input.addEventListener("focus", offer); // the list must not open when the page has just been opened
  });
  input.addEventListener("click", offer);
  input.parentElement.addEventListener("click", ({ target }) => target.matches("div") && input.focus());
});
