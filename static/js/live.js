// Live news: one stream for all pages that a person has open in one browser, which allows itself six connections to a place.
// The page that holds the lock listens and passes on what it hears. Names that come become events of the body, and each
// part of a page asks for itself. Where no stream can be had, pages that are looked at ask twice a minute.
const light = document.getElementById("live");
const words = light.querySelector("span");
const name = `live-${light.dataset.who}`;
const ahead = Date.now() - light.dataset.since; // of the clock of the server
const SILENCE = 40_000; // the server gives a sign every fifteen seconds
const POLL = 30_000;
const FAILURES = 3;
const BURST = 400;
const BACKGROUND = 10_000;
const HOUR = 3_600_000;

let place = `${light.dataset.since}-0`; // up to which this page has heard everything
let source; // of the page that listens
let again, polling, silence, resting;
let failures = 0;
let deaf = false;
let due = new Set();

function show(state) {
  const tone = state === "on" ? "ok" : "warn";
  if (!words || light.dataset.tone === tone) return;
  const news = tone === "warn" || light.dataset.tone === "warn";
  light.dataset.tone = tone;
  words.textContent = light.dataset[state];
  if (news) document.getElementById("said").textContent = words.textContent;
}

// At once; what comes within a moment after that comes together, and a page in the background takes its time.
function flush() {
  resting = due.size ? setTimeout(flush, document.hidden ? BACKGROUND : BURST) : undefined;
  const names = due;
  due = new Set();
  for (const each of names) document.body.dispatchEvent(new CustomEvent(each));
}

// A sign of the server, heard here or by the page that listens: place, names, state, and whether nobody has told it.
function hear(sign) {
  clearTimeout(silence);
  silence = setTimeout(silent, SILENCE);
  deaf = false;
  place = sign.place ?? place;
  show(sign.state);
  if (sign.polled && document.hidden) return;
  for (const each of sign.names ?? []) due.add(each);
  if (!resting) flush();
}

const others = new BroadcastChannel(name);
let met = false; // the page that listens has told this one how far it is
others.onmessage = ({ data }) => {
  if (data.place && !met) {
    met = true;
    // What came between the rendering of this page and its first sign was told to the others only.
    if (after(data.place, place)) for (const each of ["again", "news"]) due.add(each);
  }
  hear(data);
};
function after(one, other) {
  const [[moment, nth], [before, last]] = [one, other].map((each) => each.split("-").map(Number));
  return moment > before || (moment === before && nth > last);
}
function pass(sign) {
  hear(sign);
  others.postMessage(sign);
}

// Nothing for too long: the line is dead, or the page that listens has been put to sleep with its lock.
function silent() {
  deaf = true;
  if (source) failed();
  else if (!document.hidden) lead({ steal: true });
}

function heard(event) {
  failures = 0;
  clearInterval(polling);
  polling = undefined;
  pass({ place: event.lastEventId || place, names: event.data ? event.data.split(" ") : [], state: "on" });
}

function failed() {
  failures += 1;
  stop();
  again = setTimeout(connect, Math.min(500 * 2 ** failures, POLL) * (0.75 + Math.random() / 2));
  if (failures < FAILURES) return;
  polling ??= setInterval(() => pass({ names: ["again", "news"], state: "off", polled: true }), POLL);
  pass({ state: "off" });
}

function stop() {
  source?.close();
  clearTimeout(again);
}

function connect() {
  source = new EventSource(`/live?since=${place}`);
  for (const type of ["message", "beat"]) source.addEventListener(type, heard);
  source.addEventListener("error", failed);
}

// Without locks, at an address without https, each page listens for itself.
function lead(options) {
  if (!navigator.locks) return connect();
  navigator.locks.request(name, options, () => new Promise(connect)).catch(() => {
    stop(); // another page has taken the lock
    clearInterval(polling);
    source = polling = undefined;
    lead({});
  });
}

// Terms run out and days begin with a full hour: then clocks read differently, though nothing has happened.
function turn() {
  for (const each of ["news", "turn"]) document.body.dispatchEvent(new CustomEvent(each));
  wait();
}
function wait() {
  setTimeout(turn, HOUR - ((Date.now() - ahead) % HOUR) + Math.random() * 2000);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (deaf && !source) lead({ steal: true });
  if (polling) pass({ names: ["again", "news"], state: "off" });
  clearTimeout(resting);
  flush();
});
lead({});
wait();
