// What others do to the open article, as it happens. The stream says only that something changed, and where; the
// page then asks for what it needs, and leaves alone what somebody is at.
import { showHere } from "./here.js";
import { redrawn, swapText } from "./marks.js";
import { busy, listed, parsed, plain, replace, tellIn } from "./parts.js";

const room = document.querySelector("[data-live]");
// What arrives together is looked up together; browsers that hear the same don’t all ask in the same moment.
const TOGETHER = 150;
// Who strikes key after key is told of others a moment later: each own change is heard here as well.
const AFTER_OWN = 1_500;
const HIDDEN_FOR = 20_000;
const QUIET_FOR = 3_000;
const OF_THE_PAGE = ["document", "capture", "reading", "note", "assignment"];

const panel = () => document.getElementById("claim");
const chosen = () => panel()?.dataset.statement ?? "";

let stream = null;
let key = "";
let tries = 0;
let hiding = 0;
let trouble = 0;
let seenUntil = room?.dataset.seenUntil;
let shape = room?.dataset.shape;
let laid = room?.dataset.laid;
let looking = 0;
let lastOwn = -AFTER_OWN;
let underWay = 0;
let again = false;
let wholePage = false;
let ended = false;
let present = [];
let told = "";
const baselines = new Map();

// What is said to screen readers: not every event, but what came together, in one breath.
const SPOKEN_EVERY = 2_000;
let toSay = [];
function say(words) {
  if (!toSay.length) {
    setTimeout(() => {
      document.getElementById("live").textContent = [...new Set(toSay)].join(" ");
      toSay = [];
    }, SPOKEN_EVERY);
  }
  toSay.push(words);
}

function status(words) {
  const line = document.getElementById("live-state");
  line.textContent = words;
  line.hidden = !words;
}

function open() {
  if (stream || ended) return;
  const address = new URL(room.dataset.live, location.href);
  address.searchParams.set("since", seenUntil);
  if (chosen()) address.searchParams.set("statement", chosen());
  stream = new EventSource(address);
  const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("hello", (said) => {
    key = said.key;
    tries = 0;
    told = chosen();
    clearTimeout(trouble);
    trouble = 0;
    status("");
  });
  on("change", heard);
  on("missed", () => {
    status("");
    wholePage = true;
    look();
  });
  on("here", (people) => {
    present = people;
    showHere(people, say);
  });
  on("paused", () => status("Live updates paused"));
  on("full", () => {
    close();
    status("Live updates paused: you have this open in many places");
  });
  on("over", () => {
    close();
    ended = true;
    status("You are logged out, or can’t see this article any more. Load the page anew");
  });
  stream.onerror = () => {
    // Each try that fails comes by here again.
    trouble ||= setTimeout(() => status("Live updates paused"), QUIET_FOR);
    if (stream?.readyState !== EventSource.CLOSED) return;
    // It tries again by itself after a broken line, not after an answer that was no stream.
    close();
    setTimeout(open, Math.min(60_000, 2_000 * 2 ** tries++));
  };
}

function close() {
  stream?.close();
  stream = null;
  key = "";
}

// Others see which claim is chosen here.
let telling = 0;
function tellChosen() {
  clearTimeout(telling);
  telling = setTimeout(() => {
    if (!key || told === chosen()) return;
    told = chosen();
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const body = new URLSearchParams({ key, statement: told });
    fetch(room.dataset.here, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => {});
  }, 500);
}

function heard({ kind, statement, source }) {
  if (source && !document.querySelector(`main a[href="/sources/${source}/"]`)) return;
  if (source || (OF_THE_PAGE.includes(kind) && !statement)) wholePage = true;
  look();
}

function look() {
  clearTimeout(looking);
  const ownEnds = lastOwn + AFTER_OWN - performance.now();
  looking = setTimeout(lookNow, Math.max(ownEnds, TOGETHER * (1 + Math.random())));
}

async function asked(address, html = false) {
  const headers = html ? {} : { Accept: "application/json" };
  const answer = await fetch(address, { headers, cache: "no-store" });
  const kind = answer.headers.get("Content-Type") ?? "";
  // A log-in page isn’t what was asked for.
  if (!answer.ok || answer.redirected || !kind.startsWith(html ? "text/html" : "application/json")) throw new Error();
  return html ? parsed(await answer.text()) : answer.json();
}

async function lookNow() {
  // What this page itself has sent is answered first: it brings the panel as it is then.
  if (underWay) {
    again = true;
    return;
  }
  const query = new URLSearchParams(location.search);
  if (chosen()) {
    query.set("statement", chosen());
    query.set("seen", panel().dataset.seen);
  }
  underWay += 1;
  try {
    const of = chosen();
    const now = await asked(`${room.dataset.look}?${query}`);
    drawMarks(now.marks);
    const tally = document.getElementById("tally");
    const fresh = parsed(now.tally).getElementById("tally");
    if (!plain(tally).isEqualNode(plain(fresh))) tally.replaceWith(document.adoptNode(fresh));
    if (now.shape !== shape || wholePage) await lookAtPage(now);
    seenUntil = now.since;
    if (underWay > 1) again = true;
    else if (of && of === chosen()) await lookAtPanel(now.chosen);
  } catch {
    // The next change, or the stream’s return, looks again.
  } finally {
    answered();
  }
}

function answered() {
  underWay -= 1;
  if (underWay || !again) return;
  again = false;
  look();
}

function drawMarks(marks) {
  const changed = new Set();
  for (const mark of document.querySelectorAll("#text mark")) {
    const now = marks[mark.dataset.statement];
    if (!now) continue;
    const [state, severity, unsure, shown] = now;
    if (mark.dataset.state !== state || mark.dataset.severity !== severity) changed.add(mark.dataset.statement);
    Object.assign(mark.dataset, { state, severity });
    mark.toggleAttribute("data-aside", !shown);
    document.querySelector(`a.number[data-number="${mark.dataset.statement}"]`)?.toggleAttribute("data-unsure", unsure);
  }
  changed.delete(chosen());
  if (changed.size) say(changed.size === 1 ? "Another claim changed." : `${changed.size} other claims changed.`);
  for (const dot of document.querySelectorAll(".dot[data-of]")) {
    const now = marks[dot.dataset.of];
    if (now) dot.dataset.severity = now[1];
  }
}

async function lookAtPage(now) {
  const page = await asked(room.dataset.page + location.search, true);
  const there = page.querySelector("[data-live]");
  if (there.dataset.capture !== room.dataset.capture) {
    const notices = document.getElementById("notices");
    tellIn(notices, "A newer version of this article was taken in.", () => location.assign(room.dataset.page));
    say("A newer version of this article was taken in.");
    return;
  }
  wholePage = false;
  shape = now.shape;
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || plain(fresh).isEqualNode(baselines.get(part.id))) continue;
    if (busy(part)) {
      tellIn(part, "Somebody changed what stands here.", () => show(part, fresh));
    } else show(part, fresh);
  }
  const list = panel();
  if (list?.classList.contains("empty")) replace(list, page.getElementById("claim"));
  if (now.laid !== laid) {
    laid = now.laid;
    swapText(page.getElementById("text"));
    say("The claims in the text changed.");
  }
  showHere(present, say);
}

function show(part, fresh) {
  baselines.set(part.id, plain(fresh));
  replace(part, fresh);
}

async function lookAtPanel({ there, seen, by }) {
  if (seen === panel().dataset.seen && there) return;
  const who = listed(by) || "Somebody";
  if (!there) {
    const words = by.length ? `${who} deleted this claim.` : "This claim is gone: the text was read again.";
    if (panel().dataset.gone === undefined) say(words);
    panel().dataset.gone = "";
    tellIn(panel(), `${words} What you typed stays here until you leave.`, null);
    return;
  }
  say(`${who} changed this claim.`);
  if (busy(panel())) tellIn(panel(), `${who} changed this claim.`, showPanel);
  else await showPanel();
}

function addressOfPanel() {
  const editor = panel().querySelector("[data-chain-editor]");
  if (editor) {
    // Splitting, merging and copying have an address of their own.
    if (editor.dataset.at) return new URL(editor.dataset.at, location.href);
    const address = new URL(panel().dataset.chain, location.href);
    const form = editor.querySelector("form.hop-form");
    const where = form?.querySelector("[name=where]");
    if (where) address.searchParams.set("add", where.value);
    else if (form) address.searchParams.set("hop", form.closest("[data-hop]").dataset.hop);
    return address;
  }
  // After a plain form came back the address is that of the action.
  const link = new URL(document.querySelector(`a.number[data-number="${CSS.escape(chosen())}"]`)?.href ?? location.href);
  const address = link.pathname === location.pathname ? new URL(location.href) : link;
  address.hash = "";
  return address;
}

async function showPanel() {
  const address = addressOfPanel();
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const fresh = parsed(await answer.text()).getElementById("claim");
  if (fresh?.dataset.statement === chosen()) {
    replace(panel(), fresh);
    redrawn();
  }
}

if (room) {
  for (const part of document.querySelectorAll("[data-part]")) baselines.set(part.id, plain(part));
  document.addEventListener("htmx:beforeRequest", () => { underWay += 1; });
  document.addEventListener("htmx:afterRequest", () => {
    lastOwn = performance.now();
    answered();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "claim") return;
    tellChosen();
    showHere(present, say);
  });
  // A page that nobody looks at keeps no line open: a browser has few of them for one server.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN_FOR);
    else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", () => { if (!document.hidden) open(); });
  addEventListener("online", open);
  if (!document.hidden) open();
}
