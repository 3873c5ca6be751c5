// What one reads does not move. Of a list that comes anew because of some news, the rows on the screen are brought up to
// date where they stand, those that have left it stay and say so, and new ones wait behind a button.
let before; // the rows that stood there when the button was pressed

const listed = () => document.querySelector("[data-listed]");
const rowsOf = (list) => [...(list?.children ?? [])].filter(({ id }) => id);
const wait = () => document.querySelector("[data-show]:not([hidden])");

function hold(fresh, button) {
  const shown = listed();
  if (shown?.dataset.listed !== fresh.dataset.listed) return;
  const coming = new Map(rowsOf(fresh).map((row) => [row.id, row]));
  const opened = fresh.querySelector("[aria-current]");
  let gone = false;
  const stay = (old) => {
    const row = old.id && coming.get(old.id);
    if (coming.delete(old.id)) return row;
    const kept = old.cloneNode(true);
    if (!old.id) return kept;
    gone = true;
    kept.dataset.gone = button.dataset.gone;
    if (opened) kept.querySelector("[aria-current]")?.removeAttribute("aria-current");
    return kept;
  };
  fresh.replaceChildren(...[...shown.children].map(stay));
  const count = coming.size;
  const one = new Intl.PluralRules(document.documentElement.lang).select(count) === "one";
  button.hidden = !count && !gone;
  button.dataset.count = count;
  button.textContent = (count ? (one ? button.dataset.one : button.dataset.many) : button.dataset.tidy).replace("{count}", count);
}

// Only what came by itself, or by opening a row, leaves the list as it stands; whoever acts or asks gets it whole.
document.addEventListener("htmx:before:swap", ({ detail }) => {
  const source = detail.ctx.sourceElement;
  if (source?.closest("[data-show]")) before = new Set(rowsOf(listed()).map(({ id }) => id));
  if (!source?.closest("[data-holds]") || before) return;
  for (const { fragment } of detail.tasks) {
    const fresh = fragment?.querySelector?.("[data-listed]");
    if (fresh) hold(fresh, fragment.querySelector("[data-show]"));
  }
});

// The title of the page counts what waits, for whoever looks at another one.
let told = "";
document.addEventListener("htmx:finally:swap", () => {
  const count = Number(wait()?.dataset.count ?? 0);
  document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
  const words = count ? wait().textContent : "";
  if (words && words !== told) document.getElementById("said").textContent = words;
  told = words;
  if (!before) return;
  const fresh = rowsOf(listed()).filter(({ id }) => !before.has(id));
  before = undefined;
  for (const row of fresh) row.classList.add("fresh");
  (fresh[0] ?? listed())?.querySelector("a[href]")?.focus();
});
