"""Lay a text out for the page: its blocks, cut into runs wherever a statement or a link begins or ends.

Pure: knows neither Django nor HTML. Offsets are code points over the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

PARAGRAPH = re.compile(r"[^\r\n]+(?:\r?\n(?![ \t]*\r?\n)[^\r\n]+)*")
LINE_END = re.compile(r"\r\n|[\r\n]")


@dataclass(frozen=True, slots=True)
class Span:
    """A statement's place: ``key`` is its id."""

    key: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Words that lie in the same statements and the same link throughout.

    ``inside`` are the statements around it, the longest outermost; ``begins`` and ``ends`` those
    whose first and last words these are. A run that only ends a line has no statements.
    """

    text: str
    start: int
    inside: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    href: str = ""
    line_end: bool = False


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
) -> list[Laid]:
    """The text as blocks of runs. Time grows with runs times the statements that overlap at once.

    ``blocks`` are ``(start, end, kind)`` in order and apart; words outside every block are laid out
    as paragraphs of their own, so that no statement is ever without its words.
    """
    spans = sorted(spans, key=lambda s: (s.start, -s.end, s.key))
    links = sorted(links)
    edges = sorted(
        {edge for s in spans for edge in (s.start, s.end)} | {e for a, b, _ in links for e in (a, b)}
    )
    laid: list[Laid] = []
    begun: set[int] = set()
    ended: set[int] = set()
    at_span = at_link = 0
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
            while at_link < len(links) and links[at_link][1] <= left:
                at_link += 1
            href = links[at_link][2] if at_link < len(links) and links[at_link][0] <= left else ""
            inside = [s for s in active if s.start <= left]
            inside.sort(key=lambda s: (s.start - s.end, s.key))
            begins = tuple(s.key for s in inside if s.key not in begun)
            begun.update(begins)
            ends = tuple(s.key for s in inside if s.key not in ended and not text[right : s.end].strip())
            ended.update(ends)
            runs.append(Run(text[left:right], left, tuple(s.key for s in inside), begins, ends, href))
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
