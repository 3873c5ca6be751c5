// The words of an answer or a part are saved while somebody types: a moment after the last key, and when a field is
// left. Until the portal has them they are kept on this device, under the key of the form, and offered back later.
// Files go their own way (uploads.js), and a button that saves is never overtaken.
const PAUSE = 1500;
const LATER = 15000;
const PATIENCE = 10000; // of one saving: a line that is dead does not say so, and a button waits for it
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const AROUND = 40;
const PREFIX = "words "; // page.js forgets these with the sign-out
const NO_WORDS = ["csrf_token", "queue", "key", "version", "uploads", "dropped", "insists", "without_parts"];

let arrived = ""; // the place of a form that a button has sent
const states = new WeakMap(); // of each form: the words that the portal has, and what is going on
const lineOf = (form) => form?.querySelector("[data-saves]") ?? null;
const placeOf = (form) => lineOf(form).dataset.kept;
const forms = () => [...document.querySelectorAll("[data-saves]")].map((line) => line.closest("form"));
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(at);

function words(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NO_WORDS.includes(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, value.trim()]));
}
const written = (form) => JSON.stringify(words(form));

// What is kept on this device; a browser that keeps nothing for us still saves.
function keep(place, kept) {
  try { localStorage.setItem(place, JSON.stringify(kept)); } catch { /* full, or switched off */ }
}
function kept(place) {
  try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
}
function forget(place) {
  try { localStorage.removeItem(place); } catch { /* nothing was kept */ }
}
function forgetOld() {
  for (const place of Object.keys(localStorage))
    if (place.startsWith(PREFIX) && !(Date.now() - kept(place)?.at < KEPT_FOR)) forget(place);
}

function saying(form, which, at) {
  const piece = form.querySelector(`template[${which}]`).content.cloneNode(true);
  const texts = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace("{time}", clock(at));
  return piece;
}

// The line speaks politely, and only when it has something new to say.
function tell(form, piece) {
  const line = lineOf(form);
  if (line && line.textContent.trim() !== piece.textContent.trim()) line.replaceChildren(piece);
}
const warn = (form, name) => tell(form, saying(form, `data-told=${name}`, states.get(form).since ?? Date.now()));

function plan(form, pause) {
  const state = states.get(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(save, pause, form);
}

async function save(form) {
  const state = states.get(form);
  clearTimeout(state.timer);
  const now = written(form);
  // A form that has left the page keeps its words on this device: saved now, they would outdate the form that came after it.
  if (!form.isConnected || state.stopped || state.running || state.pressed || now === state.saved) return;
  state.running = true;
  const status = await sent(form).then((answer) => done(form, now, answer)).catch(() => 0);
  state.running = false;
  if (status !== 200) refused(form, status);
  const button = state.waiting;
  state.waiting = null;
  if (button) button.click();
  else if (status === 200 && written(form) !== now) plan(form, PAUSE);
}

function sent(form) {
  const body = new FormData();
  for (const [name, value] of [...new FormData(form)])
    if (["csrf_token", "key", "version"].includes(name) || name in words(form)) body.append(name, value);
  const headers = { "X-CSRF-Token": form.elements.csrf_token.value, "HX-Request": "true" };
  return fetch(lineOf(form).dataset.saves, {
    method: "POST", body, headers, keepalive: document.hidden, signal: AbortSignal.timeout(PATIENCE),
  });
}

// Whoever answers without a version is not the portal, but something on the way to it.
async function done(form, now, answer) {
  if (!answer.ok) return answer.status;
  const piece = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-version]");
  if (!piece) return 0;
  const state = states.get(form);
  form.elements.version.value = piece.dataset.version;
  state.saved = now;
  state.since = null;
  if (written(form) === now) forget(placeOf(form));
  tell(form, piece);
  return 200;
}

function refused(form, status) {
  const state = states.get(form);
  state.since ??= Date.now();
  const gone = { 401: "out", 403: "refused", 404: "gone", 409: "stale" }[status];
  state.stopped = Boolean(gone);
  warn(form, gone ?? ([413, 422].includes(status) ? "unfit" : "offline"));
  if (!gone && ![413, 422].includes(status) && form.isConnected) plan(form, LATER);
}

// What was kept and has not reached the portal, beside what the answer says now: the latest first, one at a time.
function offer(form, place) {
  const [old, ...others] = kept(place)?.all ?? [];
  if (!old) return forget(place);
  const decided = () => { keepAll(place, others); offer(form, place); };
  const piece = saying(form, "data-offer", old.at);
  const list = piece.querySelector("dl");
  const now = words(form);
  for (const name of new Set([...Object.keys(now), ...Object.keys(old.words)]))
    if ((now[name] ?? "") !== (old.words[name] ?? "")) list.append(...difference(form, name, now[name], old.words[name]));
  if (!list.childElementCount) return decided();
  form.prepend(piece);
  const block = form.querySelector("[data-offered]");
  document.getElementById("said").textContent = block.querySelector("b").textContent;
  const end = () => { block.remove(); decided(); form.querySelector("textarea").focus(); };
  block.querySelector("[data-take-back]").addEventListener("click", () => { takeBack(form, old.words); end(); });
  block.querySelector("[data-throw-away]").addEventListener("click", end);
}
const keepAll = (place, all) => keep(place, { at: all[0]?.at ?? Date.now(), all });

function difference(form, name, before = "", after = "") {
  const field = form.elements[name];
  const one = field instanceof RadioNodeList ? field[0] : field;
  const term = document.createElement("dt");
  term.textContent = (one?.type === "radio" ? one.closest("fieldset").querySelector("legend") : one?.labels?.[0])?.textContent ?? name;
  const [from, to] = [before, after].map((value) => shown(form, field, value).split(/(\s+)/));
  const least = Math.min(from.length, to.length);
  let start = 0;
  while (start < least && from[start] === to[start]) start += 1;
  let tail = 0;
  while (tail < least - start && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;
  const said = document.createElement("dd");
  const changed = (words) => words.slice(start, words.length - tail).join("");
  said.append(shortened(from.slice(0, start).join(""), -AROUND), marked("del", changed(from)), marked("ins", changed(to)),
    shortened(from.slice(from.length - tail).join(""), AROUND));
  return [term, said];
}

// Around what differs a few words are enough.
function shortened(text, most) {
  if (text.length <= AROUND) return text;
  return most < 0 ? `…${text.slice(most)}` : `${text.slice(0, most)}…`;
}

function marked(tag, text) {
  if (!text) return "";
  return Object.assign(document.createElement(tag), { textContent: text });
}

function shown(form, field, value) {
  if (field instanceof RadioNodeList) return [...field].find((each) => each.value === value)?.labels[0].querySelector("span").firstChild.data ?? "";
  if (field instanceof HTMLSelectElement) return [...field.options].find((each) => each.value === value)?.text ?? "";
  return value;
}

function takeBack(form, old) {
  for (const field of form.elements) {
    if (!field.name || NO_WORDS.includes(field.name) || ["hidden", "file", "submit", "checkbox"].includes(field.type)) continue;
    const value = old[field.name] ?? "";
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.value.trim() !== value) field.value = value;
    else continue;
    if (value) field.closest("details")?.setAttribute("open", "");
  }
  form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
}

function begin() {
  const quarrel = document.getElementById("collision") !== null;
  for (const form of forms()) {
    if (states.has(form)) clearTimeout(states.get(form).timer);
    // Beside what somebody else has saved, the words in the form wait for a press: nothing is written over unseen.
    states.set(form, { saved: written(form), stopped: quarrel });
    // A form that came back with faults was not saved, though it shows what was typed.
    if (quarrel || form.querySelector(".errsum, [data-offered]")) continue;
    const place = placeOf(form);
    const offered = `${place} offered`;
    // What is typed before these are decided on has a place of its own, and drops none of them.
    const all = [kept(place), ...(kept(offered)?.all ?? [])].filter(Boolean);
    forget(place);
    keepAll(offered, all);
    offer(form, offered);
  }
}

addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!lineOf(form) || NO_WORDS.includes(target.name)) return;
  keep(placeOf(form), { at: Date.now(), words: words(form) });
  plan(form, PAUSE);
});
addEventListener("focusout", ({ target, relatedTarget }) => {
  if (lineOf(target.form) && !relatedTarget?.matches?.("button")) save(target.form);
});
addEventListener("online", () => { for (const form of forms()) save(form); });
document.addEventListener("visibilitychange", () => { if (document.hidden) for (const form of forms()) save(form); });

// A button that sends the form waits for what is being saved just now, and then nothing else is saved until it is done.
addEventListener("click", (event) => {
  const button = event.target.closest?.("button:not([type=button])");
  const state = states.get(button?.form);
  if (!state) return;
  clearTimeout(state.timer);
  if (!state.running) { state.pressed = written(button.form); return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  state.waiting = button;
}, true);
document.addEventListener("htmx:after:request", ({ target, detail }) => {
  const form = target.form;
  const state = states.get(form);
  if (!state?.pressed || detail.ctx.response.status >= 400) return;
  if (written(form) === state.pressed) forget(placeOf(form));
  arrived = placeOf(form);
});
document.addEventListener("htmx:finally:request", ({ target }) => {
  const state = states.get(target.form);
  if (state) state.pressed = null;
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.target?.id !== "pane") return;
  // What was sent, and not only saved, is decided on: an older text is not offered any more.
  if (arrived && !forms().some((form) => placeOf(form) === arrived)) forget(`${arrived} offered`);
  arrived = "";
  begin();
});

try { forgetOld(); } catch { /* a browser that keeps nothing has nothing old */ }
begin();
