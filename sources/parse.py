"""From bytes to one text with its blocks and links. Pure; the only module with Beautiful Soup.

Time and memory are bounded by size: trafilatura has no time limit of its own, and a thread can't be stopped.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from html import unescape

import nh3
import trafilatura
from bs4 import BeautifulSoup, NavigableString, SoupStrainer, Tag
from trafilatura.metadata import extract_metadata
from trafilatura.settings import Document, set_date_params

from sources import metadata, word
from sources.decoding import decode
from sources.markup import one_line, tame
from sources.parsed import Block, Link, Parsed, Unreadable

MAX_BYTES = 24_000_000
MAX_MARKUP = 12_000_000
MAX_TEXT = 2_000_000
MAX_ELEMENTS = 200_000
# trafilatura's time grows with the square of the elements side by side: some 5 seconds here, 60 at ten times
# as many. A page of news has a few thousand; one with more is read plainly, menus and all.
_MAX_ELEMENTS_TO_JUDGE = 20_000
_HEAD_SIZE = 50_000  # characters of such a page that are looked through for author and date

# They warn of every page without an article; the person is told by `Unreadable`, the log need not be.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HTML_ENDINGS = (".html", ".htm", ".xhtml", ".xht")
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S
)
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.S | re.I)
# Word writes a list's bullets as text between these, for browsers that know no lists.
_WORD_BULLET = re.compile(
    r"<!(?:--)?\[if !supportLists\](?:--)?>.{0,2000}?<!(?:--)?\[endif\](?:--)?>", re.S | re.I
)
# Possessive, and never failing once begun, so that a long row of breaks is walked once.
_BREAKS = re.compile(r"((?:<br\b[^<>]*>(?:\s|&nbsp;)*+)++)(?:<(?!br\b|/)[^<>]*>\s*+)*+([^<>]{0,60})", re.I)
_PRINTER_INDENT = re.compile(r"\n *\Z")

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html legend li main menu nav ol p pre section summary table tbody "
    "tfoot thead tr ul".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code del em font i ins kbd mark s small span strike strong sub sup td th "
    "u".split()
)
_GONE = {
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "title",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "xml",
}
_FURNITURE = {"nav", "footer", "aside", "form", "button", "select", "textarea"}
_UNSEEN = re.compile("[\u00ad\u200b\ufeff\ufffe\uffff\x00-\x08\x0e-\x1b\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_COLUMN = (40, 100)  # characters of a line that a printer or a mail program broke
_KEY = 24  # characters enough to know a line again


def parse(data: bytes, *, media_type: str = "", filename: str = "", url: str = "") -> Parsed:
    """The article in ``data``: a web page, a plain text or a .docx file.

    Which of them is told by ``media_type`` (a Content-Type, charset and all), else by the ending of
    ``filename``, else by the content. ``url`` is where the page came from, after redirects; links are
    resolved against it. Raises `Unreadable` with a message for a journalist.
    """
    if not data.strip():
        raise Unreadable("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file has {_mb(len(data))}; at most {_mb(MAX_BYTES)} can be read.")
    kind = media_type.partition(";")[0].strip().lower()
    ending = filename.lower()
    if word.is_docx(data, kind, ending):
        return _rendered(word.to_html(data), url)
    text = decode(data, media_type)
    known = kind in _HTML_TYPES or kind == "text/plain"
    if kind in _HTML_TYPES or (not known and ending.endswith(_HTML_ENDINGS)):
        return _page(text, url)
    if known or ending.endswith((".txt", ".text", ".md")) or not _LOOKS_LIKE_HTML.match(text):
        return parse_text(text)
    return _page(text, url)


def parse_pasted(html: str) -> Parsed:
    """What was on the clipboard as HTML: all of it is kept, since a person chose it. Raises `Unreadable`."""
    html = _SURROGATES.sub("\ufffd", html)
    if "\0" in html:
        raise Unreadable("What you pasted is not a text: there are NUL characters in it.")
    if fragment := _FRAGMENT.search(html):
        html = fragment[1]
    return _rendered(_WORD_BULLET.sub("", html), "")


def parse_text(text: str) -> Parsed:
    """A plain text, unchanged. Its blocks are its lines; where it was set in a column, what blank lines part.

    Raises `Unreadable` when it is empty, has NUL characters or is too long.
    """
    text = _SURROGATES.sub("\ufffd", text)
    if "\0" in text:
        raise Unreadable("This is not a text: there are NUL characters in it.")
    blocks = _paragraphs(text)
    return _checked(Parsed(text=text, blocks=tuple(blocks)))


def _paragraphs(text: str) -> Iterator[Block]:
    """What blank lines part; and in that, each line, unless the lines are those of a printer's column."""
    line_end = re.compile(r"\r\n|[\n\r\u2028\u2029]")
    start, lines = 0, []
    for end, onward in [*((m.start(), m.end()) for m in line_end.finditer(text)), (len(text), len(text))]:
        piece = text[start:end]
        if bare := piece.strip():
            lead = len(piece) - len(piece.lstrip())
            lines.append((start + lead, start + lead + len(bare)))
        elif lines:
            yield from _paragraph(lines)
            lines = []
        start = onward
    if lines:
        yield from _paragraph(lines)


def _paragraph(lines: list[tuple[int, int]]) -> Iterator[Block]:
    """Lines without a blank one between them: one block where they are a column, else a block each.

    A column's lines are all about as long, but for the last.
    """
    lengths = [end - start for start, end in lines]
    narrow, wide = _COLUMN
    if max(lengths) <= wide and min(lengths[:-1], default=0) >= narrow:
        yield Block(lines[0][0], lines[-1][1], "p")
    else:
        yield from (Block(start, end, "p") for start, end in lines)


def _page(html: str, url: str) -> Parsed:
    """A web page: trafilatura finds the article, this module says where its parts are."""
    html = _tame(html)
    head = _head(html)
    base = metadata.absolute(head.base, url) or url
    flat = one_line(html)
    judged = _elements(flat) <= _MAX_ELEMENTS_TO_JUDGE
    article = _surviving(lambda: _article(flat)) if judged else None
    found = _map(article, base, second_breaks=_second_breaks(flat)) if article else Parsed("")
    if not found.text:
        found = _map(_sanitised(html, _GONE | _FURNITURE), base)
    if not found.text:
        raise Unreadable(
            "No article text was found in this page. It may be built by scripts, or need a log-in. Paste it."
        )
    said = _surviving(lambda: _byline_and_date(flat if judged else flat[:_HEAD_SIZE], url))
    title, publisher = metadata.read_title_and_publisher(head, (said and said.sitename) or "")
    return _checked(
        Parsed(
            text=found.text,
            title=title or (said and said.title) or "",
            publisher=publisher,
            byline=", ".join(((said and said.author) or "").split("; ")),
            published_at=(said and said.date) or "",
            url=metadata.read_url(head, url),
            blocks=found.blocks,
            links=found.links,
        )
    )


def _article(html: str) -> str | None:
    # No url for it: without metadata it would only resolve links, and it resolves them from the site's root
    # instead of from the page's own folder.
    return trafilatura.extract(
        html, output_format="html", include_links=True, include_formatting=True, include_comments=False
    )


def _byline_and_date(html: str, url: str) -> Document:
    # htmldate's extensive search takes "© 2026", or a day that the article tells of, for the day it appeared.
    return extract_metadata(html, default_url=url or None, date_config=set_date_params(extensive=False))


def _tame(html: str) -> str:
    # Before the scan for tags: its time, too, grows with their number.
    if _elements(html) > MAX_ELEMENTS:
        raise Unreadable(
            f"It has {_elements(html):,} elements of markup; at most {MAX_ELEMENTS:,} can be read. "
            "Paste it as plain text."
        )
    html = tame(_SURROGATES.sub("\ufffd", html))
    if len(html) > MAX_MARKUP:
        raise Unreadable(f"It has {_mb(len(html))} of markup; at most {_mb(MAX_MARKUP)} can be read.")
    return html


def _elements(html: str) -> int:
    # At most so many: whatever begins like a tag counts, so that nothing odd slips past.
    return html.count("<") - html.count("</")


def _surviving[T](read: Callable[[], T]) -> T | None:
    # trafilatura and htmldate promise no set of errors, and what they walk is a stranger's. A page that they
    # can't read is read plainly instead.
    try:
        return read()
    except Exception:
        logging.getLogger(__name__).warning("trafilatura could not read a page", exc_info=True)
        return None


def _rendered(html: str, url: str) -> Parsed:
    """All of a fragment that its author sees, and its first heading as the title."""
    found = _map(_sanitised(_tame(html), _GONE), url)
    headings = (found.text[b.start : b.end] for b in found.blocks if b.kind == "h1")
    return _checked(
        Parsed(found.text, title=" ".join(next(headings, "").split()), blocks=found.blocks, links=found.links)
    )


def _checked(parsed: Parsed) -> Parsed:
    if not parsed.text.strip():
        raise Unreadable("There is no text in it.")
    size = len(parsed.text.encode("utf-8", "replace"))
    if size > MAX_TEXT:
        raise Unreadable(
            f"The text has {_mb(size)}; at most {_mb(MAX_TEXT)} can be read, about 300,000 words."
        )
    return parsed


def _mb(size: int) -> str:
    return f"{size / 1e6:.2f}".rstrip("0").rstrip(".") + " MB"


def _head(html: str) -> metadata.Head:
    only = SoupStrainer(["script", "meta", "link", "title", "base"])
    soup = BeautifulSoup(f"{html}<meta>", "lxml", parse_only=only)
    meta: dict[str, str] = {}
    for tag in soup.find_all("meta", content=True):
        key = str(tag.get("property") or tag.get("name") or "").lower()
        meta.setdefault(key, str(tag["content"]))
    canonical = soup.find("link", rel="canonical", href=True)
    base = soup.find("base", href=True)
    return metadata.Head(
        json_ld=[s.get_text() for s in soup.find_all("script", type="application/ld+json")],
        meta=meta,
        title=soup.title.get_text() if soup.title else "",
        canonical=str(canonical["href"]) if isinstance(canonical, Tag) else "",
        base=str(base["href"]) if isinstance(base, Tag) else "",
    )


def _second_breaks(html: str) -> frozenset[str]:
    """How the lines begin that follow two `<br>`: a paragraph's gap that trafilatura makes a line's end."""
    runs = (m for m in _BREAKS.finditer(html) if m[1].count("<") > 1)
    return frozenset(_key(unescape(m[2])) for m in runs) - {""}


def _key(text: str) -> str:
    return "".join(text.split())[:_KEY]


def _sanitised(html: str, gone: set[str]) -> str:
    return nh3.clean(
        html,
        tags=set((_BLOCKS | _INLINE) - gone),
        clean_content_tags=gone,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )


def _map(html: str, base: str, second_breaks: frozenset[str] | None = None) -> Parsed:
    """The text of cleaned markup, its blocks and links. ``second_breaks`` is given for trafilatura's."""
    soup = BeautifulSoup(f"<body>{unicodedata.normalize('NFC', html)}</body>", "html.parser")
    writer = _Writer(base, second_breaks or frozenset())
    printed = second_breaks is not None
    # No recursion: what came in may be nested deeper than Python's stack.
    path: list[tuple[Tag, Iterator[object]]] = [(soup, iter(soup.contents))]
    pre = 0
    while path:
        tag, children = path[-1]
        node = next(children, None)
        if node is None:
            path.pop()
            writer.leave(tag.name)
            pre -= tag.name == "pre"
        elif isinstance(node, Tag):
            # trafilatura writes inline code as <pre>, which HTML doesn't know inside a paragraph.
            if node.name == "pre" and (tag.name == "p" or tag.name in _HEADINGS):
                node.name = "code"
            writer.enter(node.name, str(node.get("href") or ""))
            pre += node.name == "pre"
            path.append((node, iter(node.contents)))
        elif type(node) is NavigableString and not (printed and _PRINTER_INDENT.match(node)):
            writer.write(str(node), keep_lines=printed or pre > 0)
    writer.finish_block()
    return Parsed("\n\n".join(writer.pieces), blocks=tuple(writer.blocks), links=tuple(writer.links))


class _Writer:
    """Writes blocks one after another, and remembers where they and their links are.

    White space is owed until the next word comes, so that no block or link begins or ends with it.
    """

    def __init__(self, base: str, second_breaks: frozenset[str]) -> None:
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self._base = base
        self._second_breaks = second_breaks
        self._start = 0  # of the block that is being written, in the text
        self._words: list[str] = []
        self._length = 0
        self._owed = ""
        self._depth = {"blockquote": 0, "li": 0, "dd": 0, "dt": 0}
        self._headings: list[str] = []
        self._hrefs: list[str] = []
        self._link_start: int | None = None

    def enter(self, name: str, href: str) -> None:
        if name == "br":
            self._break()
        elif name in ("td", "th"):
            self._owe("\t")
        elif name in _BLOCKS:
            self.finish_block()
        elif name == "a":
            self._finish_link()
            self._hrefs.append(metadata.absolute(href, self._base))
        if name in self._depth:
            self._depth[name] += 1
        if name in _HEADINGS:
            self._headings.append(name)

    def leave(self, name: str) -> None:
        if name in _BLOCKS:
            self.finish_block()
        elif name == "a":
            self._finish_link()
            self._hrefs.pop()
        if name in self._depth:
            self._depth[name] -= 1
        if name in _HEADINGS:
            self._headings.pop()

    def write(self, text: str, *, keep_lines: bool) -> None:
        text = _UNSEEN.sub("", text)
        lines = re.split(r"\r\n|[\n\r]", text) if keep_lines else [text]
        for i, line in enumerate(lines):
            if i:
                self._break()
            words = " ".join(line.split())
            if not words:
                if line:
                    self._owe(" ")
                continue
            if self._owed == "\n" and _key(line) in self._second_breaks:
                self.finish_block()
            if line[0].isspace():
                self._owe(" ")
            self._put(words)
            if line[-1].isspace():
                self._owe(" ")

    def finish_block(self) -> None:
        self._finish_link()
        self._owed = ""
        if not self._length:
            return
        self.pieces.append("".join(self._words))
        self.blocks.append(Block(self._start, self._start + self._length, self._kind()))
        self._start += self._length + 2
        self._words, self._length = [], 0

    def _kind(self) -> str:
        if self._headings:
            return self._headings[-1]
        if self._depth["blockquote"]:
            return "quote"
        return "li" if self._depth["li"] or self._depth["dd"] or self._depth["dt"] else "p"

    def _break(self) -> None:
        # Two breaks and nothing between them are how a paragraph ends where nobody wrote <p>.
        if self._owed == "\n":
            self.finish_block()
        else:
            self._owe("\n")

    def _owe(self, space: str) -> None:
        if self._length and self._owed != "\n" and not (self._owed == "\t" and space == " "):
            self._owed = space

    def _put(self, words: str) -> None:
        if self._owed:
            self._words.append(self._owed)
            self._length += 1
            self._owed = ""
        if self._hrefs and self._hrefs[-1] and self._link_start is None:
            self._link_start = self._length
        self._words.append(words)
        self._length += len(words)

    def _finish_link(self) -> None:
        if self._link_start is not None and self._link_start < self._length:
            # An owed space isn't counted yet, so a link never ends with one.
            self.links.append(
                Link(self._start + self._link_start, self._start + self._length, self._hrefs[-1])
            )
        self._link_start = None
