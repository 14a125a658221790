"""Who doubts or denies a claim that is somebody else's: "X cast doubt on Y's claim that C"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .found import Found
from .grammar import ancestors, child, clean, mention, subject
from .lexicon import words
from .steps import Report, Steps
from .tree import Token

_FAR = 3
_SURE = 0.4


def doubters(steps: Steps, reports: list[Report]) -> Iterator[Found]:
    """One more reading for each claim that its owner makes and another one doubts or denies."""
    doc = steps.doc
    heads = {r.found.head for r in reports}
    for report in reports:
        found = report.found
        if (
            found.pattern != "noun"
            or report.stance != "says"
            or found.key.split("|")[-1] not in ("poss", "by")
        ):
            continue
        for verb in ancestors(doc[found.head])[:_FAR]:
            base = _stance(verb)
            who = subject(verb) if base else None
            if who is None or verb.i in heads:
                continue
            source = clean(doc, [mention(who)])
            if source and not any(a <= verb.i < b for a, b in source):
                cue = [(verb.i, verb.i + 1)]
                key = f"{base}|obj-long"
                yield replace(
                    found, pattern="verb", key=key, head=verb.i, cue=cue, source=source, confidence=_SURE
                )
            break


def _stance(verb: Token) -> str:
    if verb.pos_ != "VERB" or child(verb, "neg") is not None:
        return ""
    if verb.lemma_ in words("cues", "denied"):
        return "deny"
    what = child(verb, "dobj")
    casts = (
        verb.lemma_ in ("cast", "throw", "raise", "express") and what is not None and what.lemma_ == "doubt"
    )
    return "doubt" if casts or verb.lemma_ in words("cues", "challenged") else ""
