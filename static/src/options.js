import { each } from "./helpers.js";

// The summary of the collapsed options shows their current values.
each("[data-options]", (options) => {
  const line = options.querySelector("[data-summary]");
  options.addEventListener("input", () => {
    const parts = [...options.querySelectorAll("select, input")].filter((el) => el.value).map((el) => `${el.labels[0].textContent}: ${el.selectedOptions?.[0].textContent ?? el.value}`);
    line.textContent = parts.join(" · ") || options.dataset.options;
  });
});
