import { each } from "./helpers.js";

// Reloads the page once the outcome is available. Until then the page stays as it is, so
// that screen readers are not interrupted.
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
