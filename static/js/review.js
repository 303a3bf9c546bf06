// One key for each decision: a digit takes that monitor's answers, o opens one's own.

import { isTyping, keyOf } from "./desk-keys.js";

const find = (name) => document.querySelector(`[data-review-${name}]`);
const form = document.getElementById("decision");
let isSent = false;

function openOwn() {
  const own = find("own");
  own.open = true;
  own.querySelector("[type=radio], [type=checkbox]").focus();
}

const commands = {
  l: () => find("later")?.click(),
  o: openOwn,
  u: () => find("undo")?.click(),
  w: () => find("reason").focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = keyOf(event);
  const take = /^[1-9]$/.test(key) && find(`take="${key}"`);
  const command = take ? () => take.click() : form && commands[key];
  if (!command) return;
  event.preventDefault();
  // A key held down, or pressed again before the next post is here, must not decide that one too.
  if (event.repeat) return;
  command();
});

form?.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});

// Back from the next page: the browser shows this one as it was.
window.addEventListener("pageshow", () => {
  isSent = false;
});

document.querySelector("[data-review-filters]")?.addEventListener("change", (event) => {
  event.currentTarget.requestSubmit();
});
