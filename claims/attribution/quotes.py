"""Where quotations lie. One pass over the characters of a paragraph, so that no text can make it slow."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPENING = "“„«"
CLOSING = "”»"
STRAIGHT = '"'
_MARKS = re.compile("''|``|[“„«”»\"‘’]")
_LONGEST_TITLE = 6
# What stands right before the marks of a title.
_TITLED = {
    *(
        "on",
        "in",
        "of",
        "for",
        "show",
        "programme",
        "program",
        "book",
        "novel",
        "film",
        "song",
        "series",
        "podcast",
    ),
    *(
        "album",
        "movie",
        "documentary",
        "memoir",
        "titled",
        "entitled",
        "magazine",
        "host",
        "his",
        "her",
        "their",
    ),
}
_SMALL = {"a", "an", "and", "the", "of", "in", "on", "to", "for", "with", "at", "from", "by", "or", "&"}
_BEFORE_OPENING = set(" \t\n\r([{—–-/:…'‘’“\"")


@dataclass(frozen=True, slots=True)
class Quote:
    """``start:end`` are the words within the marks; ``outer_start:outer_end`` take the marks in.

    ``closed`` is False if the paragraph ends first: the quotation may go on in the next one.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool = True


def quotes(text: str, start: int, end: int) -> list[Quote]:
    """The outermost quotations of ``text[start:end]`` in order. Nested ones are part of the outer one.

    Curly and straight double marks, ``''`` for a double mark, and single curly marks that hold several words.
    """
    found: list[Quote] = []
    opened: tuple[int, int, str] | None = None
    for match in _MARKS.finditer(text, start, end):
        at = match.start()
        mark, width = _mark(text, at, start, end)
        if mark and opened is None and mark in ("open", "open-single"):
            opened = (at, at + width, mark)
        elif opened is not None and (
            (mark == "close" and opened[2] == "open")
            or (mark == "close-single" and opened[2] == "open-single")
        ):
            if text[opened[1] : at].strip():
                found.append(Quote(opened[1], at, opened[0], at + width))
            opened = None
        elif opened is not None and opened[2] == "open-single" and mark == "open":
            opened = (at, at + width, mark)
        elif (
            opened is not None
            and mark == "open"
            and opened[2] == "open"
            and text[at] == "“"
            and text[opened[0]] == "“"
        ):
            # A new mark where one stands open: the first was never closed.
            opened = (at, at + width, mark)
    if opened is not None and opened[2] == "open" and text[opened[1] : end].strip():
        found.append(Quote(opened[1], end, opened[0], end, closed=False))
    return found


def _mark(text: str, at: int, start: int, end: int) -> tuple[str, int]:
    c = text[at]
    if c in OPENING:
        return "open", 1
    if c in CLOSING:
        return "close", 1
    if c == STRAIGHT or text.startswith(("''", "``"), at):
        width = 1 if c == STRAIGHT else 2
        before = text[at - 1] if at > start else " "
        after = text[at + width] if at + width < end else " "
        if c == "`":
            return "open", width
        opens = before in _BEFORE_OPENING and not after.isspace() and after not in ",.;:!?)"
        return ("open" if opens else "close"), width
    if c == "‘":
        after = text[at + 1] if at + 1 < end else " "
        before = text[at - 1] if at > start else " "
        return ("open-single", 1) if before in _BEFORE_OPENING and after.isalnum() else ("", 0)
    if c == "’":
        after = text[at + 1] if at + 1 < end else " "
        return ("close-single", 1) if not after.isalnum() else ("", 0)
    return "", 0


def is_title(text: str, quote: Quote) -> bool:
    """ "On CBS’s “Face the Nation,” she said": what a programme, a book or a song is called."""
    words = text[quote.start : quote.end].split(maxsplit=_LONGEST_TITLE)
    before = text[max(0, quote.outer_start - 20) : quote.outer_start]
    if not quote.closed or not words or len(words) > _LONGEST_TITLE or words[-1][-1] in "?!…":
        return False
    led = before.rstrip().rpartition(" ")[2].lower()
    if led not in _TITLED and not led.endswith(("'s", "’s")):
        return False
    large = all(w[:1].isupper() or w[:1].isdigit() or w in _SMALL for w in words)
    return large and words[0][:1].isupper()


def is_sentence(text: str, quote: Quote) -> bool:
    """Whether a quotation is somebody speaking, not one or two words set in marks."""
    words = text[quote.start : quote.end].split(maxsplit=4)
    if not quote.closed:
        return len(words) > 3
    last = text[quote.start : quote.end].rstrip()[-1:]
    return (len(words) > 2 and last in ".?!,…-—" and words[0][:1].isupper()) or (
        len(words) > 1 and last in ".?!"
    )
