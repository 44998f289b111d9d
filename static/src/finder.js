import { each, get, named } from "./helpers.js";

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
