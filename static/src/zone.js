import { changed, each, named } from "./helpers.js";

// Selects the browser's zone if the person has chosen none, or offers it if theirs is
// different. Unlisted zones ("Etc/Unknown") are ignored.
each("#time_zone", (zone) => {
  const shown = document.querySelector("[data-zone]"); // only the meeting form has this element
  if (shown) zone.addEventListener("input", () => (shown.textContent = zone.value));
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
      zone.closest("details").querySelector("summary").focus();
    };
  }
});
