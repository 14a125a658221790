"""The rule on descriptions: "an official" becomes "the Treasury"."""

from __future__ import annotations

import itertools
import re

from claims.flags.case import Case, HopLike
from claims.flags.chain import carrier_kind
from claims.flags.lexicon import pattern
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.unnamed import OURS, is_crowd, is_plural, is_unnamed
from claims.flags.words import Span, alike, content

_VERB = (
    r"(?:sa(?:y|ys|id)|told|announce[sd]?|confirm(?:s|ed)|warn(?:s|ed)?|claim(?:s|ed)?|find(?:s)?|"
    r"found|demand(?:s|ed)?|want(?:s|ed)?|plan(?:s|ned)?|admit(?:s|ted)?|promise[sd]?|call(?:s|"
    r"ed) for|vow(?:s|ed)?|reveal(?:s|ed)?|decide[sd]?|will|gave|put)"
)
_BODY = re.compile(
    rf"\b((?:the\s+)?(?-i:[A-Z][\w’'.&-]+)(?:\s+(?:of\s+(?:the\s+)?)?(?-i:[A-Z][\w’'.&-]+)|"
    rf"\s+(?:ministry|department|office|hospital|club|government|army|police|council|company|"
    rf"palace)){{0,4}}|the\s+(?:\w+\s+){{0,2}}(?:treasury|palace|ministry|department|office|"
    rf"hospital|club|government|army|police|council|company|president|prime minister|mayor|"
    rf"university|court|navy|union|team|firm|bank|regulator|agency|commission|"
    rf"prosecutor))\s*(?:['’]s\s+(?:forecast|announcement|statement|decision|warning|admission|"
    rf"claim|plan|figures?|count|toll|estimate|pledge|promise|offer|order|ban|finding|findings|"
    rf"words?|verdict|demand|vow|disclosure|confession|revelation|boast|threat)\b|,?\s+(?:which\s+|had\s+|has\s+|have\s+|also\s+){{0,2}}{_VERB}\b)",
    re.I,
)
_TITLE = re.compile(
    rf"^((?-i:[A-Z])[\w’'.&-]*(?:\s+(?-i:[A-Z])[\w’'.&-]*){{0,4}}?)(?::\s|\s+{_VERB}\b)", re.I
)
_REALLY = re.compile(
    r"\b(?:statement|spokes\w+|confirmed|press release|website|on the record|in writing|"
    r"turned out|asked for|later|also|itself|added|declined|repeated)\b",
    re.I,
)
_CREDIT = re.compile(
    r"(?:,|\s[–—-])\s*((?:the\s+)?[\w’'.& -]{2,40}?)\s+(?:says?|said|confirms?|announces?|claims?|warns?)$",
    re.I,
)
_NO_BODY = re.compile(
    r"\b(?:mr|mrs|ms|dr|some|many|in|but|and|when|while|if|january|february|march|april|may|"
    r"june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday)\b|^(?:republicans|democrats)$",
    re.I,
)
_STILL = re.compile(
    r"\b(?:source|sources|official|officials|insider|insiders|aide|aides|friend|pal|member|"
    r"members|employee|worker|nurse|soldier|diplomat|diplomats|expert|scientist|report|"
    r"study)\b",
    re.I,
)


@rule(
    "ATTRIBUTION_UPGRADE",
    Threshold("overlap", 0.4, "the share of the claim’s words that the other place has", low=0.2, high=1.0),
    proposes=True,
)
def attribution_upgrade(case: Case, limits: Limits) -> Finding | None:
    """The description of one source grows more exact than what it rests on: "an official" becomes "the
    Treasury".

    The Essentials of Reuters Sourcing: never deliberately mislead in sourcing. AP: attribution is as
    specific as what is known of the source.
    """
    for chain in case.chains:
        for outer, inner in itertools.pairwise(chain):
            # An outlet passes on; a body that speaks for itself was somebody unnamed before.
            if outer.kind == "organisation" and outer.naming == "named" and is_unnamed(case, inner):
                if not carrier_kind(case, outer) and not OURS.match(case.mention(outer)):
                    return _finding(case, inner, outer.name, None)
    vague = next(
        (hop for hop in case.origins if is_unnamed(case, hop) and not _many(case.mention(hop))), None
    )
    if vague is None or re.search(r"\bspokes|\bprosecutors\b", case.mention(vague), re.I):
        return None
    headline = case.article.headline
    if headline and case.sentence != case.article.headline_span:
        credit = _CREDIT.search(headline)
        if (
            credit
            and not _vague(credit[1])
            and _on_it(case, headline[: credit.start()], credit[1], limits["overlap"])
        ):
            return _finding(case, vague, credit[1], case.article.headline_span)
        found = _TITLE.match(headline)
        if (
            found
            and not _vague(found[1])
            and not re.search(r"\bsays? (?:source|official|insider|report)", headline, re.I)
        ):
            if _on_it(case, headline[found.end(1) :], found[1], limits["overlap"]):
                return _finding(case, vague, found[1], case.article.headline_span)
    first, last = case.numbers
    for number in range(first, min(len(case.article.sentences), last + 9)):
        low, high = case.article.sentences[number]
        begin = case.statement.end if number == first else low
        found = _body(case, case.article.text[max(begin, low) : high], number, limits["overlap"])
        if found:
            at = max(begin, low)
            return _finding(case, vague, found[1], (at + found.start(1), at + found.end(1)))
    return None


def _is_a_name(case: Case, who: str) -> bool:
    """Whether that is somebody who speaks for themselves in this text, by name."""
    return any(
        hop.kind == "person" and hop.naming == "named" and content(who) & content(hop.name)
        for number in range(case.numbers[0], case.numbers[1] + 9)
        for each in case.article.by_sentence.get(number, [])[:8]
        for chain in each.chains
        for hop in chain
    )


def _vague(who: str) -> bool:
    """Whether a description stays one: "club insider", "friends", "a soldier"."""
    return bool(_STILL.search(who)) or any(
        pattern("unnamed", "heads", kind).search(who) for kind in ("bare", "placed", "crowd")
    )


def _on_it(case: Case, said: str, body: str, overlap: float) -> bool:
    """Whether a headline that credits a body is on this claim, and nothing in the text is that body's word.

    Other words will do where the claim leads the article and shares one of them.
    """
    share = alike(case.content, content(said))
    if share >= overlap:
        return True
    leads = case.numbers[0] <= (1 if case.article.headline_span is None else 2)
    speaks = re.search(rf"{re.escape(body)}\W+{_VERB}", case.article.text[case.statement.end :], re.I)
    return leads and share > 0 and not speaks


def _body(case: Case, words: str, number: int, overlap: float) -> re.Match[str] | None:
    """A body that is said to say the same, where it doesn't really speak too."""
    if number <= case.numbers[1] or _REALLY.search(words):
        return None
    for found in _BODY.finditer(words):
        who = found[1]
        if _vague(who) or re.match(r"(?:he|she|they|it|we|i|but|and|the (?:man|woman))\b", who, re.I):
            continue
        if (
            content(who) <= case.content
            or _NO_BODY.search(who)
            or any(hop.naming == "named" and content(hop.name) & content(who) for hop in case.hops)
        ):
            continue
        if pattern("unnamed", "spokespeople").search(who) or _is_a_name(case, who):
            continue
        shared = case.content & content(words)
        handed = re.match(r"['’]s\s", words[found.end(1) :]) or re.search(
            r"\b(?:as|what)\s+$", words[: found.start()], re.I
        )
        next_to_it = handed and case.article.sentence_number(case.statement.end) + 1 == number
        if handed and (
            next_to_it or shared - content(who) or re.search(r"\bwhat\s+$", words[: found.start()], re.I)
        ):
            return found
        if len(shared) >= 3 and alike(case.content, content(words)) >= max(overlap, 0.6):
            return found
    return None


def _many(mention: str) -> bool:
    return is_crowd(mention) and is_plural(mention)


def _finding(case: Case, vague: HopLike, body: str, place: Span | None) -> Finding:
    places = (*case.places(vague), place) if place else case.places(vague)
    return Finding(
        f"It rests on “{case.mention(vague)}”, and elsewhere “{' '.join(body.split())}” says it.",
        tuple(places),
    )
