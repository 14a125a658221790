"""Sentences and content words of a text, without a language model: rules run in the web process too."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

from claims.flags.lexicon import words

Span = tuple[int, int]

LONGEST = 1_000
"""Characters of a sentence; the longest of PolNeAR dev has some 700."""
_GAP = re.compile(r"\n[ \t\r]*\n")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
# A full stop ends a sentence where blank and capital follow, unless it belongs to an abbreviation.
_STOP = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s+[\"“‘'(\[]?[^\W\d_a-zß-ÿ]|\s+[\"“‘'(\[]?\d)")
_LAST = re.compile(r"[\w.]+$")
_snowball = Stemmer.Stemmer("english")


def paragraphs(text: str) -> list[Span]:
    """Where paragraphs lie: what blank lines set apart."""
    found: list[Span] = []
    at = 0
    gaps = [*((gap.start(), gap.end()) for gap in _GAP.finditer(text)), (len(text), len(text))]
    for start, end in gaps:
        low, high = trimmed(text, at, start)
        if low < high:
            found.append((low, high))
        at = end
    return found


def sentences(text: str) -> list[Span]:
    """Where sentences lie, in order; a paragraph's end ends one."""
    found: list[Span] = []
    for low, high in paragraphs(text):
        at = low
        for stop in _STOP.finditer(text, low, high):
            before = _LAST.search(text, max(at, stop.start() - 12), stop.start())
            last = before.group().lower() if before else ""
            if stop.group() == "." and (
                last in words("text", "abbreviations") or (len(last) == 1 and last.isalpha())
            ):
                continue
            if stop.end() < high:
                found += _cut(text, at, stop.end())
                at = stop.end()
                while at < high and text[at].isspace():
                    at += 1
        if at < high:
            found += _cut(text, at, high)
    return found


def _cut(text: str, low: int, high: int) -> list[Span]:
    """A sentence, in pieces where nobody could have meant it as one, so that no text takes quadratic time."""
    found: list[Span] = []
    while high - low > LONGEST:
        at = text.rfind(" ", low + 1, low + LONGEST)
        at = at if at > low else low + LONGEST
        found.append((low, at))
        low = at
        while low < high and text[low].isspace():
            low += 1
    return [*found, (low, high)] if low < high else found


@lru_cache(maxsize=4_096)
def content(text: str) -> frozenset[str]:
    """The stems of the words that carry a text's meaning: no function words, no verbs of saying."""
    return frozenset(stem(w) for w in tokens(text) if w not in words("text", "function"))


def tokens(text: str) -> list[str]:
    """Words in lower case, a possessive's ending left out."""
    return [re.sub(r"[’']s$", "", found.group()).lower() for found in _WORD.finditer(text)]


def stem(word: str) -> str:
    """A word without its endings, as Porter's English stemmer has it."""
    return str(_snowball.stemWord(word))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter one's content words that the other one has too, 0 to 1."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def shortened(text: str, most: int = 90) -> str:
    """Words cut to fit a sentence, at a blank."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without blanks at its edges."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
