// Covering areas of a photo, with scripts: drawn with mouse, finger or pen, moved and resized from the keyboard.
// The lines of numbers are the form, and stay the truth: whatever is drawn is written there.
const WHOLE = 1000; // the drawing counts in thousandths of the picture's sides, the lines in per cent
const STEP = 5;
const LEAST = 8;
const SIDES = ["left", "top", "width", "height"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const page = document.querySelector("[data-covers]");
const figure = page.querySelector("[data-drawing]");
const drawing = figure.querySelector("svg");
const list = page.querySelector("[data-lines]");
const spoken = page.querySelector("[data-spoken]");
const blank = list.lastElementChild.cloneNode(true);
const areas = new Map(); // the line of each rectangle

const field = (line, side) => line.querySelector(`[name=${side}]`);
const numbers = (line) => SIDES.map((side) => Math.round(parseFloat(field(line, side).value.replace(",", ".")) * 10));
const between = (low, value, high) => Math.min(Math.max(value, low), high);

function number(line) {
  return [...list.children].indexOf(line) + 1;
}

function tell(line) {
  const values = Object.fromEntries(SIDES.map((side) => [side, field(line, side).value]));
  spoken.textContent = spoken.dataset.spoken.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? number(line));
}

function name() {
  for (const line of list.children) {
    const label = drawing.dataset.name.replace("{number}", number(line));
    line.querySelector("legend").textContent = label;
    rectangle(line).setAttribute("aria-label", label);
  }
}

function rectangle(line) {
  let rect = areas.get(line);
  if (!rect) {
    rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("tabindex", "0");
    rect.setAttribute("role", "button");
    areas.set(line, rect);
    drawing.append(rect);
  }
  return rect;
}

function show(line) {
  const values = numbers(line);
  const rect = rectangle(line);
  const whole = values.every(Number.isFinite);
  for (const [place, attribute] of ["x", "y", "width", "height"].entries()) rect.setAttribute(attribute, whole ? values[place] : 0);
}

function write(line, [left, top, width, height]) {
  width = between(1, width, WHOLE);
  height = between(1, height, WHOLE);
  const values = [between(0, left, WHOLE - width), between(0, top, WHOLE - height), width, height];
  for (const [place, side] of SIDES.entries()) field(line, side).value = String(values[place] / 10);
  show(line);
}

function add() {
  const line = blank.cloneNode(true);
  line.removeAttribute("data-spare");
  for (const hidden of line.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
  list.append(line);
  rectangle(line);
  name();
  return line;
}

function remove(line) {
  const next = line.nextElementSibling ?? line.previousElementSibling;
  areas.get(line).remove();
  areas.delete(line);
  line.remove();
  name();
  (next ? areas.get(next) : page.querySelector("[data-add]")).focus();
}

function lineOf(rect) {
  for (const [line, drawn] of areas) if (drawn === rect) return line;
  return null;
}

function place(event) {
  const box = drawing.getBoundingClientRect();
  const along = (at, from, size) => between(0, Math.round(((at - from) / size) * WHOLE), WHOLE);
  return [along(event.clientX, box.left, box.width), along(event.clientY, box.top, box.height)];
}

drawing.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  drawing.setPointerCapture(event.pointerId);
  const [x, y] = place(event);
  const held = lineOf(event.target);
  const line = held ?? add();
  const before = held ? numbers(held) : [x, y, 0, 0];
  const follow = (moved) => {
    const [nowX, nowY] = place(moved);
    if (held) write(line, [before[0] + nowX - x, before[1] + nowY - y, before[2], before[3]]);
    else write(line, [Math.min(x, nowX), Math.min(y, nowY), Math.abs(nowX - x), Math.abs(nowY - y)]);
  };
  const end = () => {
    drawing.removeEventListener("pointermove", follow);
    const [, , width, height] = numbers(line);
    // A mere click draws nothing.
    if (!held && !(width >= LEAST && height >= LEAST)) remove(line);
    else areas.get(line).focus();
  };
  drawing.addEventListener("pointermove", follow);
  drawing.addEventListener("lostpointercapture", end, { once: true });
});

drawing.addEventListener("keydown", (event) => {
  const line = lineOf(event.target);
  if (!line) return;
  if (event.key === "Delete" || event.key === "Backspace") remove(line);
  else if (event.key === "Enter") field(line, "left").focus();
  else if (ARROWS[event.key]) {
    const [x, y] = ARROWS[event.key].map((step) => step * STEP);
    const [left, top, width, height] = numbers(line);
    write(line, event.shiftKey ? [left, top, width + x, height + y] : [left + x, top + y, width, height]);
    tell(line);
  } else return;
  event.preventDefault();
});

list.addEventListener("input", ({ target }) => show(target.closest("li")));
page.addEventListener("click", ({ target }) => {
  if (target.closest("[data-remove]")) remove(target.closest("li"));
  if (!target.closest("[data-add]")) return;
  const line = add();
  write(line, [400, 400, 200, 200]);
  areas.get(line).focus();
});

drawing.replaceChildren();
for (const spare of list.querySelectorAll("[data-spare]")) spare.remove();
for (const hidden of page.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
for (const line of list.children) show(line);
name();
