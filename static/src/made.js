import { each, get } from "./helpers.js";

// The server writes the summary of the meeting, because it has the translations and the
// time zone rules.
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
