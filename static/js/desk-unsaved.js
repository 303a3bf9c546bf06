// The save state in its fixed place, and the dialog about an answer the server did not take.

import { inWords, newRequestId } from "./desk-answers.js";

export function showSaveState(desk, queue, config) {
  const place = desk.querySelector("[data-save-state]");
  const dialog = desk.querySelector("[data-unsaved-dialog]");
  if (!place) return;

  function draw() {
    const [look, words, control] = stateOf(queue, config);
    place.dataset.state = look;
    place.replaceChildren(words, ...(control ? [" ", controls[control]()] : []));
  }

  const controls = {
    sign_in: () => newTab(config.urls.sign_in, config.texts.sign_in),
    look: () => newTab(config.urls.look_again, config.texts.look),
    decide: decideButton,
  };

  function newTab(href, words) {
    const link = document.createElement("a");
    Object.assign(link, { href, target: "_blank", rel: "opener" });
    link.textContent = words;
    return link;
  }

  function decideButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = config.texts.decide;
    button.addEventListener("click", () => ask(dialog, queue, config));
    return button;
  }

  queue.addEventListener("change", draw);
  for (const moment of ["online", "offline"]) addEventListener(moment, draw);
  draw();
}

function stateOf(queue, { texts }) {
  const fill = (name, value) => texts[name].replace("%s", value);
  if (["signed_out", "other_person"].includes(queue.state) && queue.unsent) {
    return ["waiting", fill(queue.state, queue.unsent), "sign_in"];
  }
  if (queue.state === "no_access" && queue.unsent) {
    return ["waiting", fill("no_access", queue.unsent)];
  }
  if (queue.state === "retrying" && queue.unsent) {
    const name = !queue.isKept ? "memory_only" : navigator.onLine ? "retrying" : "offline";
    return ["waiting", fill(name, queue.unsent)];
  }
  if (queue.firstRefused) return ["refused", troubleOf(queue.firstRefused, texts), "decide"];
  if (queue.state === "saving" && queue.unsent) return ["saving", texts.saving];
  if (queue.lostQuotesAt) return ["waiting", fill("quote_lost", queue.lostQuotesAt), "look"];
  if (queue.savedAt) return ["saved", fill("saved", queue.savedAt)];
  return ["idle", ""];
}

function troubleOf({ trouble }, texts) {
  if (trouble.kind === "stale") return texts.conflict.replace("%s", trouble.current.saved_at);
  return texts.refused.replace("%s", trouble.message);
}

function ask(dialog, queue, config) {
  const entry = queue.firstRefused;
  const current = entry.trouble.current;
  const mine = entry.answers ? inWords(entry.answers, config) : [`${config.texts.skipped}: ${entry.reason}`];
  const theirs = current
    ? current.kind === "coding"
      ? inWords(current, config)
      : [`${config.texts.skipped}: ${current.reason}`]
    : [];
  dialog.querySelector("[data-unsaved-why]").textContent = troubleOf(entry, config.texts);
  list(dialog.querySelector("[data-unsaved-mine]"), mine, theirs);
  list(dialog.querySelector("[data-unsaved-theirs]"), theirs, mine);
  dialog.querySelector("[data-unsaved-other]").hidden = !current;
  dialog.querySelector("[data-unsaved-keep]").hidden = !current;
  Object.assign(dialog.querySelector("[data-unsaved-open]"), {
    href: `${config.urls.desk}?post=${entry.post}`,
    target: "_blank",
    rel: "opener",
  });
  dialog.returnValue = "";
  dialog.addEventListener("close", () => decide(dialog.returnValue, entry, queue), { once: true });
  dialog.showModal();
}

function decide(choice, entry, queue) {
  if (choice === "drop") queue.settle(entry);
  if (choice === "mine") {
    const resendAs = { request_id: newRequestId(), base_number: entry.trouble.current.number };
    queue.settle(entry, { resendAs });
  }
}

function list(place, lines, others) {
  place.replaceChildren(
    ...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      item.classList.toggle("differs", others.length > 0 && !others.includes(line));
      return item;
    }),
  );
}
