// The switch to colours that everyone can tell apart; the browser remembers it.

const KEY = "palette";
const root = document.documentElement;
const changed = new Event("palettechange");

function remembered() {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

// Pictures are drawn on the server, in the colours of the page they are saved from.
function colourPictures() {
  for (const link of document.querySelectorAll("a[data-picture]")) {
    link.search = root.dataset.palette ? `?theme=${root.dataset.palette}` : "";
  }
}

// Before the charts are drawn, so that they are drawn once.
if (remembered() === "safe") {
  root.dataset.palette = "safe";
}
colourPictures();

for (const button of document.querySelectorAll("[data-palette-switch]")) {
  button.setAttribute("aria-pressed", String(root.dataset.palette === "safe"));
  button.addEventListener("click", () => {
    const isSafe = root.dataset.palette !== "safe";
    if (isSafe) {
      root.dataset.palette = "safe";
    } else {
      delete root.dataset.palette;
    }
    button.setAttribute("aria-pressed", String(isSafe));
    try {
      window.localStorage.setItem(KEY, isSafe ? "safe" : "");
    } catch {
      // A browser that keeps nothing shows the choice on this page only.
    }
    colourPictures();
    window.dispatchEvent(changed);
  });
}
