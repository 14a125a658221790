// The words that notes are on, kept in step with the panel that is swapped in, and where one is written.
import { cutAt } from "./marks.js";

const markers = () => [...document.querySelectorAll("#text .note-mark")];
const runs = () => [...document.querySelectorAll("#text [data-start]")];
const endOf = (run) => Number(run.dataset.start) + Array.from(run.textContent).length;

function marker(note) {
  const link = document.createElement("a");
  link.className = "note-mark";
  link.href = `${note.dataset.marks}#${note.id}`;
  link.setAttribute("hx-get", note.dataset.marks);
  Object.assign(link.dataset, { note: note.dataset.note, from: note.dataset.start, to: note.dataset.end });
  const name = document.createElement("span");
  name.className = "unseen";
  name.textContent = `Note by ${note.dataset.by} on the words before`;
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = "✎";
  link.append(name, sign);
  const around = document.createElement("sup");
  around.append(link);
  return around;
}

function paint() {
  const spans = markers().map((each) => [Number(each.dataset.from), Number(each.dataset.to)]);
  spans.flat().forEach(cutAt);
  for (const run of runs()) {
    const from = Number(run.dataset.start);
    run.toggleAttribute("data-noted", spans.some(([start, end]) => start <= from && from < end));
  }
}

function follow(panel) {
  let changed = false;
  for (const note of panel.querySelectorAll(".note[data-start]")) {
    const there = document.querySelector(`#text .note-mark[data-note="${CSS.escape(note.dataset.note)}"]`);
    if (Boolean(note.dataset.marks) === Boolean(there)) continue;
    changed = true;
    if (there) {
      there.closest("sup").remove();
      continue;
    }
    const end = Number(note.dataset.end);
    cutAt(Number(note.dataset.start));
    cutAt(end);
    const last = runs().filter((run) => endOf(run) <= end).pop();
    const made = marker(note);
    last?.after(made);
    window.htmx?.process(made);
  }
  if (changed) paint();
}

document.addEventListener("htmx:afterSwap", (event) => {
  const panel = document.getElementById("claim");
  if (event.detail.target?.id !== "claim" || !panel) return;
  follow(panel);
  if (event.detail.requestConfig.verb !== "get") return;
  const asked = new URLSearchParams(event.detail.pathInfo.requestPath.split("?")[1]);
  const writing = asked.get("open") === "note" ? "#note-details textarea" : ".edit-note textarea";
  const form = panel.querySelector(writing);
  // Not a class: htmx gives what it swaps in the old one for a moment.
  const note = panel.querySelector(".note[data-chosen]");
  if (form) form.focus();
  else if (note) {
    note.focus({ preventScroll: true });
    note.scrollIntoView({ block: "nearest" });
    document.getElementById("live").textContent = note.querySelector(".body")?.textContent.trim() ?? "";
  }
});
