// The key "/" goes to the search box, but never while somebody is typing.

const box = document.getElementById("find");
const PRESSED = "[type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range], [type=color]";

function typing(at) {
  return at.isContentEditable || at.matches("textarea, select") || (at.matches("input") && !at.matches(PRESSED));
}

document.addEventListener("keydown", (event) => {
  if (!box || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.defaultPrevented || event.isComposing || typing(event.target)) return;
  event.preventDefault();
  box.focus();
  box.select();
});
