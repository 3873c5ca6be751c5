// What every page does when scripts run: buttons that are busy, trouble that is shown and goes, menus that close.
const trouble = document.getElementById("trouble");

// A second click on "send" is harmless (the form has a key), but the button says that the first was heard.
addEventListener("submit", (event) => {
  if (!event.target.matches("[data-view]")) event.submitter?.setAttribute("aria-busy", "true");
});
for (const end of ["htmx:finally:request", "pageshow"])
  addEventListener(end, () => {
    for (const button of document.querySelectorAll('.btn[aria-busy="true"]')) button.removeAttribute("aria-busy");
  });

// What was typed and is kept on this device until it is saved (saving.js) goes with whoever signs out.
addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") !== "/sign-out") return;
  for (const store of ["localStorage", "sessionStorage"])
    try {
      for (const place of Object.keys(window[store])) if (place.startsWith("words ")) window[store].removeItem(place);
    } catch { /* a browser that keeps nothing has nothing to forget */ }
});

document.addEventListener("htmx:before:request", () => trouble.replaceChildren());
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.response) return; // the server answered, and its own words are shown
  trouble.replaceChildren(document.getElementById("no-connection").content.cloneNode(true));
});

// An open menu closes on Escape (the focus goes back to its button) and on a click elsewhere.
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

// Before and after, one over the other: the slider says how much of the upper one is seen.
addEventListener("input", (event) => {
  if (event.target.matches("[data-compares]")) event.target.parentElement.style.setProperty("--shown", `${event.target.value}%`);
});

// What a page asks by itself keeps nobody signed in: an official is signed out after half an hour without a press.
const PRESSED = ["click", "submit", "input", "change", "toggle"];
document.addEventListener("htmx:config:request", ({ detail }) => {
  if (!PRESSED.includes(detail.ctx.sourceEvent?.type)) detail.ctx.request.headers["Asked-By-Itself"] = "yes";
});
