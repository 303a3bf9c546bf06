// Answers: {topics: [key], tones: {actor: key}, flags: {kind: {quote, translation}}, extra: {question:
// answer}}. The form is where they live while a post is on the desk; this reads and writes it.

export function readAnswers(form) {
  const data = new FormData(form);
  const tones = {};
  const extra = {};
  for (const [name, value] of data) {
    if (name.startsWith("tone-") && value) tones[name.slice(5)] = value;
    if (name.startsWith("extra-") && value.trim()) extra[name.slice(6)] = value.trim();
  }
  const flags = {};
  for (const kind of data.getAll("flag")) {
    flags[kind] = {
      quote: data.get(`quote-${kind}`).trim(),
      translation: data.get(`translation-${kind}`).trim(),
    };
  }
  return { topics: data.getAll("topic"), tones, flags, extra };
}

// The rows of the answered actors must be there.
export function writeAnswers(form, { topics = [], tones = {}, flags = {}, extra = {} } = {}) {
  for (const box of form.querySelectorAll("[name=topic]")) box.checked = topics.includes(box.value);
  for (const box of form.querySelectorAll("[name=flag]")) {
    const flag = flags[box.value];
    box.checked = Boolean(flag);
    form.elements[`quote-${box.value}`].value = flag?.quote ?? "";
    form.elements[`translation-${box.value}`].value = flag?.translation ?? "";
  }
  for (const field of form.querySelectorAll("[name^=extra-]")) {
    const answer = extra[field.name.slice(6)] ?? "";
    if (field.type === "radio") field.checked = field.value === answer;
    else field.value = answer;
  }
  for (const [actor, tone] of Object.entries(tones)) {
    for (const radio of form.querySelectorAll(`[name="tone-${actor}"]`)) {
      radio.checked = radio.value === tone;
    }
  }
}

// As the plain form would send them. ``inWords`` are the entry's answers with their quotes in words.
export function bodyOf(entry, inWords) {
  const body = new URLSearchParams();
  for (const name of ["post", "request_id", "base_number", "version", "coder", "seconds"]) {
    body.set(name, entry[name]);
  }
  body.set("action", entry.action);
  body.set("reason", entry.reason ?? "");
  body.set("comment", entry.note?.comment ?? "");
  body.set("asks", entry.note?.asks ?? "");
  for (const topic of entry.answers?.topics ?? []) body.append("topic", topic);
  for (const [actor, tone] of Object.entries(entry.answers?.tones ?? {})) {
    body.set(`tone-${actor}`, tone);
  }
  for (const [kind, flag] of Object.entries(entry.answers?.flags ?? {})) {
    body.append("flag", kind);
    // Words alone where it was typed, or kept by the version before; beside places they count where
    // the text of the post has changed.
    const quote = typeof flag.quote === "string" ? flag.quote : inWords?.flags[kind]?.quote;
    body.set(`quote-${kind}`, quote ?? "");
    if (quote !== flag.quote) body.set(`marked-${kind}`, JSON.stringify(flag.quote));
    body.set(`translation-${kind}`, flag.translation);
  }
  for (const [question, answer] of Object.entries(entry.answers?.extra ?? {})) {
    body.set(`extra-${question}`, answer);
  }
  return body;
}

// A list of short texts, comparable line by line.
export function inWords(answers, config) {
  const name = (list, id) => list?.find((each) => each.id === id)?.names[0] ?? id;
  return [
    answers.topics.map((topic) => name(config.topics, topic)).sort().join(", "),
    ...Object.entries(answers.tones)
      .map(([actor, tone]) => `${name(config.actors, actor)}: ${config.tones?.[tone] ?? tone}`)
      .sort(),
    ...Object.keys(answers.flags)
      .map((kind) => config.flags?.[kind] ?? kind)
      .sort(),
    ...Object.entries(answers.extra ?? {})
      .map(([question, answer]) => `${config.extra?.[question] ?? question}: ${answer}`)
      .sort(),
  ].filter(Boolean);
}

// Made here, so that it exists before any connection does; works without a secure context.
export function newRequestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
