// The words of a message outlive a reload, by hand or by a phone that had no memory for the page: in this tab, of this
// person, until they are sent. Where the portal gives the form other words than before (a draft, a correction), these
// go first.

const NAMES = ["text", "address", "latitude", "longitude", "topic", "consent"];
const form = () => document.getElementById("message-form");
const place = () => form().dataset.kept;

function words() {
  const typed = new FormData(form());
  return Object.fromEntries(NAMES.map((name) => [name, typed.get(name) ?? ""]));
}

// As the portal gave them, whatever the browser has filled in by itself since.
function given() {
  const fields = [...form().elements].filter(({ name, type }) => NAMES.includes(name) && type !== "hidden");
  const chosen = fields.filter(({ type, defaultChecked }) => type !== "radio" || defaultChecked);
  return JSON.stringify(chosen.map(({ name, type, value, defaultValue }) => [name, type === "radio" ? value : defaultValue]));
}

const first = form() && given();
let sending = false;

function keep() {
  try { sessionStorage.setItem(place(), JSON.stringify({ first, words: words() })); } catch { /* it keeps nothing */ }
}
function kept() {
  try { return JSON.parse(sessionStorage.getItem(place())); } catch { return null; }
}
function forget(which) {
  try { for (const each of Object.keys(sessionStorage)) if (which(each)) sessionStorage.removeItem(each); } catch { /* nothing was kept */ }
}

function restore(before) {
  for (const field of form().elements) {
    const value = before[field.name];
    if (value === undefined) continue;
    if (field.type !== "radio") field.value = value;
    else if (field.value === value) {
      field.checked = true;
      const category = field.closest("details");
      if (category) category.open = true;
    }
    if (field instanceof HTMLTextAreaElement) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const line = before.latitude && form().querySelector("[data-found]");
  if (line) line.textContent = line.dataset.found;
}

const typing = ({ target }) => { if (!sending && form()?.contains(target)) keep(); };
addEventListener("input", typing);
addEventListener("change", typing);
// What is on its way is kept no longer, unless it comes back: refused, or never sent because the line broke.
addEventListener("submit", ({ target }) => {
  if (target !== form()) return;
  sending = true;
  forget((each) => each === place());
});
for (const back of ["htmx:after:swap", "htmx:error"])
  document.addEventListener(back, () => {
    if (!form() || !sending) return;
    sending = false;
    keep();
  });

if (form()) {
  const ofThisPerson = place().split(" ", 2).join(" ");
  forget((each) => each.startsWith("words ") && !each.startsWith(`${ofThisPerson} `));
  const before = kept();
  if (before?.first === first) restore(before.words);
}
