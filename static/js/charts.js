// Draws the figures of a page with Plotly, when they come near the screen.
//
// A figure carries roles in place of colours ("role:tone-positive"); here they become the custom
// properties of tokens.css, so that one figure serves light and dark.

const CONFIG = {
  displaylogo: false,
  responsive: true,
  showSendToCloud: false,
  plotlyServerURL: "",
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"],
};
const PHONE = window.matchMedia("(max-width: 560px)");
// What fits an A4 page beside its margins and those of a card, in CSS pixels.
const PRINTED_WIDTH = 640;
const DARK = window.matchMedia("(prefers-color-scheme: dark)");

// Four megabytes of code: asked for when the page was painted, so that its tables are read before.
const plotly = new Promise((ready) => {
  window.requestAnimationFrame(() => window.setTimeout(() => {
    const script = document.createElement("script");
    script.src = document.querySelector("[data-plotly]").dataset.plotly;
    script.addEventListener("load", ready);
    document.head.append(script);
  }));
});

const figures = new Map();
const marksBehind = new Map();

function colour(role) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();
}

function resolved(value) {
  if (typeof value === "string") {
    return value.startsWith("role:") ? colour(value.slice(5)) : value;
  }
  if (Array.isArray(value)) {
    return value.map(resolved);
  }
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part)]));
  }
  return value;
}

function layoutOf(figure) {
  const layout = resolved(figure.layout);
  layout.paper_bgcolor = "rgba(0,0,0,0)";
  layout.plot_bgcolor = "rgba(0,0,0,0)";
  layout.font = { family: colour("font-body"), size: 13, color: colour("text"), ...layout.font };
  layout.separators = document.documentElement.lang === "en" ? ".," : ",\u00a0";
  layout.hoverlabel = {
    bgcolor: colour("surface-raised"),
    bordercolor: colour("border-strong"),
    font: { family: colour("font-body"), color: colour("text") },
    align: "left",
  };
  if (layout.yaxis && PHONE.matches && layout.meta?.short) {
    layout.yaxis.ticktext = layout.meta.short;
    layout.font.size = 12;
  }
  return layout;
}

// The height is known before Plotly draws, so nothing jumps; it changes with the rows.
function reserve(place, figure) {
  place.style.setProperty("height", `${figure.layout.height}px`);
}

function draw(place, width) {
  const figure = figures.get(place);
  if (figure && window.Plotly) {
    reserve(place, figure);
    // Plotly keeps and changes what it is given.
    window.Plotly.react(place, resolved(figure.data), { ...layoutOf(figure), width }, CONFIG);
    if (!place.dataset.drawn) {
      place.dataset.drawn = "true";
      place.on("plotly_click", (event) => follow(place, event.points[0]));
      place.on("plotly_treemapclick", (event) => !follow(place, event.points[0]));
    }
  }
}

// The address of the posts behind a mark: the words of the mark win over those of the chart.
function addressOf(marks, point) {
  const found = marks.marks[point.curveNumber];
  const place = point.pointIndex ?? point.pointNumber;
  const added = Array.isArray(place) ? marks.marks[place[0]]?.[place[1]] : found?.[place];
  if (typeof added !== "string") {
    return null;
  }
  const address = new URL(marks.address, window.location.href);
  const words = new URLSearchParams(added);
  for (const key of words.keys()) {
    address.searchParams.delete(key);
  }
  for (const [key, value] of words) {
    address.searchParams.append(key, value);
  }
  return address.href;
}

function follow(place, point) {
  const marks = marksBehind.get(place);
  const address = marks?.marks && point ? addressOf(marks, point) : null;
  if (address) {
    window.location.assign(address);
  }
  return Boolean(address);
}

export function show(place, figure, marks) {
  figures.set(place, figure);
  marksBehind.set(place, marks);
  if (place.dataset.drawn) {
    draw(place);
  } else {
    reserve(place, figure);
  }
}

function redrawAll() {
  for (const place of figures.keys()) {
    if (place.dataset.drawn) {
      draw(place);
    }
  }
}

const nearTheScreen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        nearTheScreen.unobserve(entry.target);
        plotly.then(() => draw(entry.target));
      }
    }
  },
  { rootMargin: "400px" },
);

function dataOf(kind, chart) {
  const element = document.getElementById(`${kind}-${chart.dataset.chart}`);
  return element ? JSON.parse(element.textContent) : null;
}

for (const chart of document.querySelectorAll("[data-chart]")) {
  const figure = dataOf("figure", chart);
  if (figure) {
    const place = chart.querySelector("[data-figure]");
    reserve(place, figure);
    figures.set(place, figure);
    marksBehind.set(place, dataOf("marks", chart));
    nearTheScreen.observe(place);
  }
}
DARK.addEventListener("change", redrawAll);
PHONE.addEventListener("change", redrawAll);
window.addEventListener("palettechange", redrawAll);

// A printed page has all its charts, also those nobody scrolled to, in greys that differ.
let palette;
window.addEventListener("beforeprint", () => {
  const root = document.documentElement;
  palette = root.dataset.palette;
  root.dataset.palette = "print";
  for (const place of figures.keys()) {
    draw(place, PRINTED_WIDTH);
  }
});
window.addEventListener("afterprint", () => {
  const root = document.documentElement;
  if (palette) {
    root.dataset.palette = palette;
  } else {
    delete root.dataset.palette;
  }
  redrawAll();
});
