// Keys: what carries `data-key` is reached by it, and the list of keys is made from what carries one here, so it names no other.
// A key opens a decision, follows a link, goes into a field, or stands on the button of a form, which Enter then presses: no
// single key does what cannot be undone. `data-does` names something else to do. Letters are places on the keyboard, the same
// in every layout.
const dialog = document.getElementById("keys");
const FIELDS = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=file], [type=submit], [type=button])";
const PLACES = { Slash: "/", Period: "." };
const SEQUENCE = 1500;
let first = ""; // of two keys
let forgetting;

const visible = (element) => element?.checkVisibility();
const usable = (element) => !element.disabled && (visible(element) || element.closest(".menu"));
const links = () => [...document.querySelectorAll("[data-listed] > [id]")].map((row) => row.querySelector("a[href]")).filter(visible);
const current = (among) => among.find((link) => link.parentElement.contains(document.activeElement)) ?? among.find((link) => link.matches("[aria-current]"));
const keyed = () => [...document.querySelectorAll("[data-key]")].filter(usable);

function stand(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}
function step(by) {
  const among = links();
  const at = among.indexOf(current(among));
  stand(among[at < 0 ? 0 : Math.min(Math.max(at + by, 0), among.length - 1)]);
}

const DOES = {
  next: () => step(1),
  previous: () => step(-1),
  open: () => (current(links()) ?? links()[0])?.click(),
  back: () => stand(links().find((link) => link.matches("[aria-current]")) ?? links()[0]),
  press: (element) => element.click(),
  help,
};

function act(element) {
  if (element.dataset.does) DOES[element.dataset.does](element);
  else if (element.matches("summary")) {
    element.parentElement.open = true;
    stand(element.parentElement.querySelector("[data-first]") ?? element.parentElement.querySelector("textarea, select, input:not([type=hidden])") ?? element);
  } else if (element.matches("a")) element.click();
  else stand(element);
}

// Its own words, without the number beside them.
function named(element) {
  const own = [...(element.labels?.[0] ?? element).childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  return element.getAttribute("aria-label") ?? own.map(({ data }) => data).join(" ").trim();
}

function help() {
  const list = dialog.querySelector("dl");
  const rows = new Map();
  for (const element of keyed()) {
    if (!rows.has(element.dataset.key)) rows.set(element.dataset.key, named(element));
  }
  list.replaceChildren();
  for (const [key, name] of rows) {
    const [dt, dd] = ["dt", "dd"].map((tag) => list.appendChild(document.createElement(tag)));
    for (const part of key.split(" ")) dt.appendChild(document.createElement("kbd")).textContent = part;
    dd.textContent = name;
  }
  dialog.showModal();
}

// The key that was pressed, as the pages write it.
function pressed(event) {
  if (event.key === "Escape") return "Escape";
  if (event.key === "?" || (event.shiftKey && event.code === "Slash")) return "?";
  if (event.shiftKey) return "";
  if (document.activeElement?.closest("[data-listed]") && /^Arrow(Down|Up)$/.test(event.key)) return event.key === "ArrowDown" ? "j" : "k";
  return PLACES[event.code] ?? /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase() ?? "";
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
  const key = pressed(event);
  if (event.target.matches?.(FIELDS)) {
    // Out of a field one comes to where keys are heard again.
    if (key === "Escape") { stand(document.getElementById("case-title") ?? document.getElementById("main")); event.preventDefault(); }
    return;
  }
  const among = keyed();
  const element = among.find((each) => each.dataset.key === (first ? `${first} ${key}` : key));
  clearTimeout(forgetting);
  first = !first && key && among.some((each) => each.dataset.key.startsWith(`${key} `)) ? key : "";
  forgetting = setTimeout(() => { first = ""; }, SEQUENCE);
  if (!element) return;
  event.preventDefault();
  act(element);
});

addEventListener("click", (event) => {
  const button = event.target.closest("button[data-does=help]");
  if (button) help();
});
