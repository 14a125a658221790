// Choosing words in the text: their offsets, and what can be done with them.

const bar = document.getElementById("chosen-words");
const text = document.getElementById("text");
let chosen = null;

// A browser counts UTF-16 units; the text's offsets are code points.
const points = (string) => Array.from(string).length;

function offset(node, at) {
  const run = node.nodeType === Node.TEXT_NODE && node.parentElement.closest("[data-start]");
  return run ? Number(run.dataset.start) + points(node.data.slice(0, at)) : null;
}

function edges(range) {
  // A selection may begin or end between runs (a number, a block's edge): take the runs inside it.
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
  const inText = range && text.contains(range.startContainer) && text.contains(range.endContainer);
  const at = inText && edges(range);
  if (!at) {
    if (!bar.contains(document.activeElement)) bar.hidden = true;
    return;
  }
  const copy = range.cloneContents();
  copy.querySelectorAll("sup, .out").forEach((extra) => extra.remove());
  copy.querySelectorAll("p, blockquote, h2").forEach((block) => block.append(" "));
  chosen = { ...at, words: copy.textContent.replace(/\s+/g, " ").trim() };
  bar.querySelector("[name=start]").value = at.start;
  bar.querySelector("[name=end]").value = at.end;
  bar.querySelector("[data-words=bounds]").hidden = !document.querySelector("#claim[data-statement]");
  bar.querySelector("[data-words=source]").hidden = !openSource();
  bar.hidden = false;
}

function openSource() {
  return document.querySelector("#claim .edit[open] .field-kind")?.closest("form");
}

function fill(form, focus) {
  form.querySelector("[name=start]").value = chosen.start;
  form.querySelector("[name=end]").value = chosen.end;
  const shown = form.querySelector("[data-shows-words]");
  if (shown) {
    shown.textContent = chosen.words;
    shown.hidden = false;
  }
  form.closest("details").open = true;
  focus.focus();
  // What was put into a field counts as typed.
  focus.dispatchEvent(new Event("input", { bubbles: true }));
  bar.hidden = true;
}

const actions = {
  note() {
    const form = document.querySelector("#note-details form") ?? document.querySelector("#words-notes form");
    fill(form, form.querySelector("textarea"));
  },
  bounds() {
    const form = document.querySelector("#amend-details form");
    const wording = form.querySelector("[name=wording]");
    wording.value = chosen.words;
    fill(form, wording);
  },
  source() {
    const form = openSource();
    const name = form.querySelector("[name=name]");
    name.value ||= chosen.words;
    fill(form, name);
  },
};

if (bar && text) {
  document.addEventListener("selectionchange", look);
  bar.addEventListener("click", (event) => actions[event.target.dataset.words]?.());
}
