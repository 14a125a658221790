"""Figures that a report leads on to: "As per the report, 40 boats sank. Another 12 are missing"."""

from __future__ import annotations

from collections.abc import Iterator

from .draft import Draft, going_on
from .grammar import clean
from .kinds import identify
from .lexicon import words
from .steps import Steps
from .tree import Doc, Span

_PATTERNS = {"according-to", "as-reported", "document", "goes-on"}
_SAID = {"said", "credit", "passed-on", "author"}
_KINDS = {"document", "outlet", "agency"}
# What is only supposed to follow is less sure than what is said to.
_LESS = 0.8


def led_on(doc: Doc, steps: Steps, made: list[Draft], paragraph: int) -> list[Draft]:
    """The sentences with figures right behind a sentence of a report's, which no cue of their own brings."""
    if not made:
        return []
    told = {d.sentence: d for d in made}
    brought = {steps.sentence(i) for i in _tokens_of(doc, steps, made)}
    out: list[Draft] = []
    for number, sentence in enumerate(doc.sents):
        here = steps.sentence(sentence.start)
        before = told.get(here - 1)
        if number == 0 or before is None or here in brought or not _reports(before):
            continue
        if not _links(sentence) or not _has_figure(sentence):
            continue
        for low, high in clean(doc, [(sentence.start, sentence.end)]):
            start, end = steps.chars((low, high))
            sure = before.confidence * _LESS
            draft = Draft(start, end, going_on(before.lines), False, paragraph, here, "says", sure)
            told[here] = draft
            out.append(draft)
    return out


def _tokens_of(doc: Doc, steps: Steps, made: list[Draft]) -> Iterator[int]:
    """A token of each sentence that a statement reaches into."""
    ends = sorted((d.start - steps.base, d.end - steps.base) for d in made)
    at = 0
    for token in doc:
        while at < len(ends) and ends[at][1] <= token.idx:
            at += 1
        if at < len(ends) and ends[at][0] < token.idx + len(token):
            yield token.i


def _reports(draft: Draft) -> bool:
    """Whether what was said before is a document's or an outlet's, and no person's."""
    if draft.hearsay or draft.stance != "says" or not draft.lines:
        return False
    last = draft.lines[0][-1]
    kinds = {identify(step.mention).kind for step in draft.lines[0]}
    return last.pattern in _PATTERNS | _SAID and kinds <= _KINDS


def _links(sentence: Span) -> bool:
    """Whether a sentence begins as one that goes on counting: "Another 12", "Of these", "It also lost"."""
    first, second = sentence[0], sentence[1] if len(sentence) > 1 else sentence[0]
    if first.lower_ in ("it", "they", "the", "these", "those"):
        return second.lower_ in words("cues", "counting_on") or any(
            t.lower_ in ("also", "another", "further") for t in sentence[:6]
        )
    return first.lower_ in words("cues", "counting") or (
        first.lower_ in ("a", "some", "about", "at", "as") and second.lower_ in words("cues", "counting_with")
    )


def _has_figure(sentence: Span) -> bool:
    return any(t.like_num and t.ent_type_ not in ("DATE", "TIME", "ORDINAL") for t in sentence)
