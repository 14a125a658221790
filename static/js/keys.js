// The keys of the desk. Each presses a control that also stands on the page ([data-key], [data-go]);
// none fires while somebody is typing.

import { formIn, goTo } from "./later.js";

const WAITS = 1500; // milliseconds for the letter after "g"
const STARTLED = 1000; // milliseconds after a failure in which what is struck was meant for what didn't come
const STALE = 10_000; // milliseconds after which a key that waits for an answer is forgotten
const PRESSED = "[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range], [type=color]";

const waiting = [];
let asked = 0;
let going = 0;
let deaf = 0;

const panel = () => document.getElementById("claim");
const say = (words) => { document.getElementById("live").textContent = words; };

function typing(at) {
  return at.isContentEditable || at.matches("textarea, select") || (at.matches("input") && !at.matches(PRESSED));
}

function name() {
  // The keys work only with scripts, so only here are they said to screen readers.
  for (const control of document.querySelectorAll("[data-key]:not([aria-keyshortcuts])")) {
    control.setAttribute("aria-keyshortcuts", control.dataset.key === "?" ? "Shift+?" : control.dataset.key);
  }
}

function controlOf(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  return all.find((control) => control.checkVisibility()) ?? all.find((control) => control.matches("[popovertarget]"));
}

async function open(details) {
  const form = await formIn(details);
  goTo(form.querySelector("select, textarea, input:not([type=hidden])"));
}

function press(control) {
  if (control.matches("input")) {
    control.focus();
    control.select();
    return;
  }
  control.click();
}

function firstMarks(which = "") {
  return [...document.querySelectorAll(`#text mark[id]:not([data-aside])${which}`)];
}

function go(mark) {
  document.querySelector(`a.number[data-number="${CSS.escape(mark.dataset.statement)}"]`)?.click();
}

function step(forward, only) {
  const marks = firstMarks(only);
  const here = document.querySelector("#text mark[id][aria-current]") ?? document.querySelector("#text mark[id].chosen");
  const after = (mark) => here.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING;
  const others = marks.filter((mark) => mark !== here);
  if (!others.length) {
    say(only ? "No other claim waits for a review." : "There is no other claim.");
    return;
  }
  if (!forward) others.reverse();
  // Past the end the round of what waits begins again; "j" alone stops there.
  const next = here ? others.find((mark) => Boolean(after(mark)) === forward) : others[0];
  if (next ?? only) go(next ?? others[0]);
  else say(forward ? "That was the last claim." : "That was the first claim.");
}

function row(forward) {
  const rows = [...document.querySelectorAll("main [data-row]")];
  const at = rows.findIndex((each) => each.contains(document.activeElement));
  const next = at < 0 ? rows[forward ? 0 : rows.length - 1] : rows[at + (forward ? 1 : -1)];
  next?.querySelector("a")?.focus();
}

const UNREVIEWED = '[data-state="unreviewed"]';
const moves = {
  j: () => (panel() ? step(true, "") : row(true)),
  k: () => (panel() ? step(false, "") : row(false)),
  J: () => panel() && step(true, UNREVIEWED),
  K: () => panel() && step(false, UNREVIEWED),
};

function act(key) {
  if (moves[key]) {
    moves[key]();
    return true;
  }
  const control = controlOf(key);
  if (control) press(control);
  return Boolean(control);
}

function leave(event) {
  const around = event.target.closest("details.edit[open], details[open] > form");
  if (!typing(event.target)) return;
  event.target.blur();
  const details = around?.closest("details");
  if (details) {
    details.open = false;
    (document.querySelector(`[data-opens="${CSS.escape(details.id)}"]`) ?? details.querySelector("summary")).focus();
  } else panel()?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const at = event.target;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && at.matches?.("textarea")) {
    event.preventDefault();
    at.form?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") leave(event);
  if (typing(at) || event.key.length !== 1) return;
  if (going && Date.now() - going < WAITS) {
    going = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    event.preventDefault();
    place?.click();
    return;
  }
  if (event.key === "g") {
    going = Date.now();
    return;
  }
  if (Date.now() - deaf < STARTLED) return;
  if (event.repeat && !moves[event.key]) return;
  // A key that is pressed while an answer is under way is meant for what that answer brings.
  if (busy()) {
    waiting.push({ key: event.key, at: Date.now() });
    event.preventDefault();
  } else if (act(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opens = event.target.closest?.("[data-opens]");
  if (!opens) return;
  event.preventDefault();
  open(document.getElementById(opens.dataset.opens));
});

const busy = () => Date.now() - asked < STALE;

function answered() {
  asked = 0;
  while (waiting.length && !busy()) {
    const { key, at } = waiting.shift();
    if (Date.now() - at < STALE) act(key);
  }
}

function failed() {
  // What was meant for the claim that didn't come must not fall on the one that is here.
  asked = 0;
  waiting.length = 0;
  deaf = Date.now();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "claim") asked = Date.now();
});
document.addEventListener("htmx:afterSettle", (event) => {
  name();
  // Not for what is swapped in beside it: only then do the panel's own forms go by htmx.
  if (event.target.id === "claim") answered();
});
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:sendAbort", "htmx:timeout", "htmx:swapError"]) {
  document.addEventListener(trouble, failed);
}
name();
