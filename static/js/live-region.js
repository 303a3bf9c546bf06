// Keeps a part of a page true: asks every few seconds whether the project changed, and takes over
// the part as the server draws it now. Nothing is asked while nobody looks at the page, and nothing
// is exchanged under the hands of somebody who is choosing in it.

const EVERY = 5000;
// A part that takes long to draw is asked for less often: pages left open must not tire the server.
const TIMES_LONGER = 10;
const LONGEST_WAIT = 60000;
const LONGEST_ANSWER = 20000;

const region = document.querySelector("[data-live-region]");
let wait = EVERY;

function say(state) {
  for (const part of document.querySelectorAll("[data-live-line] [data-live-state]")) {
    part.hidden = part.dataset.liveState !== state;
  }
}

function isInUse() {
  return region.contains(document.activeElement) && document.activeElement.matches("select, input");
}

async function ask() {
  const address = new URL(region.dataset.liveRegion, window.location.href);
  address.searchParams.set("revision", region.querySelector("[data-revision]").dataset.revision);
  const began = performance.now();
  try {
    const response = await fetch(address, {
      redirect: "error",
      signal: AbortSignal.timeout(LONGEST_ANSWER),
    });
    if (response.status === 200) {
      const drawn = await response.text();
      if (!isInUse()) takeOver(drawn);
    } else if (response.status !== 204) {
      throw new Error(`${response.status}`);
    }
    wait = Math.min(Math.max(EVERY, TIMES_LONGER * (performance.now() - began)), LONGEST_WAIT);
    say("live");
  } catch {
    wait = Math.min(wait * 2, LONGEST_WAIT);
    say("lost");
  }
}

function takeOver(drawn) {
  const focused = region.contains(document.activeElement) && document.activeElement.getAttribute("href");
  const open = [...region.querySelectorAll("details[open][id]")].map((details) => details.id);
  region.innerHTML = drawn;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) region.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

async function watch() {
  for (;;) {
    await new Promise((done) => window.setTimeout(done, wait));
    if (document.visibilityState === "visible" && !isInUse()) await ask();
  }
}

if (region) watch();
