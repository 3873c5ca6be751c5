// The message that lies open is held for its reader; whoever leaves it, for another one or for good, says so at once.
let held = null;

function leave() {
  if (held) navigator.sendBeacon(held.address, held.words);
  held = null;
}

function look() {
  const form = document.querySelector("[data-leaves]");
  if (held && held.opening !== form?.dataset.leaves) {
    // Let go by a press, it is let go already; a second time does no harm.
    leave();
  }
  if (!form) return;
  const words = new URLSearchParams(new FormData(form));
  words.set("opening", form.dataset.leaves);
  held = { opening: form.dataset.leaves, address: form.action, words };
}

document.addEventListener("htmx:after:swap", look);
addEventListener("pagehide", leave);
addEventListener("pageshow", look);

// The key of an act stands beside it. Never while somebody types, and whatever the layout of the keyboard is.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
  const key = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  const act = key && document.querySelector(`[data-key="${key}"]`);
  if (!act) return;
  event.preventDefault();
  act.click();
});
