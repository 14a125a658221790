// Forms that are brought when their part is unfolded.

function bring(details) {
  const later = details.querySelector(":scope > [data-later]");
  if (!later) return;
  const from = later.dataset.later;
  later.removeAttribute("data-later");
  const again = () => {
    if (!later.isConnected) return;
    later.dataset.later = from;
    forget();
  };
  window.htmx.ajax("GET", from, { source: later, target: later, swap: "outerHTML" }).then(again, again);
}

document.addEventListener("toggle", (event) => { if (event.target.open) bring(event.target); }, true);

// What is struck while a form is on its way is meant for it, not for the claim.
let ahead = null;

document.addEventListener("keydown", (event) => {
  if (!ahead || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  ahead.push(event.key);
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function forget() {
  ahead = null;
}

// The form of a part of the panel, unfolded, as soon as it is there.
export function formIn(details) {
  details.open = true;
  const here = details.querySelector("form");
  if (here) return Promise.resolve(here);
  ahead = [];
  bring(details);
  return new Promise((resolve) => {
    details.addEventListener("htmx:afterSettle", function settled() {
      const form = details.querySelector("form");
      if (!form) return;
      details.removeEventListener("htmx:afterSettle", settled);
      resolve(form);
    });
  });
}

// Go to a field of it, and write there what was struck meanwhile.
export function goTo(field) {
  const typed = (ahead ?? []).join("");
  forget();
  field.focus();
  if (!typed || field.matches("select")) return;
  field.setRangeText(typed, field.value.length, field.value.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
