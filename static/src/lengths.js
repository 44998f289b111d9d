import { changed, each, named } from "./helpers.js";

// When the start changes, the end moves by the same amount. Local times are handled as if
// they were UTC.
each("[data-lengths]", (lengths) => {
  const [date, start, end, endDate, zone] = named("date", "start", "end", "end_date", "time_zone");
  const from = () => Date.parse(`${date.value}T${start.value}Z`);
  const length = () => Date.parse(`${endDate.value || date.value}T${end.value}Z`) - from();
  let later = !!endDate.value; // whether there is an end date that the person has not typed
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
    putEnd(target.value * 6e4); // NaN if the click was between two buttons
    changed(end);
  };
  lengths.hidden = false;
  addEventListener("pageshow", press);
});
