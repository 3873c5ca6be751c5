// Theme, low vision, size, spacing: the forms work without this; here they only save the reload.
const root = document.documentElement;

function chosen(name, value) {
  if (name === "theme") {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    return (root.dataset.theme || system) === "dark" ? "light" : "dark";
  }
  return value;
}

function show(name, value) {
  if (value === "" || (["images", "keys"].includes(name) && value === "on")) delete root.dataset[name];
  else root.dataset[name] = value;
  for (const button of document.querySelectorAll(`:is(#lv, #keys) button[name="${name}"]`))
    button.setAttribute("aria-pressed", String(button.value === value));
}

addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-view]");
  const { name, value } = event.submitter || {};
  // The bar of low vision and the words of another language come from the server: these two reload.
  if (!form || name === "vision" || name === "language") return;
  event.preventDefault();
  const wanted = chosen(name, value);
  const body = new URLSearchParams(new FormData(form));
  body.set(name, wanted);
  show(name, wanted);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
});
