// The queue of this page, when it tries again, and what keeps people from leaving too early.

import { SaveQueue } from "./desk-queue.js";
import { sender } from "./desk-send.js";
import { unsentStore } from "./desk-store.js";
import { showSaveState } from "./desk-unsaved.js";

const FLUSH_BEFORE_SIGNING_OUT = 4_000;

export function openOutbox(desk, config, drafts) {
  const queue = new SaveQueue({
    store: unsentStore(config),
    send: sender(config),
    whose: { project: config.project, coder: config.coder },
  });
  showSaveState(desk, queue, config);
  queue.load();
  addEventListener("online", () => queue.hurry());
  addEventListener("focus", () => queue.hurry());
  addEventListener("beforeunload", (event) => {
    if (!queue.isSafeToLeave) event.preventDefault();
  });
  leaveNothingBehind(desk, queue, config, drafts);
  return queue;
}

// Signing out sends what is unsent and forgets the rest: the next person may use this computer.
function leaveNothingBehind(desk, queue, config, drafts) {
  let wasWarned = false;
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", async (event) => {
    if (wasWarned) return;
    event.preventDefault();
    const form = event.target;
    if (queue.unsent === 0 || (await queue.flush(FLUSH_BEFORE_SIGNING_OUT))) {
      await drafts.forgetAll();
      form.submit();
      return;
    }
    wasWarned = true;
    const place = desk.querySelector("[data-save-state]");
    const words = queue.isKept ? config.texts.sign_out_waits : config.texts.sign_out_loses;
    place.textContent = words.replace("%s", queue.unsent);
  });
}
