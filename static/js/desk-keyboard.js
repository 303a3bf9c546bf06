// From keys, buttons and the form to what they do.

import { isTyping, keyOf } from "./desk-keys.js";

export function listenToKeys({ desk, answerSheet, posts }) {
  const find = (name) => desk.querySelector(`[data-${name}]`);
  const { form } = answerSheet;
  const showKeys = () => find("keys-dialog").showModal();

  const commands = {
    Enter: () => (answerSheet.mode === "skip" ? posts.skip() : posts.save()),
    Backspace: () => posts.back(),
    Escape: () => answerSheet.escape(),
    ArrowDown: () => answerSheet.step(1),
    ArrowUp: () => answerSheet.step(-1),
    a: () => answerSheet.find("actors"),
    t: () => answerSheet.find("topics"),
    f: () => answerSheet.openFlags(),
    s: () => answerSheet.openSkip(),
    g: () => answerSheet.guide(),
    m: () => answerSheet.openNote(),
    "?": showKeys,
  };

  function commandOf(key) {
    if (/^[1-9]$/.test(key)) {
      if (answerSheet.mode === "flags") return () => answerSheet.toggleFlag(key);
      if (answerSheet.mode === "skip") return () => answerSheet.chooseReason(key);
      if (answerSheet.mode === "extra") return () => answerSheet.answerExtra(key);
      if (answerSheet.mode === "note") return () => answerSheet.ask(key);
      return () => answerSheet.actor(Number(key));
    }
    if (answerSheet.isToneKey(key)) return () => answerSheet.tone(key);
    const topic = answerSheet.topicOf(key);
    return topic ? () => answerSheet.toggleTopic(topic) : commands[key];
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (isTyping(event.target)) {
      onKeyInField(event);
      return;
    }
    const key = keyOf(event);
    if (event.target.closest("a, button") && ["Enter", " "].includes(key)) return;
    const command = commandOf(key);
    if (!command) return;
    event.preventDefault();
    if (event.repeat && !key.startsWith("Arrow")) return;
    const isPassing = { flags: /^[1-9]$/, extra: /^([1-9]|g)$/, note: /^[1-9m]$/ }[answerSheet.mode];
    if (isPassing && !isPassing.test(key)) answerSheet.mode = "";
    command();
  }

  // Enter leaves a field of the form (Shift+Enter is a new line), and so does Escape.
  function onKeyInField(event) {
    const isDone = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
    if (!isDone || !form.contains(event.target)) return;
    event.preventDefault();
    if (event.repeat) return;
    if (event.key === "Enter" && event.target.name === "reason") posts.skip();
    else answerSheet.settle();
  }

  document.addEventListener("keydown", onKey);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "skip") posts.skip();
    else posts.save();
  });
  find("back").addEventListener("click", () => posts.back());
  find("skip").addEventListener("click", () => answerSheet.openSkip());
  find("note").addEventListener("click", () => answerSheet.openNote());
  find("keys-open").addEventListener("click", showKeys);
}
