import { each, get, named } from "./helpers.js";

// A colleague's meeting for the ticket appears in a card below the field. HTML does not
// allow forms inside another form, so the script inserts the card. The card does not
// appear during a click, because it would move the button that is being pressed.
each("input[data-guard]", (ticket) => {
  const [card, organizer] = named("guard", "organizer");
  if (!card) return;
  const create = ticket.form.querySelector(".sheet-end .primary");
  let asked = "";
  let released;
  addEventListener(
    "pointerdown",
    () => {
      released = new Promise((done) => {
        for (const event of ["pointerup", "pointercancel"]) addEventListener(event, () => setTimeout(done), { once: true }); // after the click
      });
    },
    true,
  );
  const ask = async () => {
    const id = ticket.value.trim();
    const query = String(new URLSearchParams({ external_id: id, organizer: organizer?.value ?? "" }));
    if (query === asked) return;
    asked = query;
    card.replaceChildren();
    const html = id && (await get(ticket.dataset.guard, query));
    await released;
    if (asked !== query) return; // the ticket changed in the meantime
    if (html) card.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.children);
    else if (html === undefined) asked = ""; // so that the desk is asked again when the field loses focus
    if (html) document.activeElement.scrollIntoView({ block: "nearest" }); // the card may have moved the focused element out of sight
    const isQuiet = !!card.querySelector(".primary"); // a page has only one primary button
    create?.classList.replace(...(isQuiet ? ["primary", "quiet"] : ["quiet", "primary"]));
  };
  card.addEventListener("click", ({ target }) => {
    if (!target.dataset.ticket) return;
    ticket.value = target.dataset.ticket;
    ask();
    ticket.focus();
  });
  for (const event of ["change", "blur"]) ticket.addEventListener(event, ask);
  organizer?.addEventListener("change", ask);
  if (!document.querySelector(".guard")) ask(); // the page came with a ticket, and does not show the card yet
});
