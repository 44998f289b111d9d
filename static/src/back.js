import { signedInAs } from "./helpers.js";

// Browsers keep whole pages for the Back button. The server must confirm the session
// first, because a sign-out at Microsoft ends it without changing a cookie.
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted || !signedInAs) return;
  document.documentElement.hidden = true;
  const path = "/auth/session?signed_in_as=" + encodeURIComponent(signedInAs);
  const response = await fetch(path, { redirect: "error" }).catch(() => ({}));
  if (response.status === 200) document.documentElement.hidden = false;
  else location.replace("/");
});
