"""Rules on unnamed sources: why they are unnamed, how they know, and how many they are."""

from __future__ import annotations

import re

from claims.chains import identity
from claims.flags.case import PRONOUNS, Article, Case, HopLike, written_down
from claims.flags.lexicon import pattern
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.unnamed import is_person_source
from claims.flags.words import content

_OWN = re.compile(r"[“\"'‘]?\s*(?:that\s+)?(?:he|she|they|we|i|his|her|their|my|our)\b", re.I)
_NUMBERED = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|a dozen|dozens|both|\d+)\b", re.I)
_SEVERAL = re.compile(
    r"\b(?:both|the other|another|others|several|a dozen|dozens|colleague|each of them|all of them|poll of|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?:of (?:them|the|those)|others?|"
    r"more|officials?|sources?|people|witnesses|diplomats|men|women)|"
    r"of the (?:two|three|four|five|six))\b",
    re.I,
)


@rule(
    "NO_REASON",
    Threshold("anonymity_is_enough", 0, "1 when “on condition of anonymity” alone will do", low=0, high=1),
)
def no_reason(case: Case, limits: Limits) -> Finding | None:
    """A source is unnamed, and neither the text nor whoever wrote about the hop says why.

    AP's News Values and Principles: the story explains why the source requested anonymity.
    """
    for hop in case.hops:
        if not is_person_source(case, hop) or written_down(hop, "reason"):
            continue
        if _told(case, hop, "anonymity", "plain_reasons"):
            continue
        asked = _told(case, hop, "anonymity", "said")
        if asked and (limits["anonymity_is_enough"] or _told(case, hop, "anonymity", "reasons")):
            continue
        said = f", only “{asked}”" if asked else ""
        return Finding(f"Why “{case.mention(hop)}” isn’t named is not told{said}.", case.places(hop))
    return None


def _told(case: Case, hop: HopLike, *path: str) -> str:
    """The words of this part of the lexicon that the text has on a source, "" when it has none.

    Read are the statement's sentence and the source's own, the next one, and where else it speaks. What is
    said of somebody with a name in the sentence before is not about it, so nothing before is read.
    """
    article = case.article
    at = hop.start if hop.start is not None else case.statement.start
    first = article.sentence_number(at)
    last = max(first, case.numbers[1]) + 1
    low, high = article.sentence_span(first, last)
    near = article.text[min(low, case.sentence[0]) : high].replace(case.quote, " ")
    found = pattern("unnamed", *path).search(" ".join(near.split()))
    if found:
        return found.group()
    here = range(min(first, case.numbers[0]), last)
    others = (n for n in article.mentions.get(identity(hop), ()) if n not in here)
    return next((words for n in others if (words := _told_at(article, n, path))), "")


def _told_at(article: Article, number: int, path: tuple[str, ...]) -> str:
    """The same of a sentence and the one behind it; each is looked at once for all statements."""
    known: dict[tuple[object, ...], str] = article.memory.setdefault("told", {})
    if (number, *path) not in known:
        words = " ".join(article.words(article.sentence_span(number, number + 1)).split())
        found = pattern("unnamed", *path).search(words)
        known[number, *path] = found.group() if found else ""
    return known[number, *path]


@rule("NO_BASIS", proposes=True)
def no_basis(case: Case, limits: Limits) -> Finding | None:
    """The origin is unnamed, and nothing says how it can know: not the text, and nobody who looked at it.

    AP's News Values and Principles: an unnamed source must be in a position to have accurate information.
    Reuters weighs a source's track record, position and motive, and tells the reader of its position.
    """
    for hop in case.origins:
        mention = case.mention(hop)
        if (
            not is_person_source(case, hop)
            or written_down(hop, "basis")
            or mention.casefold() in PRONOUNS
            or _in_charge(mention)
            or _speaks_of_own(case, hop, mention)
        ):
            continue
        if _told(case, hop, "basis"):
            continue
        return Finding(f"Nothing says how “{mention}” can know this.", case.places(hop))
    return None


def _in_charge(mention: str) -> bool:
    """Officials of what they are asked about: "police officials", "election officials"."""
    return bool(
        re.match(r"(?:his|her|their)\s+(?:attorneys?|lawyers?|agents?|doctors?)\b", mention, re.I)
    ) or bool(
        re.search(
            r"\b(?:police|fire|city|state|county|federal|hospital|health|election|court|"
            r"school|border|customs|prison|rescue|emergency|airport|campaign|university|"
            r"company)\s+(?:officials|investigators|officers|managers)$",
            mention,
            re.I,
        )
    )


def _speaks_of_own(case: Case, hop: HopLike, mention: str) -> bool:
    """Its own acts or plans, or the business of the body that it belongs to."""
    quote = case.quote
    if (_OWN.match(quote) and (hop.start or 0) < case.statement.start) or re.search(
        r"\b(?:his|her|their|my|our|its) own\b", quote, re.I
    ):
        return True
    if re.match(r"\w+(?:ed|s)?\s+(?:to|that|how)\s+(?:he|she|they|we|i)\b", quote, re.I):
        return True
    if re.search(r"\bpromis|\bvow|\bpledg|\bconfess|\badmit|\bthreaten", hop.cue, re.I):
        return True
    placed = re.search(
        r"\b(?:manager|director|head|employee|worker|nurse|doctor|teacher|guard|clerk|foreman|"
        r"porter|driver)s?\s+at\s",
        mention,
        re.I,
    )
    if placed and not re.search(
        r"\s(?!January|February|March|April|May|June|July|August|September|October|November|"
        r"December|[A-Z][a-z]+day)[A-Z]",
        quote,
    ):
        return True
    # "a manager at the hospital": the words of the body, without those of the role.
    body = content(_without_role(mention))
    said = content(case.article.words(case.sentence).replace(mention, " ", 1))
    return bool(body & said)


def _without_role(mention: str) -> str:
    for kind in ("placed", "bare", "crowd"):
        mention = pattern("unnamed", "heads", kind).sub(" ", mention)
    return re.sub(
        r"\b(?:senior|former|top|high-ranking|unnamed|anonymous|western|european|foreign|"
        r"security|government|police|close|familiar|one|two|three|people)\b",
        " ",
        mention,
        flags=re.I,
    )


_PLURALS = (
    r"sources|officials|insiders|reports|experts|witnesses|diplomats|aides|analysts|critics|"
    r"neighbours|neighbors|studies|documents|executives|"
    r"researchers|scientists|doctors|employees|workers|friends|bankers|traders|lawyers|"
    r"residents|economists|investigators|officers|soldiers|observers|people"
)
_SINGULARS = {"witnesses": "witness", "studies": "study", "people": "person"}
_ALSO = {
    "source": "source|informant|contact|officer|official|person|employee",
    "insider": "insider|informant|source|employee|person",
    "official": "official|officer|source",
    "report": "report|article|story",
    "document": "document|memo|paper|letter|file|note",
    "expert": "expert|scientist|specialist",
    "person": "person|source",
    "study": "study|paper",
}


@rule("PLURAL_INFLATION", proposes=True)
def plural_inflation(case: Case, limits: Limits) -> Finding | None:
    """ "Sources say", and the text shows one.

    The Essentials of Reuters Sourcing: never cite sources in the plural when there is only one.
    """
    for hop in case.hops:
        mention = case.mention(hop)
        plural = re.search(rf"\b({_PLURALS})\b", mention, re.I)
        if plural is None or _NUMBERED.search(mention) or (hop.naming == "named" and hop.kind == "outlet"):
            continue
        one = _only_one(case, hop, plural[1].lower())
        if one is not None:
            words = " ".join(case.article.words(one).split())
            return Finding(
                f"“{mention}” are more than one, and the text shows “{words}”.", (*case.places(hop), one)
            )
    return None


def _only_one(case: Case, hop: HopLike, plural: str) -> tuple[int, int] | None:
    """Where the text shows that there is one behind a plural, if it does and nothing shows more."""
    text = case.article.text
    low = max(hop.end or 0, case.sentence[0])
    first = case.article.sentence_number(low)
    high = case.article.sentence_span(first, first + 3)[1]
    after = text[low:high].replace(case.quote, " " * len(case.quote))
    single = _SINGULARS.get(plural, plural.removesuffix("s"))
    nouns = _ALSO.get(single, single)
    adjective = r"(?:[\w-]+\s+){0,2}?"
    shown = re.search(
        rf"\b(?:the (?:only|sole|lone|single)\s+(?:one|{adjective}(?:{nouns}|person|man|woman|"
        rf"witness|paper))|(?:an?|one)\s+(?:single|lone|sole)\s+(?:[\w-]+\s+)?(?:{nouns}|"
        rf"[\w-]*(?:er|or|ist|ian|man|woman|ee|ant|source|official|person|nurse|guard|aide))\b|"
        rf"(?:the|that|this|our)\s+(?:one-page\s+)?(?:{nouns})\b(?!s)(?=\s*[,.]|\s+(?:\w+ed\b|"
        rf"said|says|told|who|was|is|has|had|wrote|gave|from|on|in|at|of|would|did))"
        rf"|the (?:only|sole) [\w-]+ (?:to|who|that|found)|one of (?:them|the (?:{_PLURALS}))"
        rf"|\b(?:all )?(?:go(?:es)?|lead(?:s)?|trace(?:s|d)?) back to (?:an?|one)\b"
        rf"|turn(?:s|ed)? out to be (?:one [\w-]+|(?:an?|the)\s+(?:[\w-]+\s+)?(?:{nouns}|man|woman))\b"
        rf"|the only one\b|the (?:{nouns}) who\b|\bno other (?:{nouns}) (?:has|had|have|was|came)"
        r"|\bonly (?:one|the)\b[^.]{0,60}\b(?:testified|spoken|spoke|come forward|came forward))",
        after,
        re.I,
    )
    if shown is None or _SEVERAL.search(after):
        return None
    return low + shown.start(), low + shown.end()
