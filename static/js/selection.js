// Choosing words in the text: their offsets, and what can be done with them.
import { formIn, goTo } from "./later.js";

const bar = document.getElementById("chosen-words");
const text = document.getElementById("text");
const panel = () => document.querySelector("#claim[data-statement]");
let chosen = null;
let before = null; // what had the focus when words were first chosen

// A browser counts UTF-16 units; the text's offsets are code points.
const points = (string) => Array.from(string).length;

function offset(node, at) {
  const run = node.nodeType === Node.TEXT_NODE && node.parentElement.closest("[data-start]");
  return run ? Number(run.dataset.start) + points(node.data.slice(0, at)) : null;
}

export function edges(range) {
  // A selection may begin or end between runs (a number, a block's edge): take the runs inside it.
  if (!text?.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  let start = offset(range.startContainer, range.startOffset);
  let end = offset(range.endContainer, range.endOffset);
  if (start === null || end === null) {
    const inside = [...text.querySelectorAll("[data-start]")].filter((run) => range.intersectsNode(run));
    if (!inside.length) return null;
    start ??= Number(inside[0].dataset.start);
    const last = inside[inside.length - 1];
    end ??= Number(last.dataset.start) + points(last.textContent);
  }
  return start < end ? { start, end } : null;
}

function look() {
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const at = range && edges(range);
  if (!at) {
    if (!bar.contains(document.activeElement)) bar.hidden = true;
    return;
  }
  if (bar.hidden) before = document.activeElement;
  const copy = range.cloneContents();
  copy.querySelectorAll("sup, .out").forEach((extra) => extra.remove());
  copy.querySelectorAll("p, blockquote, h2").forEach((block) => block.append(" "));
  chosen = { ...at, words: copy.textContent.replace(/\s+/g, " ").trim() };
  bar.querySelector("[name=start]").value = at.start;
  bar.querySelector("[name=end]").value = at.end;
  bar.querySelector("[data-words=bounds]").hidden = !document.getElementById("amend-details");
  bar.querySelector("[data-words=source]").hidden = !panel();
  bar.querySelector("[data-words=split]").hidden = !panel()?.dataset.split || !inside(panel().dataset);
  bar.hidden = false;
}

// Whether the chosen words are a part of the claim, and not the whole of it.
function inside({ start, end }) {
  const within = Number(start) <= chosen.start && chosen.end <= Number(end);
  return within && chosen.end - chosen.start < end - start;
}

const openSource = () => document.querySelector("#claim form.hop-form");

function bring(address) {
  return htmx.ajax("GET", address, { target: "#claim", swap: "outerHTML" });
}

function fill(form, focus) {
  form.querySelector("[name=start]").value = chosen.start;
  form.querySelector("[name=end]").value = chosen.end;
  const shown = form.querySelector("[data-shows-words]");
  if (shown) {
    shown.textContent = chosen.words;
    shown.hidden = false;
  }
  if (form.closest("details")) form.closest("details").open = true;
  goTo(focus);
  // What was put into a field counts as typed.
  focus.dispatchEvent(new Event("input", { bubbles: true }));
  bar.hidden = true;
}

const actions = {
  async note() {
    const details = document.getElementById("note-details");
    const form = details ? await formIn(details) : document.querySelector("#words-notes form");
    fill(form, form.querySelector("textarea"));
  },
  async bounds() {
    const form = await formIn(document.getElementById("amend-details"));
    const wording = form.querySelector("[name=wording]");
    wording.value = chosen.words;
    fill(form, wording);
  },
  async source() {
    if (!openSource()) await bring(`${panel().dataset.chain}?add=`);
    const form = openSource();
    if (!form) return;
    const name = form.querySelector("[name=name]");
    name.value ||= chosen.words;
    form.querySelector("[name=stands_on]").value = chosen.words;
    fill(form, name);
  },
  split() {
    bar.hidden = true;
    bring(`${panel().dataset.split}?start=${chosen.start}&end=${chosen.end}`);
  },
};

// By the keyboard: Shift and an arrow on a claim in the text choose its words, and go on from there to the
// right from their end, to the left from their beginning. Tab goes to the bar, Escape back.

const shown = () => [...bar.querySelectorAll("button")].filter((button) => button.checkVisibility());
const chosenInText = () => !getSelection().isCollapsed && text.contains(getSelection().focusNode);

const runsLeft = (words) => /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(words) && !/\p{Script=Latin}/u.test(words);

function extend(event, mark) {
  const right = event.key === "ArrowRight";
  if (chosenInText()) {
    // By the words' own direction: their paragraph may begin with another script, and run the other way.
    const forward = right !== runsLeft(getSelection().focusNode.textContent);
    getSelection().modify("extend", forward ? "forward" : "backward", event.ctrlKey ? "word" : "character");
    return;
  }
  const marks = document.querySelectorAll(`mark[data-statement="${CSS.escape(mark.dataset.statement)}"] [data-start]`);
  const [first, last] = [marks[0].firstChild, marks[marks.length - 1].lastChild];
  const ends = [first, 0, last, last.length];
  getSelection().setBaseAndExtent(...(right ? ends : [...ends.slice(2), ...ends.slice(0, 2)]));
}

function close() {
  bar.hidden = true;
  const at = getSelection().anchorNode?.parentElement?.closest("mark");
  getSelection().removeAllRanges();
  const back = before?.isConnected && before !== document.body ? before : (at ?? document.getElementById("main"));
  back.focus();
}

function key(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return;
  const mark = event.target.closest?.("#text mark[id]");
  const arrow = event.key === "ArrowRight" || event.key === "ArrowLeft";
  if (mark && event.shiftKey && arrow) {
    event.preventDefault();
    extend(event, mark);
  } else if (bar.hidden) {
    // Without the bar these are nobody's.
  } else if (event.key === "Tab" && !event.shiftKey && !bar.contains(event.target) && chosenInText()) {
    event.preventDefault();
    shown()[0].focus();
  } else if (event.key === "Escape" && (bar.contains(event.target) || text.contains(event.target) || event.target === document.body)) {
    event.preventDefault();
    close();
  }
}

if (bar && text) {
  document.addEventListener("selectionchange", look);
  bar.addEventListener("click", (event) => actions[event.target.dataset.words]?.());
  document.addEventListener("keydown", key);
}
