"""Phrases that give a claim's ground: "based on documents seen by X, C", "C, by one estimate"."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found
from .grammar import child, clean, mention, without
from .lexicon import words
from .steps import Report
from .tree import Doc, Token

_WEIGHT = 0.5
_LEAD = 4
_OPENERS = {",", "-", "–", "—", ";"}


def grounds(doc: Doc, reports: list[Report], inside: list[int]) -> Iterator[Found]:
    """Grounds of sentences in which nobody is said to say anything."""
    told = {doc[r.found.head].sent.start for r in reports}
    for token in doc:
        if token.lower_ == "first" and not inside[token.i] and token.sent.start not in told:
            yield from _first_told(doc, token)
        if inside[token.i] or token.lower_ not in ("based", "by") or not _stands_apart(token):
            continue
        if token.sent.start in told or (held := _holder(token)) is None:
            continue
        key, noun, last = held
        low, high = mention(noun)
        phrase = (token.i, high)
        owner = child(noun, "poss") if key == "by_estimate" else None
        if owner is not None:
            # "By the canton's reckoning".
            low, high = mention(owner)
            high = min(high, noun.i)
            high -= doc[high - 1].tag_ == "POS"
        source = clean(doc, [(max(low, last + 1), high)])
        content = clean(doc, without((token.sent.start, token.sent.end), [phrase]))
        if source and content and not token.sent.text.rstrip().endswith("?"):
            cue = [(token.i, last + 1)]
            yield Found("phrase", f"{key}|phrase", last, cue, content, source, _WEIGHT, _WEIGHT)


def _first_told(doc: Doc, first: Token) -> Iterator[Found]:
    """ "C, a fact first reported by the Gazette"."""
    verb = first.head
    by = (
        child(verb, "agent")
        if verb.tag_ == "VBN" and verb.lemma_ in ("report", "publish", "reveal")
        else None
    )
    who = child(by, "pobj") if by is not None else None
    start = next((t.i for t in reversed(doc[first.sent.start : first.i]) if t.text in _OPENERS), None)
    if who is None or by is None or start is None or verb.dep_ not in ("acl", "relcl", "advcl"):
        return
    source, content = clean(doc, [mention(who)]), clean(doc, [(first.sent.start, start)])
    if source and content and first.i - start <= _LEAD:
        yield Found(
            "phrase", "first_told|phrase", verb.i, [(verb.i, by.i + 1)], content, source, _WEIGHT, _WEIGHT
        )


def _stands_apart(token: Token) -> bool:
    return token.i == token.sent.start or token.doc[token.i - 1].text in _OPENERS


def _holder(token: Token) -> tuple[str, Token, int] | None:
    if token.lower_ == "based":
        prep = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in ("on", "upon")), None)
        noun = child(prep, "pobj") if prep is not None else None
        documents = words("sources", "documents", "nouns") | words("sources", "documents", "numbers")
        if prep is not None and noun is not None and noun.lemma_.lower() in documents:
            return "based_on", noun, prep.i
        return None
    noun = child(token, "pobj")
    if noun is not None and noun.lemma_.lower() in words("cues", "reckonings"):
        return "by_estimate", noun, token.i
    return None
