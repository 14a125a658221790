// Forms that are brought when their part is unfolded.

document.addEventListener("toggle", (event) => {
  const later = event.target.open && event.target.querySelector(":scope > [data-later]");
  if (!later) return;
  const from = later.dataset.later;
  later.removeAttribute("data-later");
  window.htmx.ajax("GET", from, { source: later, target: later, swap: "outerHTML" });
}, true);

// The form of a part of the panel, unfolded, as soon as it is there.
export function formIn(details) {
  details.open = true;
  const here = details.querySelector("form");
  if (here) return Promise.resolve(here);
  return new Promise((resolve) => {
    details.addEventListener("htmx:afterSettle", function settled() {
      const form = details.querySelector("form");
      if (!form) return;
      details.removeEventListener("htmx:afterSettle", settled);
      resolve(form);
    });
  });
}
