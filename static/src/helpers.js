// Sets up a feature on each matching element. An error in one feature leaves the others
// working.
export const each = (selector, setUp) => {
  for (const el of document.querySelectorAll(selector)) {
    try {
      setUp(el);
    } catch (error) {
      console.error(error);
    }
  }
};

export const changed = (el) => el.dispatchEvent(new Event("input", { bubbles: true }));
export const text = (el) => ("value" in el ? el.value : el.textContent).trim();
export const named = (...ids) => ids.map((id) => document.getElementById(id));

// Sends a request as the person for whom the page was rendered. Returns the body, "" if
// the status is not 200, or undefined without a response. Requests use POST, because URLs
// are logged.
export const signedInAs = document.querySelector("[name=signed_in_as]")?.value ?? "";
export const get = async (path, sent) => {
  try {
    const body = new URLSearchParams(sent);
    body.set("signed_in_as", signedInAs);
    const response = await fetch(path, { redirect: "error", method: "POST", body });
    return response.status === 200 ? await response.text() : "";
  } catch {}
};
