// A quote as its places in the text of its post: what this computer may keep of it (coding/quotes.py
// reads it). ``quotable`` is that text with its hash, as the server sends them with the post.

// Shorter runs that are alike are chance, and stay as they were typed.
const SHORTEST = 6;

// The answers with every quote changed by ``change``; of a skipped post there are none.
export function withQuotes(answers, change) {
  if (!answers) return answers;
  const flags = Object.entries(answers.flags).map(([kind, flag]) => [
    kind,
    { ...flag, quote: change(flag.quote) },
  ]);
  return { ...answers, flags: Object.fromEntries(flags) };
}

// Words of which nothing stands in the post stay words, and so do all where its text did not come:
// from a server that is still the version before.
export function marked(quote, { text, hash } = { text: "", hash: "" }) {
  const pieces = [];
  let typed = "";
  let at = 0;
  while (at < quote.length) {
    const place = placeOf(quote, at, text);
    if (place) {
      if (typed) pieces.push(typed);
      pieces.push(place);
      typed = "";
      at += place[1] - place[0];
    } else {
      const letter = String.fromCodePoint(quote.codePointAt(at));
      typed += letter;
      at += letter.length;
    }
  }
  if (!pieces.length) return quote;
  return { hash, pieces: typed ? [...pieces, typed] : pieces };
}

// In words again; of another text than it was marked in only what was typed is left.
export function unmarked(quote, { text, hash }) {
  if (typeof quote === "string") return quote;
  const words = quote.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    return quote.hash === hash ? text.slice(...piece) : "";
  });
  return words.join("").trim();
}

// The place where what begins at ``at`` stands first, as far as it is alike: [start, end] in UTF-16
// code units, or null.
function placeOf(quote, at, text) {
  const seed = quote.slice(at, at + SHORTEST);
  const isWhole = seed.length === quote.length;
  const start = seed.length === SHORTEST || isWhole ? text.indexOf(seed) : -1;
  if (start < 0) return null;
  let length = seed.length;
  while (at + length < quote.length && quote[at + length] === text[start + length]) length += 1;
  // Half an emoji is no letter.
  if (isHighSurrogate(quote, at + length - 1)) length -= 1;
  return length ? [start, start + length] : null;
}

function isHighSurrogate(text, at) {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}
