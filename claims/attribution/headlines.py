"""Headlines that the parse can't read: "Hundreds missing, say rescuers", "Dam cracks, engineers warn"."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found
from .grammar import clean
from .lexicon import stating, words
from .steps import Report
from .tree import Doc, Token

_LONGEST = 24
_SPEAKER = 5
_WEIGHT = 0.6


def headline_credits(doc: Doc, reports: list[Report]) -> Iterator[Found]:
    """What a short line without a full stop credits behind its last comma, colon or dash."""
    if reports or not 4 <= len(doc) <= _LONGEST or doc.text.rstrip()[-1:] in (".", "?", "!", "”", '"', ":"):
        return
    mark = next((t.i for t in reversed(doc) if t.text in (",", ":", "-", "–", "—")), None)
    if mark is None or mark < 2 or not 1 <= len(doc) - mark - 1 <= _SPEAKER:
        return
    tail = [t for t in doc[mark + 1 :] if not t.is_space]
    content = clean(doc, [(0, mark)])
    if not tail or not content:
        return
    first, last = tail[0], tail[-1]
    if doc[mark].text != ",":
        if len(tail) <= 2 and last.lower_ in words("cues", "credited") and content[0][1] - content[0][0] > 2:
            place = (first.i, last.i + 1)
            cue = [(mark, mark + 1)]
            yield Found("headline", "mark|headline", mark, cue, content, [place], _WEIGHT, _WEIGHT)
        return
    verb = first if _says(first) else last if _says(last) else None
    if verb is None or len(tail) < 2:
        return
    place = (first.i + 1, last.i + 1) if verb is first else (first.i, last.i)
    source = clean(doc, [place])
    if source and any(t.pos_ in ("NOUN", "PROPN") for t in doc[place[0] : place[1]]):
        key = f"{verb.lemma_.lower()}|headline"
        yield Found("headline", key, verb.i, [(verb.i, verb.i + 1)], content, source, _WEIGHT, _WEIGHT)


def _says(word: Token) -> bool:
    """Whether a word is a verb of saying as headlines have it: "says", "warn"."""
    base = word.lemma_.lower()
    told = base in stating() and base not in ("report", "call")
    return told and word.tag_ in ("VBZ", "VBP", "VB", "NN", "NNS")
