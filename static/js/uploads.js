// Files of a form, with scripts: each goes at once, in a row of its own, and goes on after a loss of connection or a
// reload. The protocol is tus; whatever has come is a hidden field of the form. If the library does not load, the
// plain field stays what it is without scripts.
const AT_ONCE = 3;
const CHUNK = 4 * 2 ** 20; // proxies hold back a whole request: what has come must not wait for the rest of the file
const SMALL = 2 ** 18; // comes with its beginning; of a larger file the address has to be known before the line breaks
const DELAYS = [0, 1000, 3000, 5000];
const LATER = 15000;
const PENDING = ["queued", "coming", "waiting"];
const PASSING = [0, 409, 423, 500, 502, 503, 504]; // no answer, or one that another attempt may better

const jobs = new Map(); // the row of each file that was chosen on this page
const held = new Map(); // the button of each form that waits for its files
const fields = () => document.querySelectorAll("[data-files]");
const formOf = (field) => field.closest("form");
const rowsOf = (field) => field.querySelector("[data-rows]");
const pending = (form) => [...jobs.values()].filter((job) => formOf(job.field) === form && PENDING.includes(job.state));
const headers = (form) => ({ "X-CSRF-Token": form.elements.csrf_token?.value ?? "", "HX-Request": "true" });

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function size(bytes) {
  const units = { style: "unit", unit: bytes < 2 ** 20 ? "kilobyte" : "megabyte", maximumFractionDigits: bytes < 10 * 2 ** 20 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, units).format(bytes / (bytes < 2 ** 20 ? 1024 : 2 ** 20));
}

function announce(words) {
  document.getElementById("said").textContent = words;
}

// What a reload would lose: which uploads belong to the form of this address. Contents are never kept here.
function remembered(form) {
  return JSON.parse(sessionStorage.getItem(`uploads ${form.getAttribute("action")}`) ?? "[]");
}
function remember(form, places) {
  sessionStorage.setItem(`uploads ${form.getAttribute("action")}`, JSON.stringify([...new Set(places)]));
}
function forget(form, place) {
  remember(form, remembered(form).filter((each) => each !== place));
}

// A row, and what it says.
function show(job, state, sentence) {
  const { row, file } = job;
  job.state = state;
  const percent = file.size ? Math.floor((100 * job.come) / file.size) : 0;
  const words = sentence ?? fill(row.dataset[state], { percent, size: size(file.size), name: file.name });
  row.querySelector(".state span").textContent = words;
  row.dataset.tone = { failed: "bad", waiting: "warn" }[state] ?? "info";
  row.querySelector("progress").value = percent;
  row.querySelector("progress").hidden = state === "failed";
  row.querySelector("[data-retry]").hidden = state !== "failed" || Boolean(sentence);
  if (state !== "coming") announce(`${file.name}: ${words}`);
}

function newRow(field, file) {
  const row = field.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const named of row.querySelectorAll("[aria-label]")) named.ariaLabel = fill(named.ariaLabel, { name: file.name });
  row.querySelector(".name").textContent = file.name;
  return row;
}

// What the browser itself can show of the file; for a kind that it cannot show the icon stays.
function imageOf(file) {
  return Object.assign(new Image(), { alt: "", src: URL.createObjectURL(file) });
}

function picture(row, image) {
  const place = row.querySelector(".photo");
  image?.decode().then(() => { place.replaceChildren(image); delete place.dataset.empty; }, () => {});
}

function rowFrom(html) {
  const shell = document.createElement("template");
  shell.innerHTML = html;
  return shell.content.querySelector("[data-upload]");
}

// A file on its way.
function add(field, file) {
  const image = file.type.startsWith("image/") ? imageOf(file) : null;
  const job = { field, file, image, row: newRow(field, file), come: 0 };
  jobs.set(job.row, job);
  rowsOf(field).append(job.row);
  picture(job.row, image);
  job.upload = new tus.Upload(file, options(job));
  show(job, "queued");
}

// By this the browser knows a file again, after days too: hashed, because the address of a form may hold a token.
async function fingerprint(form, { name, type, size, lastModified }) {
  const known = [form.getAttribute("action"), name, type, size, lastModified].join("|");
  const hash = await globalThis.crypto.subtle?.digest("SHA-256", new TextEncoder().encode(known));
  return hash ? `otklik-${[...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}` : null;
}

function options(job) {
  const form = formOf(job.field);
  const status = (error) => error.originalResponse?.getStatus() ?? 0;
  const passing = (error) => PASSING.includes(status(error));
  return {
    endpoint: new URL("/uploads", location.href).href,
    chunkSize: CHUNK,
    retryDelays: DELAYS,
    removeFingerprintOnSuccess: true,
    uploadDataDuringCreation: job.file.size <= SMALL,
    headers: headers(form),
    metadata: { filename: job.file.name, key: form.elements.key.value },
    fingerprint: (file) => fingerprint(form, file),
    onUploadUrlAvailable: () => remember(form, [...remembered(form), job.upload.url]),
    onProgress: (come) => { job.come = come; if (PENDING.includes(job.state)) show(job, "coming"); },
    onShouldRetry: (error) => { if (passing(error)) show(job, "waiting"); return passing(error); },
    onSuccess: () => settle(job),
    onError: (error) => {
      if (passing(error)) return later(job, () => job.upload.start());
      const plain = error.originalResponse?.getHeader("Content-Type")?.startsWith("text/plain");
      fail(job, plain ? error.originalResponse.getBody() : undefined);
    },
  };
}

function next() {
  const running = [...jobs.values()].filter((job) => ["coming", "waiting"].includes(job.state)).length;
  const queue = [...jobs.values()].filter((job) => job.state === "queued");
  for (const job of queue.slice(0, Math.max(0, AT_ONCE - running))) begin(job);
}

async function begin(job) {
  show(job, "coming");
  if (job.upload.url) return job.upload.start(); // tried once more
  const [before] = await job.upload.findPreviousUploads().catch(() => []);
  if (before && (await moved(job, before.uploadUrl).catch(() => null))) {
    rowsOf(job.field).querySelector(`[data-upload="${new URL(before.uploadUrl).pathname}"]`)?.remove();
    job.upload.resumeFromPreviousUpload(before);
  } else if (before) tus.defaultOptions.urlStorage.removeUpload(before.urlStorageKey);
  if (jobs.has(job.row)) job.upload.start();
}

function later(job, again) {
  show(job, "waiting");
  const go = () => { removeEventListener("online", go); clearTimeout(timer); if (jobs.has(job.row)) again(); };
  const timer = setTimeout(go, LATER);
  addEventListener("online", go);
}

// Tell the portal to which form the file belongs now, and get its row; null when it is gone.
async function moved({ field }, place) {
  const form = formOf(field);
  const body = new URLSearchParams({ key: form.elements.key.value });
  const answer = await fetch(`${place}/form`, { method: "POST", body, headers: headers(form) });
  if (PASSING.includes(answer.status)) throw new Error(answer.statusText);
  return answer.ok ? rowFrom(await answer.text()) : null;
}

async function settle(job) {
  let row;
  try { row = await moved(job, job.upload.url); }
  catch { return later(job, () => settle(job)); }
  if (!row) return fail(job);
  job.row.replaceWith(row);
  if (row.dataset.tone === "ok") picture(row, job.image);
  jobs.delete(job.row);
  announce(row.dataset.tone === "ok" ? fill(job.row.dataset.saidDone, { name: job.file.name }) : row.textContent);
  proceed(formOf(job.field), row.dataset.tone === "ok" ? "" : job.row.dataset.stopped);
}

function fail(job, sentence) {
  show(job, "failed", sentence);
  proceed(formOf(job.field), job.row.dataset.stopped);
}

function remove(row) {
  const field = row.closest("[data-files]");
  const form = formOf(field);
  const job = jobs.get(row);
  jobs.delete(row);
  if (job) job.upload.abort(true).catch(() => {}); // what the portal does not hear of is swept in a day
  else fetch(row.dataset.upload, { method: "DELETE", headers: { ...headers(form), "Tus-Resumable": "1.0.0" } }).catch(() => {});
  forget(form, job ? job.upload.url : new URL(row.dataset.upload, location.href).href);
  const words = field.querySelector("template").content.firstElementChild.dataset.saidRemoved;
  announce(fill(words, { name: row.querySelector(".name").textContent }));
  row.remove();
  field.querySelector("input[type=file]").focus();
  proceed(form, "");
}

// A form is held while its files come, and goes when the last of them has come; if one could not, it stays.
function hold(event) {
  const button = event.target.closest?.("button:not([type=button])");
  const form = button?.form;
  const left = form ? pending(form).length : 0;
  if (!left) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.set(form, button);
  tell(form);
}

function tell(form, sentence = "") {
  const job = pending(form)[0];
  const words = held.has(form) && job ? fill(job.row.dataset.held, { count: pending(form).length }) : sentence;
  for (const line of form.querySelectorAll("[data-told]")) line.textContent = words;
}

function proceed(form, trouble) {
  next();
  if (!held.has(form)) return;
  if (trouble) held.delete(form);
  tell(form, trouble);
  if (!held.has(form) || pending(form).length) return;
  const button = held.get(form);
  held.delete(form);
  button.click();
}

// After a swap the same form stands there anew: what is on its way goes on into it.
function adopt() {
  for (const job of [...jobs.values()].filter(({ row }) => !row.isConnected)) {
    const action = formOf(job.field)?.getAttribute("action");
    const field = [...fields()].find((each) => formOf(each).getAttribute("action") === action);
    if (field) rowsOf((job.field = field)).append(job.row);
    else { jobs.delete(job.row); job.upload.abort(); }
  }
}

// After a reload the page asks for the files that it had: whole ones are there, others wait to be chosen once more.
async function restore(field) {
  const form = formOf(field);
  for (const place of remembered(form)) {
    if ([...jobs.values()].some((job) => job.upload.url === place)) continue;
    const row = await moved({ field }, place).catch(() => undefined);
    if (row === null) forget(form, place);
    const id = row?.querySelector("[name=uploads]")?.value;
    if (row && !(id && form.querySelector(`[name=uploads][value="${id}"]`))) rowsOf(field).append(row);
  }
}

async function start() {
  adopt();
  for (const field of fields()) {
    if (field.dataset.started) continue;
    field.dataset.started = "yes";
    await import(field.dataset.tus).catch(() => {});
    await restore(field);
    field.dataset.started = "ready";
  }
}

function take(input) {
  const field = input.closest("[data-files]");
  const line = field.querySelector("[data-chosen]");
  const chosen = [...input.files];
  if (!window.tus) {
    line.textContent = chosen.length ? fill(line.dataset.chosen, { names: chosen.map(({ name }) => name).join(", ") }) : "";
    return;
  }
  for (const file of chosen) add(field, file);
  input.value = ""; // they go by themselves, and not once more with the form
  next();
}

addEventListener("change", ({ target }) => { if (target.matches("[data-files] input[type=file]")) take(target); });
addEventListener("click", hold, true);
addEventListener("click", ({ target }) => {
  const button = target.closest("[data-remove], [data-retry]");
  if (!button) return;
  const row = button.closest(".file");
  if (button.matches("[data-remove]")) return remove(row);
  show(jobs.get(row), "queued");
  next();
});
document.addEventListener("htmx:after:swap", start);
start();
