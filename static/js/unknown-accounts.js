// One key for each account: arrows choose it, a digit assigns it, n makes an actor, i ignores it, u
// takes the last step back. After each step the account that came into the place is chosen.

import { isTyping, keyOf } from "./desk-keys.js";

const list = document.querySelector("[data-unknown]");
const rows = list ? [...list.querySelectorAll("[data-account]")] : [];
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
const PLACE = `place:${location.pathname}`;

function choose(place) {
  rows[Math.min(Math.max(place, 0), rows.length - 1)]?.focus();
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-account]");
  if (row) sessionStorage.setItem(PLACE, rows.indexOf(row));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  const row = document.activeElement.closest("[data-account]");
  if (event.key in MOVES) {
    choose(row ? rows.indexOf(row) + MOVES[event.key] : 0);
    event.preventDefault();
    return;
  }
  if (event.repeat) {
    return;
  }
  const key = keyOf(event);
  if (key === "u") {
    document.querySelector("[data-undo]")?.click();
    return;
  }
  if (!row) {
    return;
  }
  if (key === "x") {
    row.querySelector("[type=checkbox]").click();
    return;
  }
  const button = row.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
    row.querySelector("details[open] input")?.select();
  }
});

choose(Number(sessionStorage.getItem(PLACE)) || 0);
