// Boxes over private people: drawn with the pointer, moved with the keyboard, kept in pixels of the
// picture itself, whatever the size it is shown at.

const canvas = document.querySelector("[data-cover-canvas]");
const form = document.querySelector("[data-covers]");
const words = JSON.parse(document.getElementById("cover-words").textContent);
const { width, height } = canvas.viewBox.baseVal;
const SMALLEST = 4;
const STEP = Math.max(2, Math.round(Math.min(width, height) / 100));
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const boxes = () => [...canvas.querySelectorAll("rect")];

function within(value, most) {
  return Math.round(Math.min(Math.max(value, 0), most));
}

function place(rect, [left, top, wide, high]) {
  const x = within(left, width - SMALLEST);
  const y = within(top, height - SMALLEST);
  rect.setAttribute("x", x);
  rect.setAttribute("y", y);
  rect.setAttribute("width", within(Math.max(wide, SMALLEST), width - x));
  rect.setAttribute("height", within(Math.max(high, SMALLEST), height - y));
}

function placed(rect) {
  return ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
}

function keep() {
  form.elements.covers.value = JSON.stringify(boxes().map(placed));
  boxes().forEach((rect, index) => {
    rect.setAttribute("aria-label", `${words.box} ${index + 1}. ${words.keys}`);
  });
}

function add(box) {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  rect.setAttribute("tabindex", "0");
  rect.setAttribute("role", "img");
  place(rect, box);
  canvas.append(rect);
  keep();
  return rect;
}

function pointOf(event) {
  const frame = canvas.getBoundingClientRect();
  return [
    ((event.clientX - frame.left) / frame.width) * width,
    ((event.clientY - frame.top) / frame.height) * height,
  ];
}

let drag = null;

canvas.addEventListener("pointerdown", (event) => {
  const [x, y] = pointOf(event);
  const hit = event.target.closest("rect");
  const rect = hit ?? add([x, y, SMALLEST, SMALLEST]);
  drag = { rect, x, y, moves: Boolean(hit), from: placed(rect) };
  canvas.setPointerCapture(event.pointerId);
  event.preventDefault();
  rect.focus();
});

canvas.addEventListener("pointermove", (event) => {
  if (!drag) {
    return;
  }
  const [x, y] = pointOf(event);
  const [left, top, wide, high] = drag.from;
  if (drag.moves) {
    place(drag.rect, [left + x - drag.x, top + y - drag.y, wide, high]);
  } else {
    place(drag.rect, [
      Math.min(x, drag.x), Math.min(y, drag.y), Math.abs(x - drag.x), Math.abs(y - drag.y),
    ]);
  }
});

for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, () => {
    // A click that drew nothing leaves nothing.
    if (drag && !drag.moves && placed(drag.rect).slice(2).every((side) => side <= SMALLEST)) {
      drag.rect.remove();
    }
    drag = null;
    keep();
  });
}

canvas.addEventListener("keydown", (event) => {
  const rect = event.target.closest("rect");
  const move = MOVES[event.key];
  if (!rect || !(move || ["Delete", "Backspace"].includes(event.key))) {
    return;
  }
  event.preventDefault();
  if (move) {
    const [left, top, wide, high] = placed(rect);
    const [right, down] = move.map((direction) => direction * STEP);
    place(rect, event.shiftKey
      ? [left, top, wide + right, high + down]
      : [left + right, top + down, wide, high]);
  } else {
    rect.remove();
    document.querySelector("[data-add-cover]").focus();
  }
  keep();
});

document.querySelector("[data-add-cover]").addEventListener("click", () => {
  add([width * 0.4, height * 0.4, width * 0.2, height * 0.2]).focus();
});

JSON.parse(document.getElementById("covers").textContent).forEach(add);
keep();
