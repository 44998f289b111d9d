import { signedInAs } from "./helpers.js";

// Browsers keep whole pages for the Back button. Before such a page is shown again, the
// server must confirm the session, because a sign-out at Microsoft ends the session
// without changing a cookie. A busy or restarting server is asked again.
const stillHere = async () => {
  const path = "/auth/session?signed_in_as=" + encodeURIComponent(signedInAs);
  const { status } = await fetch(path, { redirect: "error" }).catch(() => ({}));
  if (status === 200) document.documentElement.hidden = false;
  else if (status === 429 || status > 500) setTimeout(stillHere, 1000);
  else location.replace("/");
};
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || !signedInAs) return;
  document.documentElement.hidden = true;
  stillHere();
});
