// Parts of the page that somebody else’s change replaces, without taking anything from who is at them.
import { bring, dirty } from "./drafts.js";

const TYPING = "textarea, select, input:not([type=button], [type=submit], [type=checkbox], [type=radio]), [contenteditable]";

export const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

// Somebody types in it, or has something in it that isn’t saved, or is about to. What came back from the server with an error or
// a conflict stands in its fields as if it had always been there.
export function busy(part) {
  const at = document.activeElement;
  if (part.contains(at) && at.matches(TYPING)) return true;
  if (part.querySelector(".error, .conflict, form.hop-form")) return true;
  return [...part.querySelectorAll("form")].some(dirty);
}

const folds = (part) => [...part.querySelectorAll("details")];
const foldKey = (fold) =>
  fold.id || fold.querySelector("form")?.getAttribute("action") || fold.querySelector("summary")?.textContent.replace(/\d+/g, "");
const focusKey = (element) =>
  [element.tagName, element.id, element.getAttribute("href"), element.form?.getAttribute("action"), element.value, element.textContent.trim()].join("|");

// Put the fresh part in the place of the old one; what is unfolded and where the focus is stay.
export function replace(part, fresh) {
  const open = new Set(folds(part).filter((fold) => fold.open).map(foldKey));
  const at = part.contains(document.activeElement) ? document.activeElement : null;
  const key = at && focusKey(at);
  const node = document.adoptNode(fresh);
  for (const fold of folds(node)) fold.open ||= open.has(foldKey(fold));
  part.replaceWith(node);
  window.htmx.process(node);
  bring();
  if (at === part) node.focus({ preventScroll: true });
  else if (at) {
    const same = [...node.querySelectorAll("a, button, summary, [tabindex]")].find((element) => focusKey(element) === key);
    (same ?? node.closest("[tabindex]") ?? document.getElementById("main")).focus({ preventScroll: true });
  }
  return node;
}

// Two renderings of a part say the same when they differ by nothing but tokens and what is unfolded.
export function plain(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("input[name=csrfmiddlewaretoken], .news").forEach((each) => each.remove());
  copy.querySelectorAll("details[open]").forEach((fold) => fold.removeAttribute("open"));
  copy.removeAttribute("open");
  return copy;
}

// A quiet line in a part that could not be replaced: what happened, and a button that shows it.
export function tellIn(part, words, act, deed = "See it") {
  part.querySelector(":scope > .news")?.remove();
  const line = document.createElement("p");
  line.className = "news";
  line.append(`${words} `);
  if (act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = deed;
    button.addEventListener("click", act);
    line.append(button);
  }
  part.prepend(line);
}

export const listed = (names) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}` : (names[0] ?? "");
