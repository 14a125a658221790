"""The rule on figures: the same fact with another figure, unit or thing counted elsewhere in the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.flags.case import Article, Case
from claims.flags.figures import Figure, agree, figures
from claims.flags.lexicon import pattern
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.words import Span, content, stem

_REACH = 60
"""How many sentences away a figure is compared, so that an edit in a long text is cheap."""
_ROOM = 30
"""With how many figures of one kind a figure is compared, so that a long text stays linear."""
_ANY = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|\w+teen|\w+ty|hundred\w*|thousand\w*|"
    r"million\w*|billion\w*|dozen\w*|half|third|quarter|fifth|tenth|eleven|scores)\b",
    re.I,
)
_MANY = 10
"""A figure from here on is rarely in one text twice by chance."""
_LEAD = 2
"""The number of the last sentence that a headline sums up."""
_PEOPLE = frozenset(
    stem(w) for w in ("people", "persons", "civilians", "soldiers", "men", "women", "children", "passengers")
)
_NUMBER_WORD = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure of the text or of its headline, with the content words around it."""

    figure: Figure
    span: Span | None
    sentence: int
    around: frozenset[str]
    words: str
    keys: frozenset[str]
    """What a figure must share to be compared with it: the thing counted, the unit, the value."""


@rule(
    "NUMBER_DRIFT",
    Threshold("ratio", 1.2, "from which ratio another figure is no rounding", low=1.0, high=100.0),
    Threshold("shared", 2, "how many words two places share to be on one fact", low=1, high=10),
)
def number_drift(case: Case, limits: Limits) -> Finding | None:
    """A figure, its unit or what it counts differs for the same fact between two places of the text.

    BBC Editorial Guidelines 3.3.1: check facts and statistics, with their caveats. IPSO's Editors' Code,
    clause 1: headlines are supported by the text. Rounding is no fault.
    """
    article = case.article
    first, last = case.numbers
    mine = [
        p
        for number in range(first, min(last + 1, len(article.sentences)))
        for p in _figures_of(article, number)
        if p.span and case.statement.start <= p.span[0] < case.statement.end
    ]
    for placed in mine:
        for other in _comparable(article, placed):
            what = _differs(placed, other, case, limits)
            if what:
                where = (
                    "in the headline" if other.span is None or other.sentence < 0 else "elsewhere in the text"
                )
                places = (placed.span, other.span) if other.span else (placed.span,)
                return Finding(
                    f"“{_shown(placed)}” stands here and “{_shown(other)}” {where}: {what}.",
                    tuple(place for place in places if place),
                )
    return None


def _shown(placed: Placed) -> str:
    counted = " ".join(placed.figure.counted[:2])
    return placed.words if not counted or placed.figure.dimension != "count" else f"{placed.words} {counted}"


def _figures_of(article: Article, number: int) -> list[Placed]:
    """The figures of a sentence, or of the headline where ``number`` is -1; each is read once."""
    known: dict[int, list[Placed]] = article.memory.setdefault("figures", {})
    if number not in known:
        known[number] = _read(article, number)
    return known[number]


def _read(article: Article, number: int) -> list[Placed]:
    low: int | None = None
    if number < 0:
        words, low = article.headline, article.headline_span[0] if article.headline_span else None
    elif article.sentences[number] == article.headline_span:
        return []
    else:
        low = article.sentences[number][0]
        words = article.words(article.sentences[number])
    if not words or not _ANY.search(words):
        return []
    around = _around(words)
    return [
        Placed(
            f, (low + f.start, low + f.end) if low is not None else None, number, around, f.words, _keys(f)
        )
        for f in figures(words)
    ]


def _around(words: str) -> frozenset[str]:
    return frozenset(w for w in content(words) if not _NUMBER_WORD.search(w))


def _comparable(article: Article, placed: Placed) -> Iterator[Placed]:
    """The figures of other places that share a counted thing or a unit, the headline's first."""
    low, high = max(0, placed.sentence - _REACH), placed.sentence + _REACH + 1
    there = (
        other
        for number in (-1, *range(low, min(high, len(article.sentences))))
        for other in _figures_of(article, number)
        if other.keys & placed.keys and other is not placed and other.span != placed.span
    )
    yield from itertools.islice(there, _ROOM)


def _keys(figure: Figure) -> frozenset[str]:
    keys = [figure.dimension] if figure.dimension != "count" else [f"of {s}" for s in figure.stems]
    if figure.dimension == "count" and (figure.outcome or figure.stems & _PEOPLE):
        keys.append("people")
    if figure.dimension in ("share", "points"):
        keys = ["share"]
    return frozenset([*keys, f"value {figure.value:g}"] if figure.value > 2 else keys)


def _differs(placed: Placed, other: Placed, case: Case, limits: Limits) -> str:
    """How the two differ, in words; "" when they agree or are of other things."""
    one, two = placed.figure, other.figure
    alike_in = (one.value, one.unit, one.per, one.outcome, one.counted)
    if placed.sentence == other.sentence or alike_in == (
        two.value,
        two.unit,
        two.per,
        two.outcome,
        two.counted,
    ):
        return ""
    shared = (placed.around & other.around) - one.stems - two.stems
    headline = other.sentence < 0 or placed.sentence < 0
    back = _points_back(case.article, placed, other)
    if headline:
        leads = max(placed.sentence, other.sentence) <= _LEAD
        # "4,100 teachers" over "1,400 teachers": what is counted is enough to be on one fact.
        counted = leads and min(one.value, two.value) >= _MANY and bool(one.stems & two.stems)
        enough = counted or len(shared) >= (1 if leads else limits["shared"])
    elif back or len(shared) < limits["shared"]:
        fate = one.value == two.value >= _MANY and one.outcome != two.outcome
        enough = back or bool(fate and one.outcome and two.outcome and shared)
    else:
        least = min(len(placed.around), len(other.around)) or 1
        same_number = one.value == two.value or _digits_of(one) == _digits_of(two)
        tenfold = one.value in (10 * two.value, two.value / 10) and bool(one.stems & two.stems)
        enough = same_number or tenfold or (len(shared) > limits["shared"] and len(shared) >= 0.6 * least)
    vague = one.high > 3 * one.low or two.high > 3 * two.low
    if not enough or vague or _is_explained(case.article, placed, other):
        return ""
    if _same_thing(one, two):
        if agree(one, two):
            return (
                f"per {one.per} against per {two.per}" if one.per and two.per and one.per != two.per else ""
            )
        low, high = sorted((one.value, two.value))
        if low <= 0 or high / low < limits["ratio"] or _part_of(case.article, placed, other):
            return ""
        times = high / low
        return "ten times as much" if 9.99 < times < 10.01 else f"{times:.2g} times as much"
    if one.value != two.value and not (
        one.dimension == two.dimension and abs(one.value - two.value) < 1e-9 * one.value
    ):
        return _same_digits(one, two)
    return _other_unit(one, two, sure=headline or back)


def _digits_of(figure: Figure) -> list[str]:
    return re.findall(r"\d[\d.,]*", figure.words) or [figure.words]


def _points_back(article: Article, one: Placed, two: Placed) -> bool:
    """Whether the later of two neighbours takes the earlier one up: "those 350", "its figure of 8,000"."""
    first, second = sorted((one, two), key=lambda p: p.sentence)
    if second.span is None or not 0 < second.sentence - first.sentence <= 2 or first.sentence < 0:
        return False
    before = article.text[max(0, second.span[0] - 24) : second.span[0]]
    return bool(
        re.search(
            r"\b(?:those|these|figure of|total of|toll of|count of|the same|number of)\s+$", before, re.I
        )
    )


def _same_thing(one: Figure, two: Figure) -> bool:
    if one.dimension != two.dimension or (one.unit != two.unit and one.dimension == "money"):
        return False
    if one.dimension != "count":
        return (
            not (one.stems and two.stems)
            or bool(one.stems & two.stems)
            or one.dimension in ("money", "time", "speed", "length", "area")
        )
    if one.outcome or two.outcome:
        return one.outcome == two.outcome
    return bool(one.stems & two.stems)


def _other_unit(one: Figure, two: Figure, *, sure: bool) -> str:
    """The same number of something else: dead for injured, euros for kroner, ships for crew."""
    if one.dimension == two.dimension == "money":
        return f"{one.unit} against {two.unit}" if one.unit != two.unit else ""
    if {one.dimension, two.dimension} == {"share", "points"}:
        return f"{one.unit} against {two.unit}"
    if one.dimension != "count" or two.dimension != "count" or one.value < 3:
        return ""
    if one.outcome and two.outcome and one.outcome != two.outcome:
        return f"{one.outcome} against {two.outcome}"
    if (
        sure
        and not one.outcome
        and not two.outcome
        and one.counted
        and two.counted
        and not one.stems & two.stems
    ):
        return f"{one.counted[0]} against {two.counted[0]}"
    return ""


def _same_digits(one: Figure, two: Figure) -> str:
    """The same digits of another unit: 350 hectares, 350 square kilometres."""
    if _digits_of(one) != _digits_of(two):
        return ""
    if one.dimension == two.dimension and one.unit != two.unit and one.dimension not in ("count", "time"):
        return f"{one.unit} against {two.unit}"
    if {one.dimension, two.dimension} == {"share", "points"}:
        return f"{one.unit} against {two.unit}"
    return ""


def _is_explained(article: Article, one: Placed, two: Placed) -> bool:
    """Whether the text tells why they differ: another year, an update, a part of the whole."""
    kind = "revised" if one.sentence < 0 or two.sentence < 0 else "explained"
    return _says(article, kind, one.sentence) or _says(article, kind, two.sentence)


def _says(article: Article, kind: str, number: int) -> bool:
    """Whether a sentence has words that explain a difference; each is looked at once."""
    known: dict[tuple[str, int], bool] = article.memory.setdefault("explained", {})
    if (kind, number) not in known:
        words = article.headline if number < 0 else article.words(article.sentences[number])
        known[kind, number] = bool(pattern("figures", kind, "words").search(words))
    return known[kind, number]


def _part_of(article: Article, one: Placed, two: Placed) -> bool:
    """Whether another figure of the same sentence agrees, as where a headline gives one of two."""
    for mine, theirs in ((one, two), (two, one)):
        for each in _figures_of(article, mine.sentence):
            if (
                each is not mine
                and _same_thing(each.figure, theirs.figure)
                and agree(each.figure, theirs.figure)
            ):
                return True
    return False
