import { changed, each, get, named } from "./helpers.js";

// The server determines what a preset fills in. Text that the person types in the meantime
// is kept.
each("[data-preset]", (preset) => {
  const { form } = preset;
  const [ticket, ...filled] = named("external_id", "end_date", "end", "lobby");
  let asked;
  const fill = async () => {
    const sent = new URLSearchParams(new FormData(form));
    sent.delete("attendees");
    asked = sent;
    const values = await get(preset.dataset.preset, sent);
    if (asked !== sent || !values) return;
    for (const [name, value] of new URLSearchParams(values)) {
      const el = form.elements[name];
      if (el?.value === sent.get(name)) el.value = value;
    }
    if (filled[0].value) filled[0].closest("details").open = true;
    filled.forEach(changed);
  };
  for (const el of [preset, ticket]) el.addEventListener("change", fill);
});
