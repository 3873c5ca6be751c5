// The words of a message outlive a reload, by hand or by a phone that had no memory for the page: in this tab, until
// they are sent. Where the portal gives the form other words than before (a draft, a correction), these go first.

const NAMES = ["text", "address", "latitude", "longitude", "topic", "consent"];
const form = () => document.getElementById("message-form");
const place = () => `words ${form().getAttribute("action")}`;
const words = () => {
  const typed = new FormData(form());
  return Object.fromEntries(NAMES.map((name) => [name, typed.get(name) ?? ""]));
};
const given = form() && JSON.stringify(words());

function keep() {
  try { sessionStorage.setItem(place(), JSON.stringify({ given, words: words() })); } catch { /* it keeps nothing */ }
}

function kept() {
  try { return JSON.parse(sessionStorage.getItem(place())); } catch { return null; }
}

function restore(before) {
  for (const [name, value] of Object.entries(before)) {
    const field = form().elements[name];
    if (!field || !value) continue;
    field.value = value;
    // Of several, the one that was chosen, with its category open.
    const chosen = form().querySelector(`[name="${name}"]:checked`);
    if (chosen?.closest("details")) chosen.closest("details").open = true;
    if (field instanceof HTMLTextAreaElement) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const line = before.latitude && form().querySelector("[data-found]");
  if (line) line.textContent = line.dataset.found;
}

const typing = ({ target }) => { if (form()?.contains(target)) keep(); };
addEventListener("input", typing);
addEventListener("change", typing);
// What is on its way is kept no longer, unless it comes back: refused, or never sent because the line broke.
addEventListener("submit", ({ target }) => { if (target === form()) sessionStorage.removeItem(place()); });
for (const back of ["htmx:after:swap", "htmx:error"]) document.addEventListener(back, () => { if (form()) keep(); });

const before = form() && kept();
if (before?.given === given) restore(before.words);
