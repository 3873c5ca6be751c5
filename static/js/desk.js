// The desks of the staff, with scripts: which row is open, proposals filled in from grounds, rows that are ticked.
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
