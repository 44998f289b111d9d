import { each } from "./helpers.js";

// Reloads the page once the outcome is available. The page does not change before that,
// so that it does not disturb screen readers.
each("[data-looks-again]", () => {
  const look = async () => {
    try {
      const response = await fetch(location.href, { redirect: "manual" });
      if (!(await response.text()).includes("data-looks-again")) return location.reload();
    } catch {}
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
});
