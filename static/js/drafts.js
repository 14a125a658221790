// What is being typed is kept in this browser until it is sent, and cleared on logging out.

const user = document.querySelector(".account summary")?.textContent ?? "";
const OURS = `hearsay-draft:${user}:`;
const SENT = "hearsay-sent";
const TYPED = "textarea, select, input[type=text], input[type=url], input[type=date], input[type=number], input:not([type])";

const fields = (form) => [...form.querySelectorAll(TYPED)].filter((field) => field.name);
const begunWith = (field) =>
  field.options ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value : field.defaultValue;
const keyOf = (form, field) => `${OURS}${form.dataset.draft}:${field.name}`;
const overOf = (form, field) => `${keyOf(form, field)}:over`;

function drop(form, field) {
  localStorage.removeItem(keyOf(form, field));
  localStorage.removeItem(overOf(form, field));
}

function keep(form) {
  for (const field of fields(form)) {
    try {
      if (!field.value || field.value === begunWith(field)) {
        drop(form, field);
        continue;
      }
      localStorage.setItem(keyOf(form, field), field.value);
      localStorage.setItem(overOf(form, field), begunWith(field));
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
      if (draft === begunWith(field)) drop(form, field);
      if (draft === null || draft === begunWith(field) || field.value !== begunWith(field)) continue;
      // Over what somebody else saved meanwhile, it would undo their work without the server seeing a conflict.
      const over = localStorage.getItem(overOf(form, field));
      if (form.dataset.draftOver === "same" && over !== begunWith(field)) continue;
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

// "Save mine on top" of a conflict sends what was typed in another form of the panel.
function draftOf(form) {
  if (form.dataset.draft || !form.closest(".conflict")) return form.dataset.draft;
  const typed = [...document.querySelectorAll("form[data-draft]")];
  return typed.find((other) => other.getAttribute("action") === form.getAttribute("action"))?.dataset.draft;
}

document.addEventListener("submit", (event) => {
  const draft = draftOf(event.target);
  if (event.target.dataset.clearsDrafts !== undefined) forget(OURS);
  else if (draft && !event.target.hasAttribute("hx-post")) sessionStorage.setItem(SENT, draft);
});

// htmx says that it has arrived before the fresh form is there, into which the draft would go again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const draft = draftOf(event.detail.requestConfig.elt);
  if (draft && event.detail.xhr.status === 200) forget(`${OURS}${draft}:`);
});
document.addEventListener("htmx:afterSwap", bring);

// A plain form has arrived when the next page is a good one and not the log-in.
const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
const [came] = performance.getEntriesByType("navigation");
if (sent && user && came.type === "navigate" && came.responseStatus < 400) forget(`${OURS}${sent}:`);
bring();
