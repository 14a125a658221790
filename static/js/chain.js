// The keys of the chain editor. Each presses a button or follows a link that stands in it.

let settling = false;

// What was swapped in gets its htmx a moment later: pressed before, a link would lead to a whole page.
function press(control) {
  if (settling) document.addEventListener("htmx:afterSettle", () => control.click(), { once: true });
  else control.click();
}

document.addEventListener("htmx:afterSwap", () => { settling = true; });
document.addEventListener("htmx:afterSettle", () => { settling = false; });

const editor = () => document.querySelector("#claim [data-chain-editor]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
  const here = editor();
  if (!here?.contains(event.target)) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const row = event.target.closest("[data-hop]");
    if (!row || event.target.closest("form.hop-form")) return;
    const move = row.querySelector(`[data-move="${event.key}"]`);
    if (move) press(move);
    else document.getElementById("live").textContent = `It can’t go nearer the ${event.key === "ArrowUp" ? "reader" : "origin"}.`;
    return;
  }
  if (event.altKey || event.key !== "Escape") return;
  // What was typed stays as a draft, and is there when the form is opened again.
  const form = event.target.closest("form.hop-form");
  event.preventDefault();
  press(form?.querySelector("[data-close]") ?? here.querySelector("[data-done]"));
});
