"""Making a stranger's markup bearable for parsers: nothing that a reader would see is lost. Pure."""

from __future__ import annotations

import re

# libxml2 stops reading a page at 256 open elements and html5ever grows slow with their square; browsers stop
# at 512, articles stay under 60.
MAX_DEPTH = 150
_LONG_TAG = 20_000

# Possessive and bounded, so that no row of open quotation marks makes it slow.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>"']{0,40})((?:"[^"]{0,1000}"|'[^']{0,1000}'|[^"'<>])*+)>""")
_DATA_URL = re.compile(r"data:[a-z]{1,20}/[\w.+-]{1,80}(?:;[\w=-]{1,40}){0,3};base64,[A-Za-z0-9+/=%]{100,}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
_QUOTATION = re.compile(r"<(/?)q(?:\s[^<>]*)?>", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = ("script", "style", "textarea", "title")
# End tags that HTML lets authors leave out: which open elements a start tag closes by itself (HTML,
# 13.1.2.4).
_CELL = frozenset({"p", "li", "dt", "dd", "td", "th"})
_CLOSES = {
    "p": frozenset({"p"}),
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "td": _CELL,
    "th": _CELL,
    "tr": _CELL | {"tr"},
    "option": frozenset({"option"}),
}


def tame(html: str) -> str:
    """``html`` without what makes parsers fail or crawl, and with every word that a reader sees.

    Pictures written into the page (data: URLs) and the attributes of tags longer than 20,000 characters go,
    and an XML declaration, since lxml refuses one in characters that are already decoded. Elements nested
    deeper than `MAX_DEPTH` lose their tags and keep their text. `<q>` becomes the quotation marks that a
    browser shows for it: without them, said words and the author's own could not be told apart.
    """
    html = _XML_DECLARATION.sub("", html, count=1)
    html = _DATA_URL.sub("", html)
    html = _TAG.sub(lambda m: m[0] if len(m[0]) <= _LONG_TAG else f"<{m[1]}{m[2]}>", html)
    html = _QUOTATION.sub(lambda m: "\u201d" if m[1] else "\u201c", html)
    return _flatten(html)


def one_line(html: str) -> str:
    """``html`` with its line ends as spaces, but for those in `<pre>`, which a reader sees.

    For telling apart, afterwards, the line ends that trafilatura's pretty-printer puts between elements.
    """
    pieces: list[str] = []
    at = 0
    while (start := _find(html, "<pre", at)) >= 0 and (end := _find(html, "</pre", start)) >= 0:
        pieces += [html[at:start].replace("\r", " ").replace("\n", " "), html[start:end]]
        at = end
    return "".join([*pieces, html[at:].replace("\r", " ").replace("\n", " ")])


def _find(html: str, tag: str, at: int) -> int:
    match = re.compile(re.escape(tag) + r"[\s>]", re.IGNORECASE).search(html, at)
    return match.start() if match else -1


def _flatten(html: str) -> str:
    kept: list[str] = []
    open_tags: list[str] = []
    count: dict[str, int] = {}
    at = 0  # up to where ``html`` is in ``kept``, or dropped
    scan = 0

    def close_top() -> None:
        count[open_tags.pop()] -= 1

    while match := _TAG.search(html, scan):
        scan = match.end()
        closing, name = match[1], match[2].lower()
        if name in _VOID or match[3].endswith("/"):
            continue
        deep = len(open_tags) >= MAX_DEPTH
        if closing:
            if not count.get(name):
                continue
            deep = len(open_tags) > MAX_DEPTH
            while open_tags[-1] != name:
                close_top()
            close_top()
        else:
            if name in _RAW:
                # What looks like tags in there are none.
                end = _find(html, f"</{name}", scan)
                scan = len(html) if end < 0 else end
                continue
            while open_tags and open_tags[-1] in _CLOSES.get(name, ()):
                close_top()
            deep = len(open_tags) >= MAX_DEPTH
            open_tags.append(name)
            count[name] = count.get(name, 0) + 1
        if deep:
            kept += [html[at : match.start()], " "]
            at = match.end()
    return html if not kept else "".join([*kept, html[at:]])
