"""One pass over a text: cut, parse, run the rules, then resolve over the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc

from sources.parsed import Link

from .drafts import Draft, drafts, going_on
from .found import Found
from .grammar import Range, clean
from .mentions import Mention, named_in
from .model import load
from .pieces import Piece, read_piece
from .segments import Segment, plain, segments
from .statements import statements
from .types import Attribution, Reading, Span

# Above this a cue is more often one than not worth showing: the flat layer's F1 on PolNeAR train peaks here.
THRESHOLD = 0.3
_BATCH = 16
# Memory grows with the tokens parsed at once, and in hostile text each character may be one.
_BATCH_CHARACTERS = 12_000


@dataclass(slots=True)
class _Flat:
    source: list[Span] | None
    cue: list[Span]
    content: list[Span]
    paragraph: int
    quoted: bool


@dataclass(slots=True)
class _Gathered:
    flat: list[_Flat] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    named: list[Mention] = field(default_factory=list)


def read(text: str, *, links: Sequence[Link] = (), publisher: str = "", model: str = "") -> Reading:
    """Everything that a text attributes to somebody.

    ``links`` are the page's links, in the same offsets as the text; ``publisher`` is no hop.
    ``model`` names the spaCy model (else SPACY_MODEL, else the small English one). Offsets are code points.
    """
    gathered = _Gathered()
    sentence = 0
    for segment, doc in _parsed(text, model):
        piece = read_piece(doc)
        _flatten(gathered, piece, segment)
        gathered.drafts += drafts(piece, segment.start, sentence, segment.paragraph)
        gathered.named += named_in(doc, segment.start, sentence)
        sentence += sum(1 for _ in doc.sents)
    attributions = tuple(
        Attribution(tuple(f.source) if f.source else None, tuple(f.cue), tuple(f.content))
        for f in gathered.flat
    )
    return Reading(attributions, tuple(statements(text, gathered.drafts, gathered.named, links, publisher)))


def _parsed(text: str, model: str) -> Iterator[tuple[Segment, Doc]]:
    language = load(model)
    spaced = plain(text)
    for batch in _batches(text):
        docs = language.pipe([spaced[s.start : s.end] for s in batch], batch_size=_BATCH)
        yield from zip(batch, docs, strict=True)


def _batches(text: str) -> Iterator[list[Segment]]:
    batch: list[Segment] = []
    size = 0
    for segment in segments(text):
        length = segment.end - segment.start
        if batch and (len(batch) == _BATCH or size + length > _BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(segment)
        size += length
    if batch:
        yield batch


# ---------------------------------------------------------------- the flat layer


def _flatten(gathered: _Gathered, piece: Piece, segment: Segment) -> None:
    """Keep the outermost cues of a piece: what stands within another's content is that one's matter."""
    doc = piece.doc
    covered = [False] * len(doc)
    _go_on(gathered, piece, segment, covered)
    sure = [f for f in piece.found if f.weight >= THRESHOLD]
    kept: list[Found] = []
    for found in sorted(sure, key=lambda f: (-sum(b - a for a, b in f.content), f.head)):
        if covered[found.head]:
            continue
        for low, high in [*found.content, *found.adds]:
            covered[low:high] = [True] * (high - low)
        kept.append(found)
    for found in sorted(kept, key=lambda f: f.head):
        content = [*found.content, *found.adds]
        quoted = any(a < high and low < b for (low, high), _ in piece.quoted for a, b in content)
        gathered.flat.append(
            _Flat(
                _chars(doc, found.source, segment.start) if found.source else None,
                _chars(doc, found.cue, segment.start),
                _chars(doc, sorted(content), segment.start),
                segment.paragraph,
                quoted,
            )
        )


def _go_on(gathered: _Gathered, piece: Piece, segment: Segment, covered: list[bool]) -> None:
    """A quotation that opens a paragraph and belongs to no cue in it goes on from the paragraph before."""
    before = gathered.flat[-1] if gathered.flat else None
    if before is None or not before.quoted or not piece.orphans or segment.paragraph - before.paragraph > 1:
        return
    free = piece.orphans
    for low, high in free:
        covered[low:high] = [True] * (high - low)
    before.content += _chars(piece.doc, free, segment.start)
    before.paragraph = segment.paragraph
    for low, high in clean(piece.doc, free):
        span = _chars(piece.doc, [(low, high)], segment.start)[0]
        last = next((d for d in reversed(gathered.drafts) if not d.hearsay), None)
        if last is not None:
            lines = going_on(last.lines)
            gathered.drafts.append(
                Draft(*span, lines, False, segment.paragraph, last.sentence, last.stance, last.confidence)
            )


def _chars(doc: Doc, ranges: Sequence[Range], base: int) -> list[Span]:
    return [(doc[a].idx + base, doc[b - 1].idx + len(doc[b - 1]) + base) for a, b in ranges]
