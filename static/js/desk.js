// The coding desk. The page works as a plain form; this makes it an instrument: keys for every
// answer, the next post at once, saving behind one's back but before one's eyes.

import { AnswerSheet } from "./desk-answersheet.js";
import { listenToKeys } from "./desk-keyboard.js";
import { Drafts } from "./desk-drafts.js";
import { openOutbox } from "./desk-outbox.js";
import { Posts } from "./desk-posts.js";

const desk = document.querySelector("[data-desk]");
if (desk) {
  const config = JSON.parse(document.getElementById("desk-data").textContent);
  // Every page about coding sends what an earlier tab left; the desk also has a post on it.
  const drafts = new Drafts(config);
  const queue = openOutbox(desk, config, drafts);
  if (config.sheets) {
    const answerSheet = new AnswerSheet(desk, config);
    const posts = new Posts({ desk, config, queue, drafts, answerSheet });
    listenToKeys({ desk, answerSheet, posts });
  }
}
