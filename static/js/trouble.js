// When the server does not answer as it should: say so, and keep what was typed where it is.

const trouble = document.getElementById("trouble");

function tell(words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

const REASONS = {
  403: "Your role doesn’t allow this, or your log-in is out of date. Load the page anew.",
  404: "This is not here any more: somebody may have deleted it. Load the page anew.",
};

document.addEventListener("htmx:sendError", () =>
  tell("The server can’t be reached. Nothing was saved; what you typed is still here."));
document.addEventListener("htmx:responseError", (event) =>
  tell(REASONS[event.detail.xhr.status] ?? "That did not work. Nothing was saved; what you typed is still here."));
document.addEventListener("htmx:beforeRequest", () => { trouble.hidden = true; });
