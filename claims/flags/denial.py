"""The rule on denials: the same text carries one, and the statement doesn't say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.flags.case import Article, Case
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.words import Span, alike, content, shortened

_WHOLE = re.compile(
    r"\b(?:den(?:y|ies|ied|ying) (?:(?:it|this|that|them)(?=\s*[.,;!?]|\s*$|\s+(?:on|in|and|"
    r"all|outright|but|when|through|strongly|flatly)\b)|everything|(?:all|any|the|these|those|"
    r"both|his|her|their|its|such|having done)?\s*(?:\w+\s+){0,2}(?:claims?|allegations?|"
    r"accusations?|reports?|charges?|wrongdoing|involvement|suggestions?|account|story|"
    r"rumou?rs?|knowledge))"
    r"|den(?:ies|ied|y)(?=\s*[.,;!?”\"]|\s*$)|pleads? not guilty|pleaded not guilty|no truth|"
    r"not a word of truth|"
    r"(?:that|it|this|story|claim)[’']s (?:not true|untrue|false|a lie|nonsense|rubbish)|"
    r"(?:made up|invented|concocted) by|a fantasy|pure fantasy|pure invention|"
    r"\b(?:it|this|that|they|claims?|allegations?|accusations?|reports?|charges?|story|"
    r"account|suggestion) (?:\w+ )?(?:is|was|are|were) (?:\w+ )?(?:not true|untrue|false|"
    r"baseless|a lie|lies|nonsense|rubbish|fabricated|fiction|unfounded|groundless|wrong)"
    r"|(?:reject|dismiss|refut|rebut|disput|contest)(?:s|es|ed|ing)?\s+(?:(?:it|this|"
    r"that)(?=\s*[.,;!?]|\s*$)|(?:the|all|these|those|any|his|her|their|such|"
    r"both)?\s*(?:\w+\s+){0,2}(?:claims?|allegations?|accusations?|reports?|charges?|"
    r"suggestions?|accounts?|findings?|story|stories|versions?|rumou?rs?))"
    r"|call(?:s|ed|ing) (?:\w+\s+){1,4}?(?:a lie|lies|nonsense|false|fiction|rubbish|baseless|"
    r"absurd|untrue|ridiculous|fabricat\w+)|never (?:took place|happened)|did(?:n['’]t|"
    r" not) happen|fake news)\b|[“\"‘](?:rubbish|nonsense|lies|not true|untrue|absolutely not|"
    r"fake news)\b",
    re.I,
)
_VERB = re.compile(
    r"(?<!to )\b(?:den(?:y|ies|ied|ying)(?! (?:them|him|her|us|me|people|voters|\w+ (?:access|"
    r"entry|visas?)))|disput(?:es|ed|ing)|refut(?:es|ed|ing)|rebut(?:s|ted))\b",
    re.I,
)
_SPEAKS = re.compile(
    r"\b(?:said|says|say|told|insist\w*|wrote|writes|stated|maintain\w*|issued|statement|"
    r"lawyer|spokes\w+|den(?:y|ies|ied)|pleads?|pleaded|reject\w*|disput\w*|called|"
    r"according)\b",
    re.I,
)
# Cheap, and in every sentence that one of the others can be in.
_HINT = re.compile(
    r"den(?:y|i)|disp|reject|dismiss|ref|rebut|contest|call|lie|fals|fake|true|truth|guilty|rubbish|nonsense|"
    r"baseless|unfound|groundless|wrong|fabric|fiction|happen|place|absurd|ridic|made up|invent|"
    r"concoct|fantas",
    re.I,
)
_SPEAKERS = ("awyer", "ttorney", "olicitor", "ounsel", "pokes", "gent", "epresentative")
_NONE = re.compile(
    r"\b(?:declin\w+|refus\w+|would not|wouldn['’]t|did not|didn['’]t|could not|"
    r"couldn['’]t) (?:to )?(?:be drawn|comment|answer|reply|respond|be reached|say|discuss)|"
    r"\bno comment\b|\bnot (?:immediately )?(?:respond|reply|available|reachable)|"
    r"without comment\b",
    re.I,
)


_AGAINST = re.compile(r"\b(?:yet|but|though|however|nevertheless|nonetheless)\b", re.I)
_NO_SUCH = re.compile(
    r"\bno(?:ne of (?:his|her|its|their|the|our))? (?:such )?(\w+) "
    r"(?:took place|\w+ed|had|has|have|was|were|is|are)\b",
    re.I,
)
_SPOKEN_FOR = re.compile(
    r"\b(?:lawyer|attorney|solicitor|counsel|spokes\w+|agent|"
    r"representative)\b[^.]{0,80}\bsa(?:id|ys)\b[^.]{0,80}\b(?:client|he|she|they|it|company|"
    r"firm)\b (?:had |has |have |was |were |did )?(?:\w+ )?(?:nothing|never|no part|"
    r"not)\b",
    re.I,
)


@rule("DENIED", Threshold("sentences", 6, "how far off a denial of “it” may stand", low=1, high=16))
def denied(case: Case, limits: Limits) -> Finding | None:
    """The same text carries a denial of this, and the statement's own sentence doesn't say so.

    BBC Editorial Guidelines, section 6 (right of reply), and the SPJ's Code of Ethics: those who are
    criticised get to respond, where it is said.
    """
    if case.statement.stance == "denies" or _sentence_denies(case):
        return None
    first, last = case.numbers
    reach = 4 * limits["sentences"]
    for number in range(max(0, first - reach), min(last + reach + 1, len(case.article.sentences))):
        denial = None if first <= number <= last else _denial(case.article, number)
        if denial is not None and _denies(case, denial, limits["sentences"]):
            words = shortened(case.article.words(denial.span))
            return Finding(
                f"“{words}” stands in the same text, and not in this sentence.", (case.place, denial.span)
            )
    return None


@dataclass(frozen=True, slots=True)
class _Denial:
    """A sentence that may deny something, taken apart once for all statements of the text."""

    number: int
    span: Span
    words: str
    content: frozenset[str]
    whole: bool
    """It denies "it": what was said before."""
    verb: bool
    counters: bool


def _denial(article: Article, number: int) -> _Denial | None:
    """The denial that a sentence may be, or None; each sentence is read once."""
    known: dict[int, _Denial | None] = article.memory.setdefault("denials", {})
    if number not in known:
        known[number] = _read(article, number)
    return known[number]


def _read(article: Article, number: int) -> _Denial | None:
    span = article.sentences[number]
    words = article.words(span)
    hinted = bool(_HINT.search(words))
    counters = bool(_NO_SUCH.search(words)) or (
        any(part in words for part in _SPEAKERS) and bool(_SPOKEN_FOR.search(words))
    )
    if not (hinted or counters) or not _SPEAKS.search(words):
        return None
    whole = _WHOLE.search(words) if hinted else None
    if whole is None and _NONE.search(words):
        return None
    # What follows "denied that" is another matter unless the words are the same.
    it = whole is not None and not re.match(r"\s*(?:that|of)\b", words[whole.end() :])
    verb = hinted and bool(_VERB.search(words))
    return (
        _Denial(number, span, words, content(words), it, verb, counters) if it or verb or counters else None
    )


def _sentence_denies(case: Case) -> bool:
    own = case.article.words(case.sentence)
    return bool(
        re.search(
            r"\b(?:den(?:y|ies|ied|ying|ial)|not guilty|disput\w+|refut\w+|reject\w+|no truth|untrue)\b",
            own,
            re.I,
        )
    )


def _denies(case: Case, denial: _Denial, reach: int) -> bool:
    first, last = case.numbers
    apart = denial.number - last if denial.number > last else first - denial.number
    taken_up = denial.whole and 0 < denial.number - last <= reach
    near = denial.counters and apart <= 3
    if not (taken_up or near or denial.verb):
        return False
    shared = case.content & denial.content
    if taken_up and (shared or _just_before(case, last, denial.number)):
        if not _its_own_matter(case, denial.number, denial.words):
            return True
    if near and _counters(case, denial.words):
        return True
    # "The bank dismissed it as nonsense. Yet the bank ...": the denial comes first.
    if (
        denial.whole
        and first - denial.number == 1
        and shared
        and _AGAINST.search(case.article.words(case.sentence))
    ):
        return True
    return denial.verb and len(shared) >= 2 and alike(case.content, denial.content) >= 0.5


def _counters(case: Case, words: str) -> bool:
    """ "No prisoner had been beaten", "her client had hidden nothing", said of what the claim is about."""
    for found in _NO_SUCH.finditer(words):
        if content(found[1]) & case.content and not _NO_SUCH.search(case.quote):
            return True
    return bool(_SPOKEN_FOR.search(words))


def _just_before(case: Case, last: int, number: int) -> bool:
    """Whether no other claim stands between, so that "it" is this one."""
    return not any(s.chains for n in range(last + 1, number) for s in case.article.by_sentence.get(n, []))


def _its_own_matter(case: Case, number: int, words: str) -> bool:
    """ "Though Moscow denies this, officials say that ...": what is denied comes in the same sentence."""
    led = re.match(r"\W*(?:though|although|while|despite|even though)\b", words, re.I)
    return bool(led) and any(s.chains for s in case.article.by_sentence.get(number, []))
