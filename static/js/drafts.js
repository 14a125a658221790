// What is being typed is kept in this browser until it is sent, and cleared on logging out.

const user = document.querySelector(".account summary")?.textContent ?? "";
const OURS = `hearsay-draft:${user}:`;
const SENT = "hearsay-sent";
const TYPED = "textarea, select, input[type=text], input[type=url], input[type=date], input[type=number], input:not([type])";

// Where the browser's store is full or closed, it is kept at least until the page goes.
const memory = new Map();
const get = (key) => memory.get(key) ?? localStorage.getItem(key);

function put(key, value) {
  try {
    localStorage.setItem(key, value);
    memory.delete(key);
  } catch {
    memory.set(key, value);
  }
}

function remove(key) {
  memory.delete(key);
  localStorage.removeItem(key);
}

const fields = (form) => [...form.querySelectorAll(TYPED)].filter((field) => field.name);
const begunWith = (field) =>
  field.options ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value : field.defaultValue;
const keyOf = (form, field) => `${OURS}${form.dataset.draft}:${field.name}`;
const overOf = (form, field) => `${keyOf(form, field)}:over`;

function drop(form, field) {
  remove(keyOf(form, field));
  remove(overOf(form, field));
}

function keep(form) {
  for (const field of fields(form)) {
    if (!field.value || field.value === begunWith(field)) {
      drop(form, field);
      continue;
    }
    put(keyOf(form, field), field.value);
    put(overOf(form, field), begunWith(field));
  }
}

function forget(beginning) {
  [...memory.keys(), ...Object.keys(localStorage)].filter((key) => key.startsWith(beginning)).forEach(remove);
}

// Something is typed into it that isn't saved.
export const dirty = (form) => fields(form).some((field) => field.value !== begunWith(field));

// Over words that somebody else changed meanwhile: both stand there, and the person chooses.
function offer(form, field, draft) {
  const line = document.createElement("span");
  line.className = "typed-before";
  const words = document.createElement("q");
  words.textContent = draft;
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = name;
    made.addEventListener("click", () => {
      act();
      line.remove();
      field.focus();
    });
    return made;
  };
  const back = () => {
    field.value = draft;
    keep(form);
  };
  line.append("Changed meanwhile. You had typed ", words, " ", button("Put mine back", back), " ", button("Drop mine", () => drop(form, field)));
  field.after(line);
  unfold(form);
}

function unfold(form) {
  const around = form.closest("details");
  if (around) around.open = true;
}

export function bring() {
  // A form that isn't here yet comes when its part unfolds, and then what was typed into it.
  for (const later of document.querySelectorAll("[data-drafts]")) {
    const ours = `${OURS}${later.dataset.drafts}:`;
    if ([...memory.keys(), ...Object.keys(localStorage)].some((each) => each.startsWith(ours))) unfold(later);
  }
  for (const form of document.querySelectorAll("form[data-draft]")) {
    // What came back with an error has its words from the server.
    if (form.querySelector(".error")) continue;
    for (const field of fields(form)) {
      const draft = get(keyOf(form, field));
      if (draft === begunWith(field)) drop(form, field);
      if (draft === null || draft === begunWith(field) || field.value !== begunWith(field)) continue;
      // Over what somebody else saved meanwhile, it would undo their work without the server seeing a conflict.
      const over = get(overOf(form, field));
      if (form.dataset.draftOver === "same" && over !== begunWith(field)) {
        if (!field.parentElement.querySelector(".typed-before")) offer(form, field, draft);
        continue;
      }
      field.value = draft;
      unfold(form);
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
