"""How sure a cue makes its claim: claimed, said or confirmed, by the engine's own lexicon. Pure.

Beside the engine and not in it: importing claims.attribution loads spaCy, which the web process never does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LEXICON = Path(__file__).parent / "attribution" / "lexicons" / "cues.toml"
CLAIMED, SAID, CONFIRMED = "claimed", "said", "confirmed"

_WORDS = re.compile(r"[a-z]+(?:['’]t)?")
_NOT = re.compile(r"\b(?:not|never|neither|cannot|declin\w+|refus\w+|fail\w+)\b|n['’]t\b")
# What no ending tells.
_IRREGULAR = {
    "thought": "think",
    "felt": "feel",
    "understood": "understand",
    "saw": "see",
    "seen": "see",
    "proven": "prove",
    "learnt": "learn",
    "accusation": "accuse",
    "admission": "admit",
    "allegation": "allege",
    "assertion": "assert",
    "assumption": "assume",
    "belief": "believe",
    "confession": "confess",
    "confirmation": "confirm",
    "contention": "contend",
    "disclosure": "disclose",
    "expectation": "expect",
    "proof": "prove",
    "revelation": "reveal",
    "speculation": "speculate",
    "suggestion": "suggest",
    "suspicion": "suspect",
}


@cache
def _grades() -> dict[str, str]:
    """The lexicon's words by their grade; what is told at a distance wins where a word has two."""
    with LEXICON.open("rb") as handle:
        table = tomllib.load(handle)
    at_a_distance = (*table["claimed"], *table["hearsay"])
    return dict.fromkeys(table["confirmed"], CONFIRMED) | dict.fromkeys(at_a_distance, CLAIMED)


def _forms(word: str) -> Iterator[str]:
    """The words that an inflected word may be a form of."""
    yield word
    if word.endswith("s"):
        yield word[:-1]
        yield from _forms(word[:-1]) if word[:-1] in _IRREGULAR else ()
    if word.endswith(("ies", "ied")):
        yield word[:-3] + "y"
    for ending in ("ed", "es", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            yield stem
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
    if word in _IRREGULAR:
        yield _IRREGULAR[word]


def certainty(cue: str) -> str:
    """The grade of a cue: "claimed" (told at a distance), "confirmed" (vouched for) or "said"; "" of no cue.

    The grading is the lexicon's: AP, Reuters and Guardian style books, each under "said" or "claim".
    """
    words = _WORDS.findall(cue.casefold())
    if not words:
        return ""
    grades = {_grades()[form] for word in words for form in _forms(word) if form in _grades()}
    if CLAIMED in grades:
        return CLAIMED
    if CONFIRMED in grades and not _NOT.search(cue.casefold()):
        return CONFIRMED
    return SAID
