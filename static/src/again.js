import { each } from "./helpers.js";

// Loads a page again as soon as the outcome it waits for is there. A page that only
// changes then does not disturb a screen reader.
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
