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

document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark");
  if (!mark || event.target.closest("a") || !getSelection().isCollapsed) return;
  document.querySelector(`a.number[data-number="${CSS.escape(mark.dataset.statement)}"]`)?.click();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("mark")) return;
  event.preventDefault();
  document.querySelector(`a.number[data-number="${CSS.escape(event.target.dataset.statement)}"]`)?.click();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "claim") return;
  const element = panel();
  if (!element) return;
  follow(element);
  const chosenByLink = event.detail.requestConfig?.verb === "get";
  if (chosenByLink && !narrow.matches) element.parentElement.scrollTop = 0;
  if (chosenByLink && narrow.matches) element.scrollIntoView();
  element.focus({ preventScroll: true });
  document.getElementById("live").textContent = chosenByLink
    ? element.querySelector(".wording").textContent
    : `Saved. ${element.querySelector(".state").textContent}.`;
});

makeReachable();
if (panel()) follow(panel());
document.querySelector("mark[aria-current]")?.scrollIntoView({ block: "center" });
