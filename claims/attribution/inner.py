"""Quotations inside quotations: "“My boss said, ‘Burn the files,’” a clerk told the court"."""

from __future__ import annotations

from .found import Found
from .grammar import Range, clean, mention, nearest_name, subject
from .lexicon import words
from .tree import Doc
from .verbs import lemma

_BACK = 8
_LEAST = 4
_WEIGHT = 0.6


def inner_quotes(doc: Doc, inside: list[int]) -> list[Found]:
    """The quotations in single marks that stand within another one, with who is said to have said them."""
    out = []
    for low, high in _single(doc, inside):
        if high - low < _LEAST:
            continue
        start = next((i for i in range(low - 1, max(0, low - _BACK), -1) if not inside[i]), low - _BACK)
        near = [t for t in doc[max(0, start) : low] if t.pos_ == "VERB" and lemma(t) in words("cues", "said")]
        if not near:
            continue
        verb = near[-1]
        who = subject(verb)
        source: list[Range] = []
        if who is not None and inside[who.i] and not low <= who.i < high:
            source = clean(doc, [mention(who)])
        if not source and (name := nearest_name(verb, max(0, start), low)) is not None:
            source = [name]
        content = clean(doc, [(low, high)])
        if source and content:
            key = f"{lemma(verb)}|quote"
            out.append(Found("quote", key, verb.i, [(verb.i, verb.i + 1)], content, source, _WEIGHT, _WEIGHT))
    return out


def _single(doc: Doc, inside: list[int]) -> list[Range]:
    out: list[Range] = []
    opened = -1
    for token in doc:
        if not inside[token.i]:
            opened = -1
        elif token.text in ("‘", "'", "`") and opened < 0 and token.i + 1 < len(doc) and _opens(doc, token.i):
            opened = token.i + 1
        elif token.text in ("’", "'") and opened >= 0 and not _opens(doc, token.i):
            out.append((opened, token.i))
            opened = -1
    return out


def _opens(doc: Doc, i: int) -> bool:
    """A mark with a blank before it and none behind."""
    return not doc[i].whitespace_ and (i == 0 or bool(doc[i - 1].whitespace_) or doc[i - 1].is_punct)
