"""What a text says of the way a claim came beyond its chain: who has it from whom. Wide where the chain is
short, because a reading that missed a step mustn't make hearsay look first-hand.
"""

from __future__ import annotations

import re

from claims.flags.case import Case, HopLike
from claims.flags.words import Span

_ON = re.compile(
    r"\b(?:citing|quoting|pointing to|relying on|referring to|(?:with|in) reference to|"
    r"(?:refer|point)(?:s|red|ed)? to|rel(?:ies|ied) on|drawn from|drew on|rest(?:s|ed|ing)? on|"
    r"bas(?:ed|es|ing) (?:it |this |that |its \w+ )?on|"
    r"(?:in turn |itself |had )?(?:cites|cited|quotes|quoted)|"
    r"(?:got|had|has|heard|learn(?:ed|t)|picked|took) (?:(?:it|this|that) )?(?:up )?from|"
    r"(?:its|his|her|their|whose) (?:informant|source|information) (?:is|was|were|comes?|came)|"
    r"names? as its source|(?:been|was|were) told by|heard (?:it )?(?:from|on))\b",
    re.I,
)
_OTHER_SUBJECT = re.compile(
    r"\b(?!he\b|she\b|they\b|it\b|which\b|who\b|that\b|I\b|we\b)[a-z]+\s+(?:had|has|was)\s*$"
)
_SIDE_BY_SIDE = re.compile(r"\b(?:separately|both|each|independently|also|too|meanwhile|as did)\b", re.I)
_TAKES_UP = re.compile(
    r"(?:it|its|the (?:paper|newspaper|channel|agency|station|site|magazine|outlet|report|blog|programme|"
    r"broadcaster|article|post))\b",
    re.I,
)
UNNAMED = (
    r"(?:\w+[ -]){0,3}?(?:unnamed|anonymous|unidentified|undisclosed|sources?|insiders?|officials?|aides?|"
    r"diplomats?|people (?:familiar|close|with|at|in|who)|person (?:familiar|close|with|at|in|who)|someone|"
    r"somebody|friends?|pals?)\b"
)
_NEXT = 45
"""Within how many characters behind a relay stands who is meant."""
_UNNAMED = re.compile(rf"\s*[“\"']?{UNNAMED}", re.I)
_CARRIER = re.compile(
    r"\b(?:newspapers?|papers?|dail(?:y|ies)|weekly|magazine|tabloid|agency|agencies|broadcaster|television|tv|"
    r"radio|channel|station|site|website|blog|blogger|media|press|podcast|account|post)\b",
    re.I,
)


def relays(case: Case) -> list[Span]:
    """The words in and behind the statement's sentence by which somebody has it from somebody else.

    A sentence behind counts where it takes up who was cited: "The paper relies on an aide."
    """
    article = case.article
    low, high = case.sentence
    last = case.numbers[1] + 1
    if last < len(article.sentences):
        begin, end = article.sentences[last]
        names = [hop.name for hop in case.hops if len(hop.name) > 3]
        words = article.text[begin:end]
        if _TAKES_UP.match(words) or any(name in words[:80] for name in names):
            high = end
    start, end = case.place
    spans = [found.span() for found in _ON.finditer(article.text, low, high)]
    return [span for span in spans if not start <= span[0] < end]


def steps(case: Case, span: Span) -> int:
    """How many further people a relay brings in: "his sister had been told by a soldier" brings two."""
    text = case.article.text
    told = re.search(r"told by|from|heard", text[slice(*span)])
    subject = _OTHER_SUBJECT.search(text[max(0, span[0] - 40) : span[0]])
    return 2 if told and subject else 1


def one_way(case: Case) -> bool:
    """Whether the relays of the sentence can be steps of one chain, not of two beside one another."""
    words = case.article.words(case.sentence).replace(case.quote, " ")
    return len(case.chains) == 1 and not _SIDE_BY_SIDE.search(words)


def unnamed_behind(case: Case) -> Span | None:
    """Where an unnamed source stands behind a relay, if one does."""
    for low, high in relays(case):
        found = _UNNAMED.match(case.article.text, high)
        if found:
            return low, found.end()
    return None


def known_behind(case: Case, hop: HopLike) -> bool:
    """Whether the way goes on from a hop to somebody or something that isn't another carrier."""
    text = case.article.text
    further = [high for _, high in relays(case) if hop.start is None or not high <= hop.start < high + _NEXT]
    return any(
        _UNNAMED.match(text, high) or not _CARRIER.search(text[high : high + _NEXT]) for high in further
    )
