// One answer to the server, and what became of it: saved, retry, signed_out, other_person, no_access,
// stale (answered meanwhile elsewhere) or refused.

import { bodyOf } from "./desk-answers.js";

const PATIENCE = 15_000;
const JSON_HEADERS = { Accept: "application/json" };

export function sender(config) {
  return async function send(entry, answers) {
    const body = bodyOf(entry, answers);
    try {
      let response = await post(config, config.urls.save, body);
      if (response.status === 403 && !isJson(response)) {
        // Signing in changes the token; asking for posts brings the new one, or a 401.
        const renewed = await fetch(config.urls.next + "?count=0", { headers: JSON_HEADERS });
        if (renewed.status === 401) return { kind: "signed_out" };
        if (renewed.ok) response = await post(config, config.urls.save, body);
      }
      return await outcomeOf(response);
    } catch {
      return { kind: "retry" };
    }
  };
}

// Gives unopened posts back, also while the page is closing; resolves to whether the server took them.
export function releaser(config) {
  return async function release(assignments) {
    const body = new URLSearchParams(assignments.map((each) => ["assignments", each]));
    try {
      return (await post(config, config.urls.release, body)).ok;
    } catch {
      return false;
    }
  };
}

function post(config, url, body) {
  return fetch(url, {
    method: "POST",
    body,
    headers: { ...JSON_HEADERS, "X-CSRFToken": cookie(config.csrf_cookie) },
    signal: AbortSignal.timeout(PATIENCE),
    keepalive: true,
  });
}

async function outcomeOf(response) {
  const said = isJson(response) ? await response.json() : {};
  if (response.ok && isJson(response)) {
    return { kind: "saved", savedAt: said.saved_at, hasLostQuotes: said.has_lost_quotes === true };
  }
  if (response.status === 401) return { kind: said.error ?? "signed_out" };
  if (said.error === "no_access") return { kind: "no_access" };
  if (response.status === 409 && said.current) return { kind: "stale", current: said.current };
  if (response.ok || response.status >= 500 || [408, 429].includes(response.status)) {
    return { kind: "retry" };
  }
  return { kind: "refused", message: said.message ?? `HTTP ${response.status}` };
}

function isJson(response) {
  return response.headers.get("Content-Type")?.startsWith("application/json");
}

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
