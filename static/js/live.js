// Keeps the numbers of an open page true: asks every few seconds whether the project changed, and
// takes over the charts that did. Nothing is asked while nobody looks at the page.

import { show } from "./charts.js";

const EVERY = 2500;
const LONGEST_WAIT = 30000;
// A line that went dead answers nothing at all, and says so to nobody.
const LONGEST_ANSWER = 10000;

const line = document.querySelector("[data-live]");
const findings = document.querySelector("[data-findings]");
let wait = EVERY;

function say(state) {
  for (const part of line.querySelectorAll("[data-live-state]")) {
    part.hidden = part.dataset.liveState !== state;
  }
  line.classList.toggle("is-lost", state === "lost");
}

function question() {
  const address = new URL(line.dataset.live, window.location.href);
  address.searchParams.set("revision", line.dataset.revision);
  for (const chart of document.querySelectorAll("[data-chart]")) {
    address.searchParams.append("chart", `${chart.dataset.chart}:${chart.dataset.hash}`);
  }
  if (findings) address.searchParams.set("findings", findings.dataset.findings);
  return address;
}

function takeOver(answer) {
  for (const one of answer.charts) {
    const chart = document.getElementById(`chart-${one.number}`);
    chart.dataset.hash = one.hash;
    chart.querySelector("[data-heads]").innerHTML = one.heads;
    chart.querySelector("[data-table]").innerHTML = one.table;
    chart.querySelector("[data-base]").textContent = one.base;
    const note = chart.querySelector("[data-note]");
    note.textContent = one.note;
    note.hidden = !one.note;
    const place = chart.querySelector("[data-figure]");
    if (place) {
      show(place, one.figure, one.marks);
    }
    chart.classList.remove("has-changed");
    window.requestAnimationFrame(() => chart.classList.add("has-changed"));
  }
  if (answer.findings) {
    findings.innerHTML = answer.findings;
    findings.dataset.findings = answer.findings_hash;
  }
  for (const moment of document.querySelectorAll("[data-moment]")) {
    moment.textContent = answer.moment;
  }
  line.dataset.revision = answer.revision;
}

async function ask() {
  try {
    const response = await fetch(question(), {
      redirect: "error",
      signal: AbortSignal.timeout(LONGEST_ANSWER),
    });
    if (response.status === 200) {
      takeOver(await response.json());
    } else if (response.status !== 204) {
      throw new Error(`${response.status}`);
    }
    wait = EVERY;
    say("live");
  } catch {
    wait = Math.min(wait * 2, LONGEST_WAIT);
    say("lost");
  }
}

async function watch() {
  for (;;) {
    await new Promise((done) => window.setTimeout(done, wait));
    if (document.visibilityState === "visible") {
      await ask();
    }
  }
}

if (line) {
  watch();
}
