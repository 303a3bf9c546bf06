// One key for each account: arrows choose it, a digit assigns it, n makes an actor, i ignores it.

const list = document.querySelector("[data-unknown]");
const rows = list ? [...list.querySelectorAll("[data-account]")] : [];
const MOVES = { ArrowDown: 1, ArrowUp: -1 };

function isTyping(element) {
  return element.matches("input:not([type=checkbox]), select, textarea");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  const row = document.activeElement.closest("[data-account]");
  if (event.key in MOVES) {
    const place = row ? rows.indexOf(row) + MOVES[event.key] : 0;
    rows[Math.min(Math.max(place, 0), rows.length - 1)]?.focus();
    event.preventDefault();
    return;
  }
  if (!row || event.repeat) {
    return;
  }
  if (event.key === "x") {
    row.querySelector("[type=checkbox]").click();
    return;
  }
  const button = row.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
    row.querySelector("details[open] input")?.select();
  }
});

rows[0]?.focus({ preventScroll: true });
