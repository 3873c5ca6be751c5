// The little light of the live connection: green while news can come, amber while it is being sought.
const live = document.getElementById("live");

function say(tone, words) {
  if (!live || live.dataset.tone === tone) return;
  const lost = tone === "warn";
  if (lost || live.dataset.tone === "warn") document.getElementById("said").textContent = words;
  live.dataset.tone = tone;
  live.lastElementChild.textContent = words;
}

document.addEventListener("htmx:sse:after:connection", () => say("ok", live.dataset.on));
document.addEventListener("htmx:sse:error", () => say("warn", live.dataset.off));
