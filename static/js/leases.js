// The message that lies open is held for its reader; whoever leaves it, for another one or for good, says so at once. What
// is only asked for yet may be held by the time that the page is gone, so that is let go as well.
let held = null;

function leave() {
  if (held) navigator.sendBeacon(held.address, held.words);
  held = null;
}

function look() {
  const lease = document.querySelector("#lease[data-leaves]");
  if (held && held.opening !== lease?.dataset.leaves) {
    // Let go by a press, it is let go already; a second time does no harm.
    leave();
  }
  if (!lease) return;
  const { leaves: opening, ending: address } = lease.dataset;
  const words = new URLSearchParams({ opening, csrf_token: document.querySelector("[name=csrf_token]").value });
  held = { opening, address, words };
}

document.addEventListener("htmx:after:swap", look);
addEventListener("pagehide", leave);
addEventListener("pageshow", look);
