// Choosing a source by typing: the list pattern of a combobox (WAI-ARIA). Without scripts the field has a datalist.

const PAUSE = 150; // milliseconds after the last letter
let asked = 0;
let timer = 0;

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const optionsOf = (field) => [...listOf(field).querySelectorAll("[role=option]")];
const isOpen = (field) => field.getAttribute("aria-expanded") === "true";

function become(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Sources");
  list.hidden = true;
  field.removeAttribute("list");
  field.after(list);
  const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(states)) field.setAttribute(name, value);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // The field keeps the focus.
    const option = event.target.closest("[role=option]");
    if (option) take(field, option);
  });
}

function close(field) {
  clearTimeout(timer);
  asked += 1;
  listOf(field).hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

async function offer(field) {
  const mine = ++asked;
  const url = new URL(field.dataset.offers, location.href);
  url.searchParams.set("name", field.value);
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  // What came late is for letters that aren't there any more.
  if (!answer?.ok || mine !== asked || document.activeElement !== field) return;
  const list = listOf(field);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  list.replaceChildren(...page.querySelectorAll("[role=option]"));
  optionsOf(field).forEach((option, at) => { option.id = `${list.id}-${at}`; });
  const some = optionsOf(field).length;
  list.hidden = !some;
  field.setAttribute("aria-expanded", String(some > 0));
  field.removeAttribute("aria-activedescendant");
  document.getElementById("live").textContent = some ? `${some} offered.` : "None offered.";
}

function mark(field, option) {
  for (const each of optionsOf(field)) each.setAttribute("aria-selected", String(each === option));
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take(field, option) {
  field.value = option.dataset.name;
  for (const name of ["kind", "naming"]) {
    const select = field.form.elements[name];
    if (select && option.dataset[name]) select.value = option.dataset[name];
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close(field);
}

function key(event) {
  const field = event.target;
  const options = optionsOf(field);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const active = field.hasAttribute("aria-activedescendant") ? options[at] : null;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.altKey) return;
    event.preventDefault();
    if (!isOpen(field)) {
      offer(field);
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : -1;
    const from = active ? at + step : step > 0 ? 0 : options.length - 1;
    mark(field, options[(from + options.length) % options.length]);
  } else if (event.key === "Enter" && isOpen(field) && active) {
    event.preventDefault();
    take(field, active);
  } else if (event.key === "Escape" && isOpen(field)) {
    event.preventDefault();
    close(field);
  } else if (event.key === "Tab" && isOpen(field)) close(field);
}

const combobox = (event) => (event.target.matches?.("[data-offers]") ? event.target : null);

document.addEventListener("focusin", (event) => {
  const field = combobox(event);
  if (field && field.getAttribute("role") !== "combobox") become(field);
});
document.addEventListener("focusout", (event) => {
  const field = combobox(event);
  if (field?.getAttribute("role") === "combobox") close(field);
});
document.addEventListener("input", (event) => {
  const field = combobox(event);
  // What "take" puts there is no typing.
  if (!field || !event.isTrusted) return;
  if (field.getAttribute("role") !== "combobox") become(field);
  clearTimeout(timer);
  timer = setTimeout(() => offer(field), PAUSE);
});
document.addEventListener("keydown", (event) => {
  if (combobox(event) && event.target.getAttribute("role") === "combobox" && !event.isComposing) key(event);
});
