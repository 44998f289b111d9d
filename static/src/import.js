import { each } from "./helpers.js";

// Shows the progress of an import whenever the server sends it. Screen readers announce
// only every 10 percent.
each("[data-events]", (part) => {
  const said = document.getElementById("said");
  const events = new EventSource(part.dataset.events);
  events.onmessage = ({ data }) => {
    const next = new DOMParser().parseFromString(data, "text/html").querySelector("[data-events]");
    if (next.dataset.state !== part.dataset.state) return location.reload();
    if (next.dataset.tenths !== part.dataset.tenths) said.textContent = next.querySelector("strong").textContent;
    part.replaceWith(next);
    part = next;
  };
});
