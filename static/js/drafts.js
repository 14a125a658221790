// What is being typed is kept in this browser until it is sent, and cleared on logging out.

const user = document.querySelector(".account summary")?.textContent ?? "";
const OURS = `hearsay-draft:${user}:`;
const SENT = "hearsay-sent";
const TYPED = "textarea, select, input[type=text], input[type=url], input:not([type])";

const fields = (form) => [...form.querySelectorAll(TYPED)].filter((field) => field.name);
const begunWith = (field) =>
  field.options ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value : field.defaultValue;
const keyOf = (form, field) => `${OURS}${form.dataset.draft}:${field.name}`;

function keep(form) {
  for (const field of fields(form)) {
    try {
      if (field.value && field.value !== begunWith(field)) localStorage.setItem(keyOf(form, field), field.value);
      else localStorage.removeItem(keyOf(form, field));
    } catch {
      return; // The browser's store is full or closed: typing must go on.
    }
  }
}

function forget(beginning) {
  Object.keys(localStorage).filter((key) => key.startsWith(beginning)).forEach((key) => localStorage.removeItem(key));
}

function bring() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    // What came back with an error has its words from the server.
    if (form.querySelector(".error")) continue;
    for (const field of fields(form)) {
      const draft = localStorage.getItem(keyOf(form, field));
      if (draft === null || draft === begunWith(field) || field.value !== begunWith(field)) continue;
      field.value = draft;
      const around = form.closest("details");
      if (around) around.open = true;
    }
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft) keep(form);
});

document.addEventListener("submit", (event) => {
  const { draft, clearsDrafts } = event.target.dataset;
  if (clearsDrafts !== undefined) forget(OURS);
  else if (draft && !event.target.hasAttribute("hx-post")) sessionStorage.setItem(SENT, draft);
});

// htmx says that it has arrived before the fresh form is there, into which the draft would go again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const draft = event.detail.requestConfig.elt.dataset.draft;
  if (draft && event.detail.xhr.status === 200) forget(`${OURS}${draft}:`);
});
document.addEventListener("htmx:afterSwap", bring);

// A plain form has arrived when the next page is a good one and not the log-in.
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
const [came] = performance.getEntriesByType("navigation");
if (sent && user && came.type === "navigate" && came.responseStatus < 400) forget(`${OURS}${sent}:`);
bring();
