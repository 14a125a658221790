"""The rule on certainty: what was claimed is told as confirmed, or as a headline's plain fact."""

from __future__ import annotations

import itertools
import re

from claims.flags.case import Case, HopLike
from claims.flags.lexicon import pattern
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.words import Span, content, tokens

_SOURCED = re.compile(
    r"\bsa(?:y|ys|id)\b|\btells?\b|\btold\b|\baccording\b|\breport(?:s|ed|edly)?\b|\bclaim\w*|"
    r"\balleg\w+|\baccus\w+|\bsuggest\w*|\bwarn\w*|\bfear\w*|\bhint\w*|\bsuspect\w*|"
    r"\bbeliev\w+|\bthink\w*|\bmay\b|\bmight\b|\bcould\b|"
    r"\bstudy\b|\bsource\w*|\bpoised\b|\bset to\b|\bin talks\b|\bweigh\w*|\bconsider\w*|"
    r"\bmull\w*|\bplan\w*|\blikely\b|\bexpect\w*|\bpossibl\w*|\bdenies\b|\bdenied\b|\bif\b|"
    r"[?:“”‘\"]|(?<!\w)'|\s[–—-]\s",
    re.I,
)


_NOT = re.compile(r"\b(?:not|never|n['’]t|yet to|failed to|asked to|nothing|no)\b\W+(?:\w+\W+){0,2}$", re.I)
_PAPER = re.compile(
    r"\b(?:in|by|its|his|her|their|an?|the)\s+(?:\w+\s+)?(note|report|study|letter|memo|paper|"
    r"filing|statement|book|post|survey)\b",
    re.I,
)


@rule(
    "CERTAINTY_UPGRADE",
    Threshold("overlap", 0.5, "the share of the headline’s words that the claim has", low=0.2, high=1.0),
    Threshold(
        "shared", 2, "how many words another sentence shares with the claim to be on it", low=1, high=10
    ),
)
def certainty_upgrade(case: Case, limits: Limits) -> Finding | None:
    """What somebody "claimed" is told elsewhere as "confirmed", or stands in the headline as plain fact.

    IPSO's Editors' Code, clause 1: no inaccurate or misleading information, headlines not supported by
    the text included.
    """
    for chain in case.chains:
        for outer, inner in itertools.pairwise(chain):
            if _graded("strong", outer.cue) and _graded("weak", inner.cue):
                return Finding(
                    f"“{outer.cue}” of {case.called(outer)} rests on “{inner.cue}” of {case.called(inner)}.",
                    case.places(outer, inner),
                )
    weak = _weak(case)
    if weak is None:
        return _earlier(case, limits)
    words, place = weak
    headline = case.article.headline
    if headline and case.sentence != case.article.headline_span and not _SOURCED.search(headline):
        said = content(case.article.words(case.sentence)) | case.content
        title = content(headline)
        if len(title & said) >= 2 and len(title & said) / len(title) >= limits["overlap"]:
            places = (place, case.article.headline_span) if case.article.headline_span else (place,)
            return Finding(
                f"Here “{words}”; in the headline “{headline}”, without a source.",
                tuple(p for p in places if p),
            )
    return _later(case, words, place, limits)


def _graded(grade: str, cue: str) -> bool:
    return bool(pattern("certainty", "grades", grade).match(cue))


def _earlier(case: Case, limits: Limits) -> Finding | None:
    """The same the other way about: this is what a source "confirmed", who only suspected it before."""
    hop = next((hop for hop in case.hops if hop.naming == "named" and _graded("strong", hop.cue)), None)
    strong = hop.cue if hop is not None else ""
    own = case.article.words(case.sentence).replace(case.quote, " ")
    if hop is None:
        said = pattern("certainty", "grades", "strong").search(own)
        hop = next((hop for hop in case.hops if hop.naming == "named"), None)
        if said is None or hop is None or _NOT.search(own[: said.start()]):
            return None
        strong = said.group()
    names = _name_words(case, hop)
    article, first = case.article, case.numbers[0]
    for number in range(max(0, first - 12), first):
        span = article.sentences[number]
        words = article.words(span)
        weak = pattern("certainty", "grades", "weak").search(words)
        if weak is None or span == article.headline_span or not names & set(tokens(words)):
            continue
        shared = (case.content & content(words)) - names
        if len(shared) >= limits["shared"] - (first - number <= 2):
            place = (span[0] + weak.start(), span[0] + weak.end())
            return Finding(
                f"Here “{strong}”, and before “{weak.group()}” of the same source.", (case.place, place)
            )
    return None


def _weak(case: Case) -> tuple[str, Span | None] | None:
    """The words that keep the claim at a distance: its cue's, or a "may" within it."""
    for hop in case.hops:
        if pattern("certainty", "grades", "weak").match(hop.cue):
            return hop.cue, case.places(hop)[-1] if case.places(hop) else None
    found = pattern("certainty", "grades", "hedged").search(
        case.article.text, case.statement.start, case.statement.end
    )
    if found is None:
        found = pattern("certainty", "grades", "hedged").search(
            case.article.text, case.sentence[0], case.sentence[1]
        )
        if found is None or re.match(
            r"(?:may|might|could|likely|if|would|seems?|appears?)", found.group(), re.I
        ):
            return None
    return " ".join(found.group().split()), found.span()


def _later(case: Case, words: str, place: Span | None, limits: Limits) -> Finding | None:
    """Another sentence that says that the same source confirmed, showed or revealed the same thing."""
    names = {token for hop in case.hops for token in _name_words(case, hop)}
    names |= {
        found[1].lower()
        for found in _PAPER.finditer(case.article.words(case.sentence).replace(case.quote, " "))
    }
    if not names:
        return None
    article = case.article
    first, last = case.numbers
    strong = pattern("certainty", "grades", "strong")
    for number in range(max(0, first - 12), min(len(article.sentences), last + 13)):
        if first <= number <= last or article.sentences[number] == article.headline_span:
            continue
        span = article.sentences[number]
        said = article.words(span)
        found = strong.search(said)
        if found is None:
            continue
        # The source must be the one who confirms: its name before the word, and not "confirmed that" of
        # another matter.
        before = said[: found.start()]
        subject = names & set(tokens(before[-30:])) or (
            re.search(r"\bby\b", said[found.end() : found.end() + 6])
            and names & set(tokens(said[found.end() : found.end() + 40]))
        )
        if not subject or _NOT.search(before):
            continue
        shared = case.content & content(said[found.end() :])
        taken_up = number - last in (1, 2) and (
            re.match(r"\s+(?:it|this|(?:the|his|her|their) [\w-]+)\s*[.,;]", said[found.end() :], re.I)
            or re.search(r"\bwhat\b(?:\W+\w+){1,4}\W*$", before, re.I)
        )
        if len(shared - names) >= limits["shared"] or taken_up:
            span_of = (span[0] + found.start(), span[0] + found.end())
            return Finding(
                f"Here “{words}”, and elsewhere “{found.group()}” of the same source.",
                tuple(p for p in (place, span_of) if p),
            )
    return None


def _name_words(case: Case, hop: HopLike) -> set[str]:
    """The words by which a source is known again: those of its name, titles and articles left out."""
    return {
        t
        for t in tokens(f"{hop.name} {case.mention(hop)}")
        if len(t) > 2 and t not in ("the", "and", "former", "her", "his", "their", "that", "who", "for")
    }
