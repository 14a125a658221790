"""The flat layer: the outermost attributions as written, and quotations that go on over a paragraph's end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .found import Found
from .grammar import Range, clean, overlap
from .mended import lost
from .pieces import HOPELESS, Piece
from .segments import Segment
from .tree import Doc
from .types import Attribution, Span

# What a wrong attribution costs, where a right one is worth 1, while cues are chosen.
COST = 0.2
# Under this a reading is too often wrong to be worth showing.
THRESHOLD = 0.2
# A paragraph without marks that is shorter than this is more often a heading than somebody's words.
_BLOCK = 12
_RIVALS = 40


@dataclass(slots=True)
class _Row:
    source: list[Span] | None
    cue: list[Span]
    content: list[Span]
    quoted: bool
    confidence: float


@dataclass(slots=True)
class Onward:
    """A quotation whose speaker is named in a neighbouring paragraph. ``how`` says where.

    "before": it goes on from the claim before; "announced": the sentence before announced it with a colon;
    "after": the claim at ``at`` in this paragraph says who spoke.
    """

    start: int
    end: int
    how: str
    at: Span | None = None


@dataclass(slots=True)
class FlatLayer:
    """Takes the pieces of a text in order and keeps what is attributed in each."""

    rows: list[_Row] = field(default_factory=list)
    _last: int = -9  # the paragraph in which the last row's content ends
    _announced: tuple[int, _Row] | None = None
    _waiting: list[tuple[int, Span]] = field(default_factory=list)

    def take(self, piece: Piece, segment: Segment) -> list[Onward]:
        """Add the outermost cues of a piece: what stands within another's content is that one's matter.

        Gives the quotations of this and the paragraph before that are told by a neighbouring paragraph.
        """
        doc, base = piece.doc, segment.start
        covered = [False] * len(doc)
        onward = self._go_on(piece, segment, covered)
        kept = outermost([f for f in piece.found if not covered[f.head]], len(doc))
        kept += _lost(piece, kept, covered)
        for found in sorted(kept, key=lambda f: f.head):
            row = _row(doc, found, base)
            row.quoted = any(overlap(p, c) for p, _ in piece.quoted for c in [*found.content, *found.adds])
            onward += self._told_after(piece, segment, row, found)
            self.rows.append(row)
            self._last = segment.paragraph
        if piece.opening is not None:
            self._announced = segment.paragraph, _row(doc, piece.opening, base)
        return onward

    def attributions(self) -> tuple[Attribution, ...]:
        """All that was kept, in the order of the text."""
        return tuple(
            Attribution(
                tuple(r.source) if r.source else None, tuple(r.cue), tuple(sorted(r.content)), r.confidence
            )
            for r in self.rows
        )

    def _go_on(self, piece: Piece, segment: Segment, covered: list[bool]) -> list[Onward]:
        """A quotation that opens a paragraph and belongs to no cue in it."""
        free = clean(piece.doc, piece.orphans)
        if not free and self._is_block(piece, segment):
            free = clean(piece.doc, [(0, len(piece.doc))])
        if not free:
            return []
        spans = chars(piece.doc, free, segment.start)
        announced, self._announced = self._announced, None
        if announced is not None and segment.paragraph - announced[0] == 1:
            how, row = "announced", announced[1]
            self.rows.append(row)
        elif self.rows and self.rows[-1].quoted and segment.paragraph - self._last <= 1:
            how, row = "before", self.rows[-1]
        else:
            self._waiting = [(segment.paragraph, span) for span in spans] if piece.unclosed else []
            return []
        for low, high in free:
            covered[low:high] = [True] * (high - low)
        row.content += spans
        row.quoted = True
        self._last = segment.paragraph
        return [Onward(*span, how) for span in spans]

    def _is_block(self, piece: Piece, segment: Segment) -> bool:
        """ "She added: ⏎ C": a whole paragraph without marks that the one before has announced."""
        if self._announced is None or segment.paragraph - self._announced[0] != 1 or piece.quoted:
            return False
        return piece.doc[len(piece.doc) - 1].text in (".", "!", "?", "…") and len(piece.doc) >= _BLOCK

    def _told_after(self, piece: Piece, segment: Segment, row: _Row, found: Found) -> list[Onward]:
        """ "“A. ⏎ “B,” said X": the next paragraph tells who spoke in the first one."""
        waiting = [span for paragraph, span in self._waiting if segment.paragraph - paragraph == 1]
        if not waiting or found.content[0][0] > 1 or not piece.quoted or piece.quoted[0][0][0] > 1:
            return []
        self._waiting = []
        here = chars(piece.doc, found.content, segment.start)
        row.content = [*waiting, *row.content]
        return [Onward(*span, "after", here[0]) for span in waiting]


def outermost(found: Sequence[Found], size: int) -> list[Found]:
    """The cues to keep of those in one piece of ``size`` tokens, none within another's content.

    Readers mark the outermost attribution only, so a cue stands against all that its content holds: it is
    kept if its weight, less the cost of a wrong guess, is worth at least as much as what it covers.
    """
    pool = sorted(
        (f for f in found if f.weight >= HOPELESS and f.confidence >= THRESHOLD),
        key=lambda f: (-sum(b - a for a, b in [*f.content, *f.adds]), f.head),
    )
    covered = [False] * size
    chance = [1.0] * size  # that nothing around the token was an attribution after all
    kept = []
    for number, f in enumerate(pool):
        if covered[f.head]:
            continue
        worth = chance[f.head] * f.weight - COST
        whole = [*f.content, *f.adds]
        if worth > 0 and worth >= _worth_within(f, whole, pool[number + 1 :], chance):
            kept.append(f)
            for low, high in whole:
                covered[low:high] = [True] * (high - low)
        else:
            for low, high in whole:
                chance[low:high] = [c * (1 - f.weight) for c in chance[low:high]]
    return kept


def _worth_within(
    f: Found, whole: Sequence[Range], smaller: Sequence[Found], chance: Sequence[float]
) -> float:
    """What the cues within a content are worth if it isn't kept: the best of them that don't overlap."""
    inside = [g for g in smaller if any(a <= g.head < b for a, b in whole)]
    taken: list[Found] = []
    total = 0.0
    for g in sorted(inside, key=lambda g: -g.weight)[:_RIVALS]:
        worth = chance[g.head] * (1 - f.weight) * g.weight - COST
        if worth <= 0:
            break
        if not any(a <= g.head < b for t in taken for a, b in t.content) and not any(
            a <= t.head < b for t in taken for a, b in g.content
        ):
            taken.append(g)
            total += worth
    return total


def _lost(piece: Piece, kept: Sequence[Found], covered: Sequence[bool]) -> list[Found]:
    """Attributions that the parse hides, in the sentences that hold nothing of another one."""
    doc = piece.doc
    taken = {
        doc[i].sent.start
        for f in kept
        for low, high in [*f.cue, *f.content, *f.adds]
        for i in (low, high - 1)
    }
    inside = [int(held) for held in covered]
    for low, high in [p for p, _ in piece.quoted]:
        inside[low:high] = [1] * (high - low)
    return list(lost(doc, taken, inside))


def _row(doc: Doc, found: Found, base: int) -> _Row:
    source = chars(doc, found.source, base) if found.source else None
    content = chars(doc, sorted([*found.content, *found.adds]), base)
    return _Row(source, chars(doc, found.cue, base), content, False, found.confidence)


def chars(doc: Doc, ranges: Sequence[Range], base: int) -> list[Span]:
    """Ranges of tokens as code points of the text."""
    return [(doc[a].idx + base, doc[b - 1].idx + len(doc[b - 1]) + base) for a, b in ranges]
