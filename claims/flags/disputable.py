"""What wants a source: accusations, casualties, acts of war, figures, what only insiders could know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.flags.case import Article, Case, Claimed, HopLike
from claims.flags.figures import Figure, figures
from claims.flags.lexicon import pattern, table
from claims.flags.words import Span, alike, content, tokens, trimmed

_CASUALTY_COUNT = re.compile(r"\b(?:no|some|several|dozens|scores|hundreds|thousands|many)\b", re.I)
_RUNS_ON = re.compile(
    r"(?:(?:he|she|they|it|this|these|that|those|both|such|another|others?)\b|(?:also|but|and|"
    r"instead|still|then|yet|later|earlier|separately|meanwhile)\b|"
    r"the (?:report|study|document|paper|memo|letter|indictment|filing|survey|poll|statement|"
    r"ruling|audit|review|inquiry|figures?|data|findings|article|"
    r"agency|newspaper|channel|post|researchers?|authors?|officials?|source|sources|"
    r"witness(?:es)?|lawsuit|complaint|video|footage)\b)",
    re.I,
)
_EARLIER = re.compile(r"\bhad (?:\w+ )?\w+(?:ed|en|ne)\b")
_TAKEN_UP = re.compile(
    r"\b(?:that|those|these|this) (?:lead|figure|number|total|amount|sum|share|rate|margin)\b"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Why something wants a source: its kind, what to call it, and the words that show it."""

    kind: str
    plain: str
    words: str
    place: Span


def _topic(kind: str, found: re.Match[str]) -> Topic:
    plain = table("disputable")["topics"][kind]["plain"]
    return Topic(kind, plain, " ".join(found.group().split()), found.span())


def topics(case: Case) -> Iterator[Topic]:
    """What the statement's own words touch: accusations, casualties, acts of war."""
    yield from topics_in(case.article, case.place)


def topics_in(article: Article, span: Span) -> Iterator[Topic]:
    """The topics of a stretch of text, the gravest first."""
    text = article.text
    for kind in ("accusation", "casualties", "military"):
        for found in pattern("disputable", "topics", kind, "words").finditer(text, *span):
            if kind == "casualties" and not _counts_people(text, span, found):
                continue
            if kind == "accusation" and not _accuses_somebody(text, span, found):
                continue
            yield _topic(kind, found)
            break


def _accuses_somebody(text: str, span: Span, found: re.Match[str]) -> bool:
    """Whether it is said of somebody who could be known, as what happened: no rule, no wish, no "if"."""
    before = text[span[0] : found.start()]
    if re.search(
        r"\b(?:if|would|could|should|might|will|can|who|anyone|any|no|not|never|whether|"
        r"alleged(?:ly)?)\s+(?:\w+\s+){0,3}$",
        before,
        re.I,
    ):
        return False
    after = text[found.end() : span[1]]
    if re.match(r"\W*if\b", text[span[0] : span[1]], re.I) or re.search(
        r"\b(?:may|might|could) have (?:\w+ )?$|\b(?:instances?|risks?|kinds?|cases?|forms?|"
        r"charges?|allegations?|issue|problem|prospect|threat) of\s+$",
        before,
        re.I,
    ):
        return False
    known = re.search(
        r"(?-i:\b[A-Z][\w’'-]+)|\b(?:he|she|they|the|his|her|guards|officers|police)\b",
        before + " " + after,
        re.I,
    )
    return bool(known)


def _counts_people(text: str, span: Span, found: re.Match[str]) -> bool:
    around = text[max(span[0], found.start() - 60) : min(span[1], found.end() + 60)]
    counted = [
        f for f in figures(around) if f.dimension == "count" and f.outcome in ("dead", "injured", "missing")
    ]
    return bool(counted) or bool(
        _CASUALTY_COUNT.search(around)
        and re.search(r"\b(?:people|civilians|guests|children|soldiers)\b", around)
    )


def disputable(case: Case) -> Topic | None:
    """Why the statement wants a source, if it does."""
    return wants_source(case.article, case.sentence)


def wants_source(article: Article, span: Span) -> Topic | None:
    """Why a sentence wants a source; ``None`` for a question, an opinion, common knowledge, what anybody
    could see.
    """
    said = article.words(span)
    if said.rstrip('”"’ )').endswith("?") or pattern("disputable", "vetoes", "words").search(said):
        return None
    grave = next(topics_in(article, span), None)
    if grave is not None:
        return grave
    for kind in ("event", "words"):
        found = pattern("disputable", "topics", kind, "words").search(article.text, *span)
        if found:
            return _topic(kind, found)
    for figure in figures(said):
        if _telling(figure):
            place = (span[0] + figure.start, span[0] + figure.end)
            return Topic("figure", "a figure", figure.words, place)
    return None


def _telling(figure: Figure) -> bool:
    """Money, shares and large counts are worth a source; lengths of time and small counts are background."""
    if figure.high > 3 * figure.low:
        return False
    if figure.dimension in ("money", "share", "points", "volume", "area", "mass", "power"):
        return True
    return figure.dimension == "count" and (
        (figure.value >= 100 and bool(figure.counted)) or figure.value >= 1e6
    )


def own_claims(article: Article) -> list[Claimed]:
    """The article's own sentences that want a source and have none: statements without a chain.

    A sentence that any statement touches, that holds a verb of saying or a quotation, or that runs on
    from a sentence with a source, is left to the engine.
    """
    taken: set[int] = set()
    for statement in article.statements:
        first, last = (
            article.sentence_number(statement.start),
            article.sentence_number(max(statement.start, statement.end - 1)),
        )
        taken.update(range(first, last + 1))
        taken.update(
            article.sentence_number(hop.start)
            for chain in statement.chains
            for hop in chain
            if hop.start is not None
        )
    found: list[Claimed] = []
    if _is_personal(article):
        return found
    sourced = False
    paragraph = -1
    for number, span in enumerate(article.sentences):
        said = article.words(span)
        here = article.paragraph_number(span[0])
        attributed = (
            number in taken
            or any(mark in said for mark in '“”"')
            or bool(pattern("certainty", "saying").search(said))
        )
        runs_on = (
            sourced
            and here == paragraph
            and (
                bool(_RUNS_ON.match(said) or _TAKEN_UP.search(said))
                or bool(re.search(r"\bhad (?:\w+ )?\w+(?:ed|en|ne)\b", said))
            )
        )
        if not attributed and not runs_on and _is_prose(article, number, said):
            if wants_source(article, span) is not None:
                low, high = trimmed(article.text, *span)
                found.append(Claimed(low, high - 1 if article.text[high - 1] in ".!" else high))
        sourced, paragraph = attributed or runs_on, here
    return found


def _is_personal(article: Article) -> bool:
    """Whether the author speaks of himself: an essay or a column, whose facts are vouched for by its name."""
    personal = 0
    for span in article.sentences:
        said = article.words(span)
        if (
            not any(q in said for q in '“”"')
            and "''" not in said
            and re.search(r"\b(?:I|I[’']m|I[’']ve|[Mm]y|me)\b", said)
        ):
            personal += 1
    return personal >= 3


def _is_prose(article: Article, number: int, said: str) -> bool:
    """Whether it is a sentence of the text, not its headline, a caption or a list."""
    return said[-1:] in ".!" and len(tokens(said)) >= 6 and article.sentences[number] != article.headline_span


def own_account(case: Case, hop: HopLike) -> bool:
    """Whether the source speaks of its own act, its own loss or its own finding, or admits it."""
    cue = hop.cue.casefold()
    if pattern("certainty", "admitting").search(cue) or pattern("certainty", "ruling").search(cue):
        return True
    mention = case.mention(hop)
    quote = case.quote.lstrip("“\"'‘ ")
    if re.match(r"(?:he|she|it|they)\b", quote, re.I) and hop.kind in ("person", "organisation"):
        return True
    if re.match(
        r"(?:its|the (?:force|company|firm|group|maker|bank|airline|agency|club|team|army|ministry))\b",
        mention,
        re.I,
    ):
        return True
    if re.search(r"\bpolice\b", mention, re.I) and re.match(r"(?:officers|police|detectives)\b", quote, re.I):
        return True
    whose = content(mention) | content(hop.name)
    subject = content(" ".join(quote.split()[:5]))
    if not whose & subject:
        return False
    return alike(whose, subject) >= 0.5 or bool(
        re.search(r"\b(?:police|court|prosecutors?)\b", mention, re.I)
    )
