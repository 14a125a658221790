"""One pass over a text: cut, parse, run the rules, then resolve over the whole."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from spacy.tokens import Doc

from sources.parsed import Link

from .coreference import Cast
from .drafts import Draft, drafts
from .found import Found
from .grammar import Range, clean
from .kinds import Identity
from .mentions import Mention, named_in
from .model import load
from .pieces import Piece, read_piece
from .segments import Segment, plain, segments
from .types import Attribution, Hop, Reading, Span, Statement

# Above this a cue is more often one than not worth showing: the flat layer's F1 on PolNeAR train peaks here.
THRESHOLD = 0.3
_BATCH = 16
# Memory grows with the tokens parsed at once, and in hostile text each character may be one.
_BATCH_CHARACTERS = 12_000
_REPORTS = re.compile(r"reports?\b|reported\b|broadcast|published|wrote|writes|quot(?:ed|ing|es)\b")


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
    return Reading(attributions, tuple(_statements(text, gathered, links, publisher)))


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
            gathered.drafts.append(Draft(*span, last.lines, False, segment.paragraph, last.sentence))


def _chars(doc: Doc, ranges: Sequence[Range], base: int) -> list[Span]:
    return [(doc[a].idx + base, doc[b - 1].idx + len(doc[b - 1]) + base) for a, b in ranges]


# ---------------------------------------------------------------- the resolved layer


def _statements(text: str, gathered: _Gathered, links: Sequence[Link], publisher: str) -> Iterator[Statement]:
    identities = _resolve(gathered)
    find_link = _Links(links)
    own = _plain_name(publisher)
    gathered.drafts.sort(key=lambda d: (d.start, d.end))
    for (start, end), same in groupby(gathered.drafts, key=lambda d: (d.start, d.end)):
        chains: list[tuple[Hop, ...]] = []
        hearsay = True
        for draft in same:
            hearsay = hearsay and draft.hearsay
            for line in draft.lines:
                hops: list[Hop] = []
                for step in line:
                    who = identities[step.mention.start, step.mention.end]
                    m, (cue_start, cue_end) = step.mention, step.cue
                    if own and _plain_name(who.name) == own:
                        continue
                    if hops and _plain_name(hops[-1].name) == _plain_name(who.name):
                        continue
                    href = find_link((m.start, m.end), (cue_start, cue_end))
                    hops.append(
                        Hop(
                            who.name,
                            who.kind,
                            who.naming,
                            m.start,
                            m.end,
                            text[cue_start:cue_end],
                            cue_start,
                            cue_end,
                            href,
                        )
                    )
                chain = tuple(_relaying(hops))
                if chain and chain not in chains:
                    chains.append(chain)
        if start < end:
            yield Statement(start, end, tuple(chains), hearsay and not chains)


def _relaying(hops: list[Hop]) -> list[Hop]:
    """Who reports what another one says is an outlet, even if no list knows its name."""
    return [
        replace(h, kind="outlet")
        if number < len(hops) - 1
        and h.naming == "named"
        and h.kind in ("organisation", "unknown")
        and _REPORTS.match(h.cue)
        else h
        for number, h in enumerate(hops)
    ]


def _resolve(gathered: _Gathered) -> dict[Span, Identity]:
    """Who each mention means, in the order in which a reader learns it."""
    mentions = {
        (s.mention.start, s.mention.end): s.mention for d in gathered.drafts for line in d.lines for s in line
    }
    cast = Cast([*gathered.named, *(m for m in mentions.values() if m.name)])
    return {place: cast.resolve(mentions[place]) for place in sorted(mentions)}


def _plain_name(name: str) -> str:
    return " ".join(name.lower().replace("’", "'").removeprefix("the ").split())


class _Links:
    """Finds the link that a hop's words carry."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = sorted(links, key=lambda link: (link.start, link.end))
        self._ends: list[int] = []
        furthest = 0
        for link in self._links:
            furthest = max(furthest, link.end)
            self._ends.append(furthest)

    def __call__(self, *places: Span) -> str | None:
        for start, end in places:
            at = bisect_left(self._ends, start + 1)
            while at < len(self._links) and self._links[at].start < end:
                if self._links[at].end > start:
                    return self._links[at].href
                at += 1
        return None
