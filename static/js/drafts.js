// What is being typed is kept in this browser until it is sent, and cleared on logging out.

const SPACE = "hearsay-draft:";
const SENT = "hearsay-sent";
const keyOf = (form, field) => `${SPACE}${form.dataset.draft}:${field.name}`;
const kept = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=url], input:not([type])")]
  .filter((field) => field.name);

function keep(form) {
  for (const field of kept(form)) {
    try {
      if (field.value && field.value !== field.defaultValue) localStorage.setItem(keyOf(form, field), field.value);
      else localStorage.removeItem(keyOf(form, field));
    } catch {
      return; // The browser's store is full or closed: typing must go on.
    }
  }
}

function forget(form) {
  for (const field of kept(form)) localStorage.removeItem(keyOf(form, field));
}

function bring(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    for (const field of kept(form)) {
      const draft = localStorage.getItem(keyOf(form, field));
      if (draft === null || field.value !== field.defaultValue || field.closest("form").querySelector(".error")) continue;
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
  const form = event.target;
  if ("clearsDrafts" in form.dataset) {
    Object.keys(localStorage).filter((key) => key.startsWith(SPACE)).forEach((key) => localStorage.removeItem(key));
    sessionStorage.removeItem(SENT);
  } else if (form.dataset.draft && !form.hasAttribute("hx-post")) {
    sessionStorage.setItem(SENT, form.dataset.draft);
  }
});

// htmx says whether it arrived; a plain form has arrived when the next page isn't the log-in.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (form.dataset?.draft && event.detail.xhr.status === 200) forget(form);
});
document.addEventListener("htmx:afterSwap", () => bring(document));

const sent = sessionStorage.getItem(SENT);
if (sent && !document.querySelector("input[name=password]")) {
  const there = document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`);
  if (!there?.querySelector(".error")) {
    Object.keys(localStorage)
      .filter((key) => key.startsWith(`${SPACE}${sent}:`))
      .forEach((key) => localStorage.removeItem(key));
  }
  sessionStorage.removeItem(SENT);
}
bring(document);
