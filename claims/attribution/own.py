"""What the article says itself, where it is worth checking: figures, events, accusations.

It would rather miss one than take in background, opinion or the rest of somebody's speech.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from .draft import Draft
from .grammar import Range, child, clean, is_passive
from .lexicon import words
from .pieces import speech
from .steps import Steps

# How far a paragraph without any attribution can be trusted to be the article's own: measured by no one.
_SURE = 0.4
_SHORTEST, _LONGEST = 6, 45
_DATELINE = 14
_FIGURES = ("MONEY", "PERCENT", "QUANTITY", "CARDINAL")
_NAMES = ("PERSON", "ORG", "GPE", "NORP", "FAC")
_SELF = {"i", "we", "you", "my", "our", "your", "us", "me", "?", "“", "”", '"', "''", "``", "‘"}
_UNSURE = {
    "if",
    "unless",
    "perhaps",
    "probably",
    "likely",
    "possibly",
    "seem",
    "appear",
    "plan",
    "expect",
    "hope",
}


def own_claims(doc: Doc, steps: Steps, made: list[Draft], cues: set[int], paragraph: int) -> list[Draft]:
    """The article’s own statements in one piece: none where anybody speaks. ``cues`` are tokens of cues."""
    if made or cues or any(t.lower_ in _SELF for t in doc):
        # Who speaks in a paragraph may still be speaking in its next sentence.
        return []
    out = []
    for sentence in doc.sents:
        if _is_worth_checking(sentence):
            for low, high in clean(doc, [_without_dateline(sentence)]):
                start, end = steps.chars((low, high))
                number = steps.sentence(low)
                out.append(Draft(start, end, [], False, paragraph, number, confidence=_SURE))
    return out


def _is_worth_checking(sentence: Span) -> bool:
    if not _SHORTEST <= len(sentence) <= _LONGEST or sentence.text.rstrip()[-1:] != ".":
        return False
    root = sentence.root
    if any(t.pos_ == "VERB" and t.lemma_ in speech() for t in sentence):
        return False
    if root.pos_ != "VERB" or any(t.tag_ == "MD" or t.lemma_.lower() in _UNSURE for t in sentence):
        return False
    if not _is_past(root) or any(c.dep_ == "neg" for c in root.children):
        return False
    return any(_is_event(verb) or _is_figure(verb) or _is_accusation(verb) for verb in _verbs(root))


def _verbs(root: Token) -> Iterator[Token]:
    yield root
    yield from (c for c in root.children if c.dep_ == "conj" and c.pos_ == "VERB")


def _is_past(verb: Token) -> bool:
    """Past, or perfect: something that has happened."""
    has = any(
        c.lower_ in ("has", "have", "had", "was", "were", "been")
        for c in verb.children
        if c.dep_ in ("aux", "auxpass")
    )
    return verb.tag_ == "VBD" or (verb.tag_ == "VBN" and has)


def _is_event(verb: Token) -> bool:
    """ "Three men were killed when the pier collapsed": with a number, or with somebody's name."""
    if verb.lemma_.lower() not in words("cues", "events"):
        return False
    about = _about(verb)
    return about is not None and (_has(about, ("CARDINAL",)) or _has(about, _NAMES) or _has_number(about))


def _is_figure(verb: Token) -> bool:
    """ "The harbour lost 40 million crowns": an amount with its unit, and what it did."""
    if verb.lemma_.lower() not in words("cues", "amounts") or (who := _about(verb)) is None:
        return False
    if who.pos_ == "PRON":
        return False
    return any(
        t.ent_type_ in _FIGURES[:3] or (t.like_num and t.ent_type_ == "CARDINAL" and t.head.pos_ == "NOUN")
        for c in verb.children
        if c.i > verb.i and c.dep_ in ("dobj", "prep", "npadvmod", "attr")
        for t in c.subtree
    )


def _is_accusation(verb: Token) -> bool:
    """ "The minister bribed two judges": a deed that somebody named would have to answer for."""
    who = child(verb, "nsubj")
    return (
        verb.lemma_.lower() in words("cues", "misdeeds")
        and who is not None
        and not is_passive(verb)
        and _has(who, _NAMES)
    )


def _about(verb: Token) -> Token | None:
    return child(verb, "nsubj", "nsubjpass")


def _has(noun: Token, labels: tuple[str, ...]) -> bool:
    return any(t.ent_type_ in labels for t in noun.subtree)


def _has_number(noun: Token) -> bool:
    return any(t.like_num for t in noun.subtree)


def _without_dateline(sentence: Span) -> Range:
    """ "OAKFORD, May 3 (AP) — Two ships ..." begins at the ships."""
    for token in sentence[:_DATELINE]:
        if token.text in ("-", "–", "—", "--") and sentence[0].is_upper:
            return token.i + 1, sentence.end
    return sentence.start, sentence.end
