// Pasting an article: keep the HTML of the clipboard, so that links and paragraphs survive.

const box = document.getElementById("id_text");
const html = document.getElementById("id_html");
const hint = document.getElementById("paste-hint");

if (box && html) {
  let pasted = "";
  box.addEventListener("paste", (event) => {
    const rich = event.clipboardData.getData("text/html");
    const all = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    if (!rich || !all) return;
    event.preventDefault();
    // The box shows what the HTML says, so that both say the same.
    const page = new DOMParser().parseFromString(rich, "text/html");
    const unseen = "script, style, noscript, template, head, svg, math, iframe, object, embed";
    page.querySelectorAll(unseen).forEach((element) => element.remove());
    const blocks = "p, h1, h2, h3, h4, h5, h6, li, blockquote, div, tr, section, article, ul, ol, table, pre, figure";
    page.querySelectorAll("br").forEach((line) => line.replaceWith("\n"));
    page.querySelectorAll(blocks).forEach((block) => block.after("\n\n"));
    box.value = page.body.textContent.replace(/[ \t]*\n[ \t]*/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
    html.value = rich;
    pasted = box.value;
    const links = page.querySelectorAll("a[href]").length;
    hint.textContent = links === 1 ? "One link is kept." : `${links} links are kept.`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  box.addEventListener("input", () => {
    if (!html.value || box.value === pasted) return;
    html.value = "";
    hint.textContent = "You changed the text after pasting, so its links are left out. Paste it again to keep them.";
  });
}
