import { signedInAs } from "./helpers.js";

// Browsers keep whole pages for the Back button. Before such a page is shown again, the
// server must confirm the session, because a sign-out at Microsoft ends the session
// without changing a cookie.
addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted || !signedInAs) return;
  document.documentElement.hidden = true;
  const path = "/auth/session?signed_in_as=" + encodeURIComponent(signedInAs);
  const response = await fetch(path, { redirect: "error" }).catch(() => ({}));
  if (response.status === 200) document.documentElement.hidden = false;
  else location.replace("/");
});
