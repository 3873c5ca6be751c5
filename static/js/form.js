// The form of a message, with scripts: letters counted, a topic found by a word, a point added.
// Everything is found anew after each swap, because a form that did not fit comes back as a new one.

function count(field) {
  const counter = document.querySelector(`[data-counter-of="${field.id}"]`);
  const limit = Number(field.dataset.counted);
  // One line break is two characters on the wire; people count what they see, so count code points as typed.
  const typed = [...field.value].length;
  counter.textContent = counter.dataset.words.replace("{typed}", typed).replace("{limit}", limit);
  counter.toggleAttribute("data-over", typed > limit);
}

function findTopic(input) {
  const word = input.value.trim().toLowerCase().replaceAll("ё", "е");
  for (const category of input.closest("fieldset").querySelectorAll(".topics > details")) {
    const whole = category.querySelector("summary").textContent.toLowerCase().includes(word);
    let any = false;
    for (const choice of category.querySelectorAll(".choice")) {
      const told = choice.nextElementSibling?.matches(".told") ? choice.nextElementSibling.textContent : "";
      const fits = whole || (choice.textContent + told).toLowerCase().replaceAll("ё", "е").includes(word);
      choice.hidden = !fits;
      any ||= fits;
    }
    category.hidden = !any;
    // Several may be open while searching: the name that allows only one is given back with the empty search.
    if (word) category.removeAttribute("name");
    else category.setAttribute("name", "category");
    category.open = word ? any : Boolean(category.querySelector(":checked"));
  }
}

function locate(button) {
  const place = button.closest("[data-place]");
  const line = place.querySelector("[role=status]");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      place.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
      place.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
      line.textContent = line.dataset.found;
      place.dispatchEvent(new Event("change", { bubbles: true }));
    },
    () => { line.textContent = line.dataset.failed; },
    { enableHighAccuracy: true, timeout: 10000 },
  );
}

function start() {
  for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
  for (const field of document.querySelectorAll("[data-counted]")) count(field);
}

addEventListener("input", ({ target }) => {
  if (target.matches("[data-counted]")) count(target);
  if (target.matches("[data-find-topic]")) findTopic(target);
});
addEventListener("click", ({ target }) => {
  const button = target.closest("[data-locate]");
  if (button) locate(button);
});
document.addEventListener("htmx:after:swap", start);
start();

// News of a message does not take away what its author is typing about it: that it came is said in their form.
document.addEventListener("htmx:before:request", (event) => {
  const asking = event.detail.ctx.sourceElement;
  for (const form of asking?.querySelectorAll("form[data-keeps]") ?? []) {
    if (![...form.querySelectorAll("textarea, input:checked")].some(({ value }) => value.trim())) continue;
    event.preventDefault();
    form.querySelector("[data-changed]").hidden = false;
  }
});
