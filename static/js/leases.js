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
