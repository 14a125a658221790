"""Lay a text out for the page: its blocks, cut into runs wherever a statement or a link begins or ends.

Pure: knows neither Django nor HTML. Offsets are code points over the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# An excerpt: as many characters around the words as tell where they stand; words this near are in one.
AROUND, NEAR = 60, 160

PARAGRAPH = re.compile(r"[^\r\n]+(?:\r?\n(?![ \t]*\r?\n)[^\r\n]+)*")
LINE_END = re.compile(r"\r\n|[\r\n]")
BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
WHOLE_WORDS_AHEAD = re.compile(r"\s+")
WHOLE_WORDS_BEHIND = re.compile(r"[^\r\n]*(?=\s)")


@dataclass(frozen=True, slots=True)
class Span:
    """A statement's place: ``key`` is its id."""

    key: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stand:
    """Words that the chosen hop stands on; ``what`` is "source" for who it is, or "cue"."""

    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class Run:
    """Words that lie in the same statements, the same link and the same stands throughout.

    ``inside`` are the statements around it, the longest outermost; ``begins`` and ``ends`` those
    whose first and last words these are. ``roles`` are what the stands around it are, ``labels``
    those of the stands that end with it. ``noted`` says whether a note is on these words, ``note_ends``
    which notes' last words they are. A run that only ends a line has no statements.
    """

    text: str
    start: int
    inside: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    href: str = ""
    line_end: bool = False
    roles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    noted: bool = False
    note_ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """A block of the page and its runs, in order."""

    kind: str
    runs: tuple[Run, ...]


def paragraphs(text: str) -> list[tuple[int, int, str]]:
    """The blocks of a text that came without any: what blank lines part."""
    return [(m.start(), m.end(), "p") for m in PARAGRAPH.finditer(text)]


def lay_out(
    text: str,
    blocks: Sequence[tuple[int, int, str]],
    links: Iterable[tuple[int, int, str]],
    spans: Iterable[Span],
    stands: Sequence[Stand] = (),
    notes: Sequence[Span] = (),
) -> list[Laid]:
    """The text as blocks of runs. Time grows with runs times the statements that overlap at once.

    ``blocks`` are ``(start, end, kind)`` in order and apart; words outside every block are laid out
    as paragraphs of their own, so that no statement is ever without its words.
    """
    spans = sorted(spans, key=lambda s: (s.start, -s.end, s.key))
    links = sorted(links)
    edges = sorted(
        {edge for s in spans for edge in (s.start, s.end)}
        | {edge for s in stands for edge in (s.start, s.end)}
        | {edge for s in notes for edge in (s.start, s.end)}
        | {edge for start, end, _ in links for edge in (start, end)}
    )
    laid: list[Laid] = []
    begun: set[int] = set()
    ended: set[int] = set()
    at_span = at_link = 0
    notes = sorted(notes, key=lambda s: (s.start, s.end, s.key))
    at_note = 0
    noted: list[Span] = []
    active: list[Span] = []
    for start, end, kind in with_gaps(text, blocks):
        runs: list[Run] = []
        for left, right, line_end in pieces(text, start, end, edges):
            if line_end:
                runs.append(Run("\n", left, line_end=True))
                continue
            while at_span < len(spans) and spans[at_span].start < right:
                active.append(spans[at_span])
                at_span += 1
            active = [s for s in active if s.end > left]
            while at_note < len(notes) and notes[at_note].start < right:
                noted.append(notes[at_note])
                at_note += 1
            here = noted
            note_ends = tuple(s.key for s in here if not text[right : s.end].strip())
            noted = [s for s in here if text[right : s.end].strip()]
            while at_link < len(links) and links[at_link][1] <= left:
                at_link += 1
            href = links[at_link][2] if at_link < len(links) and links[at_link][0] <= left else ""
            inside = [s for s in active if s.start <= left]
            inside.sort(key=lambda s: (s.start - s.end, s.key))
            begins = tuple(s.key for s in inside if s.key not in begun)
            begun.update(begins)
            ends = tuple(s.key for s in inside if s.key not in ended and not text[right : s.end].strip())
            ended.update(ends)
            runs.append(
                Run(
                    text[left:right],
                    left,
                    tuple(s.key for s in inside),
                    begins,
                    ends,
                    href,
                    roles=tuple(s.what for s in stands if s.start <= left < s.end),
                    labels=tuple(s.what for s in stands if s.start < right and s.end == right),
                    noted=any(s.start <= left < s.end for s in here),
                    note_ends=note_ends,
                )
            )
        laid.append(Laid(kind, tuple(runs)))
    return laid


def with_gaps(text: str, blocks: Sequence[tuple[int, int, str]]) -> Iterable[tuple[int, int, str]]:
    """The blocks, and paragraphs for words that lie in none of them."""
    at = 0
    for start, end, kind in blocks or paragraphs(text):
        if text[at:start].strip():
            yield from (
                (at + a, at + b, k) for a, b, k in paragraphs(text[at:start]) if text[at + a : at + b].strip()
            )
        yield start, end, kind
        at = end
    if text[at:].strip():
        yield from ((at + a, at + b, k) for a, b, k in paragraphs(text[at:]) if text[at + a : at + b].strip())


def pieces(text: str, start: int, end: int, edges: Sequence[int]) -> Iterable[tuple[int, int, bool]]:
    """``(left, right, ends a line)`` over a block, cut at the edges.

    A line end is a piece of its own: HTML makes one character of CR LF, which would shift every
    offset that a browser counts after it.
    """
    cuts = [start]
    at = bisect_left(edges, start)
    while at < len(edges) and edges[at] < end:
        if edges[at] > cuts[-1]:
            cuts.append(edges[at])
        at += 1
    cuts.append(end)
    for left, right in pairwise(cuts):
        here = left
        for line_end in LINE_END.finditer(text, left, right):
            if line_end.start() > here:
                yield here, line_end.start(), False
            yield line_end.start(), line_end.end(), True
            here = line_end.end()
        if here < right:
            yield here, right, False


def excerpts(text: str, stands: Iterable[Stand]) -> list[tuple[Run, ...]]:
    """The words that a hop stands on, each with a few words of its paragraph around it.

    Stands that are near each other share an excerpt, which is a tuple of runs with their roles.
    """
    groups: list[list[Stand]] = []
    for stand in sorted(stands, key=lambda s: (s.start, s.end)):
        last = max(s.end for s in groups[-1]) if groups else 0
        if groups and stand.start - last <= NEAR and not BLANK_LINE.search(text, last, stand.start):
            groups[-1].append(stand)
        else:
            groups.append([stand])
    return [excerpt(text, group) for group in groups]


def excerpt(text: str, stands: Sequence[Stand]) -> tuple[Run, ...]:
    """One excerpt around these stands, from a word's beginning to a word's end, cut at the stands' edges."""
    first, last = stands[0].start, max(s.end for s in stands)
    low = max(0, first - AROUND, text.rfind("\n", 0, first) + 1)
    paragraph_end = text.find("\n", last)
    high = min(last + AROUND, paragraph_end if paragraph_end >= 0 else len(text))
    runs: list[Run] = []
    if low and text[low - 1] != "\n":
        word = WHOLE_WORDS_AHEAD.search(text, low, first)
        low = word.end() if word else first
        runs.append(Run("… ", low))
    cut = high < len(text) and text[high] != "\n"
    if cut:
        word = WHOLE_WORDS_BEHIND.match(text, last, high)
        high = word.end() if word else last
    edges = sorted({low, high, *(edge for s in stands for edge in (s.start, s.end))})
    for left, right in pairwise(edges):
        roles = tuple(s.what for s in stands if s.start <= left < s.end)
        labels = tuple(s.what for s in stands if s.end == right)
        runs.append(Run(text[left:right], left, roles=roles, labels=labels))
    if cut:
        runs.append(Run(" …", high))
    return tuple(runs)
