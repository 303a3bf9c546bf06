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

const figures = new Map();

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
  layout.hoverlabel = {
    bgcolor: colour("surface-raised"),
    bordercolor: colour("border-strong"),
    font: { family: colour("font-body"), color: colour("text") },
    align: "left",
  };
  if (layout.yaxis && PHONE.matches && layout.meta) {
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
  if (figure) {
    reserve(place, figure);
    // Plotly keeps and changes what it is given.
    window.Plotly.react(place, resolved(figure.data), { ...layoutOf(figure), width }, CONFIG);
    place.dataset.drawn = "true";
  }
}

export function show(place, figure) {
  figures.set(place, figure);
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
        draw(entry.target);
      }
    }
  },
  { rootMargin: "400px" },
);

for (const chart of document.querySelectorAll("[data-chart]")) {
  const place = chart.querySelector("[data-figure]");
  const figure = JSON.parse(document.getElementById(`figure-${chart.dataset.chart}`).textContent);
  reserve(place, figure);
  figures.set(place, figure);
  nearTheScreen.observe(place);
}
DARK.addEventListener("change", redrawAll);
PHONE.addEventListener("change", redrawAll);

// A printed page has all its charts, also those nobody scrolled to.
window.addEventListener("beforeprint", () => {
  for (const place of figures.keys()) {
    draw(place, PRINTED_WIDTH);
  }
});
window.addEventListener("afterprint", redrawAll);
