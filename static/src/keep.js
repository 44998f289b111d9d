import { changed, each, named, signedInAs } from "./helpers.js";

// When somebody goes back, Chromium reloads a page whose script has sent a request, and
// the typed text would be lost. The history entry therefore keeps the text for the person
// who typed it.
each("#form", (form) => {
  const fields = [...form.elements].filter((el) => el.name && el.matches("textarea, select, input:not([type=hidden], [type=radio], [type=file])"));
  const { whose, typed } = history.state ?? {};
  addEventListener("pagehide", () => history.replaceState({ whose: signedInAs, typed: Object.fromEntries(fields.map((el) => [el.name, el.value])) }, ""));
  if (whose !== signedInAs || performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  for (const el of fields) el.value = typed[el.name] ?? el.value;
  for (const el of named("time_zone", "lines")) if (el) changed(el);
});
