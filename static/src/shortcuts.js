import { each, named } from "./helpers.js";

// Pressing a key acts on the element whose data-key names it: a field gets the focus, and
// any other element is clicked. People who dictate can turn the keys off (WCAG 2.1.4).
// The browser remembers the choice.
each("#shortcuts", (dialog) => {
  const [use, list] = named("use-shortcuts", "list-shortcuts");
  try {
    use.checked = localStorage.getItem("shortcuts") !== "off";
  } catch {} // the browser stores nothing: the choice lasts as long as the page
  use.addEventListener("change", () => {
    try {
      localStorage.setItem("shortcuts", use.checked ? "on" : "off");
    } catch {}
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  list.hidden = false;
  list.addEventListener("click", () => dialog.showModal());
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!use.checked || dialog.open || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || target.closest?.("input, select, textarea, [contenteditable]")) return;
    const el = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!el || (key === "c" && document.getElementById("form"))) return; // do not leave a form that is being filled in
    event.preventDefault();
    el.focus();
    if ("select" in el) el.select();
    else el.click();
  });
});
