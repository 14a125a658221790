"""Who speaks where the parse has lost them: a phrase in front of them, or a clause about them, misled it."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Token

from .found import Found
from .grammar import Range, clean, nearest_name
from .pieces import speech

_FRAMES = {"that", "clause"}
# Reading on from a sentence's start for the speaker: names aren't longer.
_LONGEST = 12


def mended(doc: Doc, found: Found) -> Found:
    """The cue with its speaker, if it has none and the words before it show one."""
    base, _, frame = found.key.partition("|")
    if found.source or base not in speech():
        return found
    verb = doc[found.head]
    if found.pattern == "verb" and frame in _FRAMES:
        place = _before(doc, verb)
    elif found.key.endswith("|be-clause") and verb.dep_ == "acl" and verb.head.dep_ == "ROOT":
        place = _headed(doc, verb)
    else:
        return found
    if place is None or any(low < place[1] and place[0] < high for low, high in found.content):
        return found
    return replace(found, pattern="verb", key=f"{base}|that", source=[place])


def _before(doc: Doc, verb: Token) -> Range | None:
    """ "In a video on YouTube, the captain said": the words between the comma and the verb."""
    start = verb.sent.start
    if verb.i > start and doc[verb.i - 1].text == ",":
        # "A letter from the bishop, read out in churches, says": over what stands between the commas.
        return _opening(doc, start, verb.i)
    back = range(verb.i - 1, max(start, verb.i - _LONGEST) - 1, -1)
    comma = next((i for i in back if doc[i].text == ","), None)
    if comma is None:
        return None
    near = nearest_name(verb, comma + 1, verb.i)
    return near if near is not None and near[0] > comma and not _is_time(doc, near) else None


def _opening(doc: Doc, start: int, end: int) -> Range | None:
    comma = next((i for i in range(start, min(end, start + _LONGEST)) if doc[i].text == ","), None)
    if comma is None or doc[start].pos_ in ("ADP", "SCONJ", "ADV", "VERB", "PRON"):
        return None
    held = clean(doc, [(start, comma)])
    nouns = any(t.pos_ in ("NOUN", "PROPN") for t in doc[start:comma])
    return held[0] if held and nouns and not _is_time(doc, held[0]) else None


def _headed(doc: Doc, verb: Token) -> Range | None:
    """ "The Tribune, which saw the audit, reported that": parsed as a tribune that was reported."""
    noun = verb.head
    if noun.pos_ != "PROPN" or any(c.dep_ in ("aux", "auxpass") for c in verb.children):
        return None
    held = clean(doc, [(noun.left_edge.i, noun.i + 1)])
    return held[0] if held else None


def _is_time(doc: Doc, place: Range) -> bool:
    return all(t.ent_type_ in ("DATE", "TIME") or t.is_punct for t in doc[place[0] : place[1]])
