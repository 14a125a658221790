"""A parse taken out of spaCy's objects answers what spaCy answers."""

from __future__ import annotations

from typing import Any

import pytest

from claims.attribution.model import load
from claims.attribution.tree import Names, tree

TEXTS = [
    "The mayor of Skerry, Ada Holm, told Radio Skye on 3 May that two of the five boats hadn't been found.",
    "“It is safe,”  she said.   Nobody believed her! Was it, in the harbour's words, a “disaster”?",
    "Dam cracks – engineers",
    "What the crew, who had slept badly, were told on Monday was that, of the ferries, only one would sail.",
    " ",
]
ANSWERS = "i idx text lower_ lemma_ pos_ tag_ dep_ ent_type_ ent_iob_ whitespace_".split()
FLAGS = "is_punct is_quote is_space is_alpha is_digit like_num".split()


@pytest.mark.parametrize("text", TEXTS)
def test_every_answer_is_spacys(text: str):
    parsed = load()(text)
    doc = tree(parsed, Names(parsed.vocab.strings))
    assert doc.text == parsed.text
    assert len(doc) == len(parsed)
    for ours, theirs in zip(doc, parsed, strict=True):
        for name in (*ANSWERS, *FLAGS):
            assert getattr(ours, name) == getattr(theirs, name), (ours, name)
        assert bool(ours.is_sent_start) == bool(theirs.is_sent_start)
        for name in ("head", "left_edge", "right_edge"):
            assert getattr(ours, name).i == getattr(theirs, name).i
        for name in ("children", "subtree", "ancestors"):
            assert [t.i for t in getattr(ours, name)] == [t.i for t in getattr(theirs, name)]
        assert _span(ours.sent) == _span(theirs.sent)
    assert [_span(s) for s in doc.sents] == [_span(s) for s in parsed.sents]
    assert [(_span(e), e.label_) for e in doc.ents] == [(_span(e), e.label_) for e in parsed.ents]
    for start in range(len(doc) - 3):
        assert _span(doc.span(start, start + 4)) == _span(parsed[start : start + 4])


def _span(span: Any) -> tuple[object, ...]:
    return span.start, span.end, span.start_char, span.end_char, span.text, span.root.i, [t.i for t in span]
