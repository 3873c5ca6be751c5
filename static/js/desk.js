// The desks of the staff, with scripts: proposals filled in from grounds, rows that are ticked, where the reader stands,
// the hour that comes near.
// A proposal that somebody has written themselves is never touched.
function propose(form) {
  const proposal = form.querySelector("[name=proposal]");
  const hints = [...form.querySelectorAll("[data-hint]:checked")].map((ground) => ground.dataset.hint).join(" ");
  if (proposal.value !== "" && proposal.value !== (proposal.dataset.proposed ?? proposal.defaultValue)) return;
  proposal.value = proposal.dataset.proposed = hints;
}

addEventListener("change", ({ target }) => {
  if (target.matches("[data-hint]")) propose(target.form);
});

// The space bar ticks the row that has the focus, where rows can be ticked.
addEventListener("keydown", (event) => {
  const tick = event.key === " " && event.target.closest?.(".row")?.parentElement.querySelector("[name=tick]");
  if (!tick) return;
  event.preventDefault();
  tick.click();
});

// After a swap the reader stands at the heading of the case, unless the server has put the focus on a fault.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target?.id !== "pane") return;
  const pane = document.getElementById("pane");
  if (!pane.querySelector("[autofocus]")) document.getElementById("case-title")?.focus();
});

// What is left until the hour of registration; when it strikes, the page is brought up to date as at every full hour.
const ahead = Date.now() - document.getElementById("live").dataset.since;
setInterval(() => {
  for (const left of document.querySelectorAll("[data-ends]")) {
    const minutes = Math.max(0, Math.floor((left.dataset.ends - Date.now() + ahead) / 60_000));
    left.textContent = left.dataset.words.replace("{hours}", Math.floor(minutes / 60)).replace("{minutes}", minutes % 60);
  }
}, 10_000);
