// Cropping a photo, with scripts: the frame is drawn with mouse, finger or pen, moved and resized from the keyboard.
// The four numbers are the form, and stay the truth: whatever is drawn is written there.
const WHOLE = 1000; // the drawing counts in thousandths of the picture's sides, the fields in per cent
const STEP = 10;
const LEAST = 20;
const SIDES = ["left", "top", "width", "height"];
const ATTRIBUTES = ["x", "y", "width", "height"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const page = document.querySelector("[data-cropping]");
const drawing = page.querySelector("[data-drawing] svg");
const fields = page.querySelector("[data-kept]");
const spoken = page.querySelector("[data-spoken]");

const field = (side) => fields.querySelector(`[name=${side}]`);
const between = (low, value, high) => Math.min(Math.max(value, low), high);
const numbers = () => SIDES.map((side) => Math.round(parseFloat(field(side).value.replace(",", ".")) * 10));

function show() {
  const [left, top, width, height] = numbers();
  if (![left, top, width, height].every(Number.isFinite)) return;
  const frame = drawing.querySelector(".kept");
  for (const [place, attribute] of ATTRIBUTES.entries()) frame.setAttribute(attribute, [left, top, width, height][place]);
  drawing.querySelector(".outside").setAttribute("d", `M0 0H${WHOLE}V${WHOLE}H0Z M${left} ${top}h${width}v${height}h${-width}Z`);
}

function write([left, top, width, height]) {
  width = between(LEAST, width, WHOLE);
  height = between(LEAST, height, WHOLE);
  const values = [between(0, left, WHOLE - width), between(0, top, WHOLE - height), width, height];
  for (const [place, side] of SIDES.entries()) field(side).value = String(values[place] / 10);
  show();
}

function tell() {
  spoken.textContent = spoken.dataset.spoken.replace(/\{(\w+)\}/g, (_, side) => field(side).value);
}

function place(event) {
  const box = drawing.getBoundingClientRect();
  const along = (at, from, size) => between(0, Math.round(((at - from) / size) * WHOLE), WHOLE);
  return [along(event.clientX, box.left, box.width), along(event.clientY, box.top, box.height)];
}

function start() {
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    drawing.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    const before = numbers();
    const inside = x > before[0] && x < before[0] + before[2] && y > before[1] && y < before[1] + before[3];
    // A frame around everything has no place to be moved to: a new one is drawn in it.
    const moves = inside && (before[2] < WHOLE || before[3] < WHOLE);
    const follow = (moved) => {
      const [nowX, nowY] = place(moved);
      if (moves) write([before[0] + nowX - x, before[1] + nowY - y, before[2], before[3]]);
      else write([Math.min(x, nowX), Math.min(y, nowY), Math.abs(nowX - x), Math.abs(nowY - y)]);
    };
    const end = () => {
      drawing.removeEventListener("pointermove", follow);
      drawing.querySelector(".kept").focus();
      tell();
    };
    drawing.addEventListener("pointermove", follow);
    drawing.addEventListener("lostpointercapture", end, { once: true });
  });
  drawing.addEventListener("keydown", (event) => {
    if (!ARROWS[event.key]) return;
    const [x, y] = ARROWS[event.key].map((step) => step * STEP);
    const [left, top, width, height] = numbers();
    write(event.shiftKey ? [left, top, width + x, height + y] : [left + x, top + y, width, height]);
    tell();
    event.preventDefault();
  });
  fields.addEventListener("input", show);
  for (const hidden of page.querySelectorAll("[data-needs-script]")) hidden.removeAttribute("hidden");
  show();
}

if (drawing) start();
