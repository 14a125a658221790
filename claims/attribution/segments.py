"""Where a text is cut before it is parsed: at paragraph bounds, and never into pieces too long to parse."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Parsing is linear in a piece, but the rules look up and down its tree: this bounds what they can cost.
LONGEST = 4_000
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s")
_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Each is replaced by one code point, so that offsets hold; the parser knows only plain spaces.
_BLANK = {
    ord(c): " "
    for c in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060"
    "\u2066\u2067\u2068\u2069\u3000\ufeff"
}


# "KYIV, Ukraine (AP) — ", "LONDON, 12 May – ": where and for whom, not part of a sentence.
_DASH = re.compile(r" ?(?:--|[-–—]) ")
_PLACE = re.compile(
    r"[A-Z][A-Z.'’/ -]{2,30}(?:, [\w.,'’ ]{1,34})?(?: ?\([\w.,\- ]{2,24}\))?"
    r"|[A-Z][\w.'’ ]{2,24}(?:, [\w.,'’ ]{1,34})? ?\((?:[A-Z]{2,6}|Reuters|Bloomberg|Xinhua)\)"
)
_FARTHEST, _LEAST_BEHIND = 70, 40


@dataclass(frozen=True, slots=True)
class Segment:
    """``text[start:end]``; ``paragraph`` counts paragraphs, so pieces of a giant one share it."""

    start: int
    end: int
    paragraph: int


def plain(text: str) -> str:
    """The text with every kind of blank as a space: same length, so offsets in it are offsets in ``text``."""
    return text.translate(_BLANK)


def segments(text: str) -> Iterator[Segment]:
    """Cut a text into paragraphs (lines; wrapped lines are joined), in order, none empty."""
    for number, (start, end) in enumerate(_paragraphs(text)):
        at = _behind_dateline(text, start, end)
        while end - at > LONGEST:
            cut = _cut(text, at, at + LONGEST)
            yield Segment(at, cut, number)
            at = cut
        if text[at:end].strip():
            yield Segment(at, end, number)


def _behind_dateline(text: str, start: int, end: int) -> int:
    dash = _DASH.search(text, start, min(end, start + _FARTHEST))
    if dash is None or end - dash.end() < _LEAST_BEHIND or not _PLACE.fullmatch(text, start, dash.start()):
        return start
    return dash.end()


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    lines = [m.span() for m in _LINE.finditer(text) if not m[0].isspace()]
    wrapped = _is_wrapped(text, lines)
    start = end = -1
    for line_start, line_end in lines:
        if start >= 0 and _goes_on(text, end, line_start, line_end, wrapped):
            end = line_end
            continue
        if start >= 0:
            yield start, end
        start, end = line_start, line_end
    if start >= 0:
        yield start, end


def _goes_on(text: str, end: int, start: int, line_end: int, wrapped: bool) -> bool:
    """Whether the line at ``start`` continues the one that stopped at ``end``."""
    gap = text[end:start]
    if gap.count("\n") > 1 or gap.count("\r") > 1 or "\u2029" in gap:
        return False
    last = text[max(0, end - 40) : end].rstrip()[-1:] if end else ""
    first = text[start : min(line_end, start + 40)].lstrip()[:1]
    if wrapped:
        return True
    return (last.isalnum() or last == ",") and first.islower()


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Mail and old web pages break lines at 60 to 100 characters and paragraphs at a blank line."""
    if len(lines) < 8 or max(end - start for start, end in lines) > 110:
        return False
    follow = [a for a, b in itertools.pairwise(lines) if text.count("\n", a[1], b[0]) == 1]
    long = sum(end - start >= 50 for start, end in follow)
    return len(follow) > len(lines) // 2 and long > 0.7 * len(follow)


def _cut(text: str, start: int, limit: int) -> int:
    """The best place to cut before ``limit``: after a sentence, else at a blank, else anywhere."""
    window = text[start:limit]
    ends = [m.end() for m in _SENTENCE_END.finditer(window, LONGEST // 2)]
    if ends:
        return start + ends[-1]
    for index in range(len(window) - 1, LONGEST // 2, -1):
        if window[index].isspace():
            return start + index + 1
    return limit
