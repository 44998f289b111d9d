import { get, signedInAs } from "./helpers.js";

// Browsers keep whole pages for the Back button. Such a page is shown only after the
// server confirms the session. A sign-out at Microsoft ends it without changing a cookie.
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted || !signedInAs) return;
  document.documentElement.hidden = true;
  if (await get("/auth/session", "")) document.documentElement.hidden = false;
  else location.replace("/");
});
