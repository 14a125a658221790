// The marks in the text and the panel beside it, kept in step.

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
  const hops = [...element.querySelectorAll(".hop[data-start]")];
  const ranges = hops.flatMap((hop) => rangesOf(Number(hop.dataset.start), Number(hop.dataset.end)));
  CSS.highlights.set("sources", new Highlight(...ranges));
}

function choose(mark) {
  document.querySelector(`a.number[data-number="${CSS.escape(mark.dataset.statement)}"]`)?.click();
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

document.addEventListener("htmx:afterSwap", (event) => {
  const element = panel();
  if (event.detail.target?.id !== "claim" || !element) return;
  const byLink = event.detail.requestConfig.verb === "get";
  follow(element);
  if (byLink && narrow.matches) element.scrollIntoView();
  if (byLink && !narrow.matches) element.parentElement.scrollTop = 0;
  const wrong = element.querySelector("[aria-invalid=true], .conflict button, .error");
  if (wrong) wrong.focus();
  else element.focus({ preventScroll: true });
  if (!wrong) {
    document.getElementById("live").textContent = byLink
      ? element.querySelector(".wording").textContent
      : `Saved. ${element.querySelector(".state").textContent}.`;
  }
});

makeReachable();
if (panel()) follow(panel());
document.querySelector("mark[aria-current]")?.scrollIntoView({ block: "center" });
