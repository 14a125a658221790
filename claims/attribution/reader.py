"""One pass over a text: cut, parse, run the rules, then resolve over the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sources.parsed import Link

from .draft import Draft
from .drafts import announced, drafts, onwards
from .flat import FlatLayer
from .introduced import introduced
from .mentions import groups_in, named_in
from .model import load
from .pieces import read_piece
from .segments import Segment, plain, segments
from .statements import Gathered, statements
from .tree import Doc, Names, tree
from .types import Reading

_BATCH = 128
# Memory grows with the tokens parsed at once; the more at once, the faster. This many need some 200 MB.
_BATCH_TOKENS = 10_000
_TOKEN = re.compile(r"\w+|[^\w\s]")


def read(text: str, *, links: Sequence[Link] = (), publisher: str = "", model: str = "") -> Reading:
    """Everything that a text attributes to somebody.

    ``links`` are the page's links, in the same offsets as the text; ``publisher`` is no hop.
    ``model`` names the spaCy model (else SPACY_MODEL, else the small English one). Offsets are code points.
    """
    flat = FlatLayer()
    gathered = Gathered()
    opening: list[Draft] = []
    sentence = 0
    for segment, doc in _parsed(text, model):
        piece = read_piece(doc)
        onward = flat.take(piece, segment)
        here = drafts(piece, segment.start, sentence, segment.paragraph)
        gathered.drafts += onwards(onward, gathered.drafts, opening, here, segment.paragraph)
        gathered.drafts += here
        opening = announced(piece, segment.start, sentence)
        gathered.named += named_in(doc, segment.start, sentence)
        gathered.named += groups_in(doc, segment.start, sentence)
        gathered.brought += introduced(doc, segment.start, sentence)
        sentence += len(doc.sents)
    return Reading(flat.attributions(), tuple(statements(text, gathered, links, publisher)))


def _parsed(text: str, model: str) -> Iterator[tuple[Segment, Doc]]:
    language = load(model)
    spaced, names = plain(text), Names(language.vocab.strings)
    for batch in _batches(text):
        docs = language.pipe([spaced[s.start : s.end] for s in batch], batch_size=_BATCH)
        yield from ((segment, tree(doc, names)) for segment, doc in zip(batch, docs, strict=True))


def _batches(text: str) -> Iterator[list[Segment]]:
    batch: list[Segment] = []
    size = 0
    for segment in segments(text):
        length = sum(1 for _ in _TOKEN.finditer(text, segment.start, segment.end))
        if batch and (len(batch) == _BATCH or size + length > _BATCH_TOKENS):
            yield batch
            batch, size = [], 0
        batch.append(segment)
        size += length
    if batch:
        yield batch
