// The marks in the text and the panel beside it, kept in step.
import { edges } from "./selection.js";

const narrow = matchMedia("(max-width: 62rem)");
const panel = () => document.getElementById("claim");
const marksOf = (id) => document.querySelectorAll(`mark[data-statement="${CSS.escape(id)}"]`);

function makeReachable() {
  // Without scripts the number behind a claim is its link; with them the words themselves are.
  for (const mark of document.querySelectorAll("mark[id]")) {
    mark.tabIndex = 0;
    mark.setAttribute("role", "link");
  }
  for (const number of document.querySelectorAll("a.number")) number.tabIndex = -1;
}

function follow(element) {
  boxWords(element);
  showSources(element);
  const id = element.dataset.statement;
  document.querySelectorAll("mark.chosen").forEach((mark) => mark.classList.remove("chosen"));
  document.querySelectorAll("mark[aria-current]").forEach((mark) => mark.removeAttribute("aria-current"));
  if (!id) return;
  marksOf(id).forEach((mark, at) => {
    mark.classList.add("chosen");
    mark.dataset.state = element.dataset.state;
    mark.dataset.severity = element.dataset.severity;
    if (at === 0) mark.setAttribute("aria-current", "true");
  });
  numberOf(id)?.toggleAttribute("data-unsure", "unsure" in element.dataset);
}

export function cutAt(offset) {
  // Offsets are code points. The run that the offset lies in becomes two.
  for (const run of document.querySelectorAll("#text [data-start]")) {
    const from = Number(run.dataset.start);
    const points = Array.from(run.textContent);
    if (offset <= from || offset >= from + points.length) continue;
    const rest = run.cloneNode(false);
    rest.removeAttribute("id");
    rest.dataset.start = offset;
    run.textContent = points.slice(0, offset - from).join("");
    rest.textContent = points.slice(offset - from).join("");
    run.after(rest);
  }
}

function boxWords(element) {
  // The server boxes the words of the chosen hop or flag in a whole page; a panel that is swapped in does it here.
  for (const run of document.querySelectorAll("#text [data-stands]")) {
    for (const name of ["data-stands", "data-label", "id"]) run.removeAttribute(name);
  }
  const hop = element.querySelector(".hop.chosen")?.dataset;
  const places = JSON.parse(element.querySelector(".flag.chosen")?.dataset.places ?? "[]");
  const stands = places.map(([start, end]) => ({ role: "flag", start, end }));
  // A chosen note on the article stands beside the panel, not in it.
  const note = document.querySelector(".side .note[data-chosen][data-start]")?.dataset;
  if (note) stands.push({ role: "note", start: Number(note.start), end: Number(note.end) });
  if (hop?.start) stands.push({ role: "source", start: Number(hop.start), end: Number(hop.end) });
  if (hop?.cueStart) stands.push({ role: "cue", start: Number(hop.cueStart), end: Number(hop.cueEnd) });
  stands.flatMap(({ start, end }) => [start, end]).forEach(cutAt);
  for (const run of document.querySelectorAll("#text [data-start]")) {
    const from = Number(run.dataset.start);
    const to = from + Array.from(run.textContent).length;
    const inside = stands.filter(({ start, end }) => start <= from && to <= end);
    if (!inside.length) continue;
    run.dataset.stands = inside.map(({ role }) => role).join(" ");
    const ending = inside.filter(({ end }) => end === to);
    if (ending.length) run.dataset.label = ending.map(({ role }) => role).join(" and ");
    if (!document.getElementById("stands")) run.id = "stands";
  }
}

function rangesOf(start, end) {
  // Offsets are code points, a range's are UTF-16 units; a run ends where the next one begins, or before.
  const runs = [...document.querySelectorAll("#text [data-start]")];
  return runs.flatMap((run, at) => {
    const from = Number(run.dataset.start);
    if (from >= end || (at + 1 < runs.length && Number(runs[at + 1].dataset.start) <= start)) return [];
    const points = Array.from(run.textContent);
    const unit = (offset) => points.slice(0, Math.max(0, offset - from)).join("").length;
    const range = new Range();
    range.setStart(run.firstChild, unit(start));
    range.setEnd(run.firstChild, unit(end));
    return range.collapsed ? [] : [range];
  });
}

function showSources(element) {
  if (!CSS.highlights) return;
  const hops = [...element.querySelectorAll("[data-hop][data-start]")];
  const ranges = hops.flatMap((hop) => rangesOf(Number(hop.dataset.start), Number(hop.dataset.end)));
  CSS.highlights.set("sources", new Highlight(...ranges));
}

const numberOf = (id) => document.querySelector(`a.number[data-number="${CSS.escape(id)}"]`);

function choose(mark) {
  numberOf(mark.dataset.statement)?.click();
}

function showReason(why) {
  why.focus({ preventScroll: true });
  why.scrollIntoView({ block: "nearest" });
  // Where the text stands above the panel, going there would lead away from the reason.
  if (!narrow.matches) document.getElementById("stands")?.scrollIntoView({ block: "nearest" });
  document.getElementById("live").textContent = why.querySelector(".pattern, .flag-why").textContent;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark");
  if (mark && !event.target.closest("a") && getSelection().isCollapsed) choose(mark);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("mark")) return;
  event.preventDefault();
  choose(event.target);
});

// Which control had the focus: the panel that comes has one of the same name, not the same element.
let held = "";

function nameOf(control) {
  if (!control?.closest("#claim") || control.id === "claim") return "";
  if (control.id) return `#${CSS.escape(control.id)}`;
  if (control.dataset.key) return `[data-key="${CSS.escape(control.dataset.key)}"]`;
  return control.name ? `[name="${CSS.escape(control.name)}"][value="${CSS.escape(control.value)}"]` : "";
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "claim") held = nameOf(document.activeElement);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const element = panel();
  if (event.detail.target?.id !== "claim" || !element) return;
  const byLink = event.detail.requestConfig.verb === "get";
  follow(element);
  const why = element.querySelector("#why, #chosen-flag");
  if (byLink && why) {
    showReason(why);
    return;
  }
  if (byLink && narrow.matches) element.scrollIntoView();
  if (byLink && !narrow.matches) {
    element.parentElement.scrollTop = 0;
    document.querySelector("mark[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  const wrong = element.querySelector("[aria-invalid=true], .conflict button, .error");
  const field = element.querySelector("[aria-invalid=true], .conflict button");
  const same = held ? element.querySelector(held) : null;
  const wanted = element.querySelector("[autofocus]");
  if (field) field.focus();
  else if (wanted) wanted.focus();
  else if (same?.checkVisibility()) same.focus({ preventScroll: true });
  else element.focus({ preventScroll: true });
  const said = element.querySelector("[data-said]");
  if (!wrong && said) document.getElementById("live").textContent = said.textContent;
  else if (!wrong) {
    document.getElementById("live").textContent = byLink
      ? element.querySelector(".wording").textContent
      : `Saved. ${element.querySelector(".state").textContent}.`;
  }
});

// After somebody else’s change put another panel, or other marks, in the place of those that were here.
export function redrawn() {
  makeReachable();
  if (panel()) follow(panel());
}

const runAt = (offset) =>
  [...document.querySelectorAll("#text [data-start]")].findLast((run) => Number(run.dataset.start) <= offset);

export function swapText(fresh) {
  // The words are the same, only the marks are others: what is in view, selected and focused stays.
  const text = document.getElementById("text");
  const inView = [...text.querySelectorAll("[data-start]")].find((run) => run.getBoundingClientRect().bottom > 0);
  const top = inView?.getBoundingClientRect().top;
  const selection = getSelection();
  const selected = selection.rangeCount && !selection.isCollapsed ? edges(selection.getRangeAt(0)) : null;
  const at = text.contains(document.activeElement) ? document.activeElement : null;
  text.replaceChildren(...document.adoptNode(fresh).childNodes);
  window.htmx.process(text);
  redrawn();
  if (inView) scrollBy({ top: (runAt(Number(inView.dataset.start))?.getBoundingClientRect().top ?? top) - top, behavior: "instant" });
  if (selected) {
    const ranges = rangesOf(selected.start, selected.end);
    const last = ranges[ranges.length - 1];
    if (last) selection.setBaseAndExtent(ranges[0].startContainer, ranges[0].startOffset, last.endContainer, last.endOffset);
  }
  if (at?.matches("mark")) text.querySelector(`mark[id="mark-${at.dataset.statement}"]`)?.focus({ preventScroll: true });
  else if (at?.dataset.number) numberOf(at.dataset.number)?.focus({ preventScroll: true });
}

redrawn();
(document.getElementById("stands") ?? document.querySelector("mark[aria-current]"))?.scrollIntoView({ block: "center" });
