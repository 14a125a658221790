"""The figures of a text, normalised: how many, of what unit, with what reserve, and what is counted.

Numbers in words are read by text2num, digits of other locales and their words for millions by Babel (CLDR).
What is ours is the glue: currencies, units, comparators and the vague words ("dozens", "a third").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from claims.flags.lexicon import any_of, pattern, table, words
from claims.flags.numbers import digits, last_place, magnitude, plain, worded
from claims.flags.words import stem

_SMALL = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_WORDED = (
    rf"(?:(?:one|{_SMALL})(?:[- ](?:and[ ])?(?:one|{_SMALL}|hundred|thousand|million|billion))*|"
    rf"(?<=\ba[ ])(?:hundred|thousand|million|billion))"
)
_DIGITS = r"\d{1,3}(?:[.,’'\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_PARTS = {
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "sixth": 100 / 6,
    "eighth": 12.5,
    "ninth": 100 / 9,
    "tenth": 10.0,
}
_VAGUE: dict[str, tuple[float, float]] = {
    "dozens": (24, 99),
    "scores": (40, 99),
    "hundreds": (200, 999),
    "thousands": (2e3, 9999),
    "millions": (2e6, 9.99e6),
    "billions": (2e9, 9.99e9),
}
_VAGUE_OF: dict[str, float] = {"tens": 10, "dozens": 12, "scores": 20, "hundreds": 100}
_FIGURE = re.compile(
    rf"""(?P<fraction>\b(?:(?P<how_many>an?|one|two|three|four|nine)[
    -])(?P<part>thirds?|quarters?|fifths?|sixths?|eighths?|ninths?|tenths?)\b
        |\b(?P<half>half|(?<![-’'])quarter)\b(?=\s+(?:an?\s+(?:million|billion)|of|the|his|her|its|their))(?:\s+(?P<half_of>an?\s+(?:million|billion))\b)?)
    |\b(?P<one>one|two|three|four|five|six|seven|eight|nine|\d+)\s+(?:\w+\s+)?(?:in(?:\s+every)?|out\s+of(?:\s+every)?)\s+(?P<of>{_SMALL}|\d+)\b
    |\b(?P<vague>(?:tens|dozens|scores|hundreds)\s+of\s+(?:thousands|millions|billions)|dozens|scores|hundreds|thousands|millions|billions)\b(?=\s+(?:of|more)\b|\s+[a-z]+)
    |(?P<symbol>(?:US|A|C)?\$|[€£¥₹₽₴]|\b(?:EUR|USD|GBP|CHF)\s?)?\s?
     (?:(?<![\w.,:/@-])(?P<digits>{_DIGITS})(?![\d:/]|[-–]\d|(?:st|nd|rd|th)\b)|\b(?P<worded>{_WORDED}|dozen)\b)""",
    re.I | re.X,
)
_PER = re.compile(
    r"(?:\s+of\s+\w+)?\s*(?:an?|per|each|every|a)\s+(second|minute|hour|day|night|week|month|"
    r"year|head|person|litre|tonne)\b|\s*(daily|weekly|monthly|yearly|annually|hourly)\b",
    re.I,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d$")
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
_PERIODS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "hourly": "hour",
}
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|[.,;:!?()“”\"–—]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``text[start:end]`` are its words, ``low`` to ``high`` what they leave open, in base
    units.
    """

    start: int
    end: int
    words: str
    value: float
    low: float
    high: float
    dimension: str
    """"money", "share", "length", …; "count" for what is only counted."""
    unit: str
    per: str
    counted: tuple[str, ...]
    """The words that say what is counted, nearest first."""
    outcome: str
    """"dead", "injured", "missing" or "held" for people; else ""."""

    @property
    def stems(self) -> frozenset[str]:
        """The counted things, by their stems."""
        return _stems(self.counted)


@lru_cache(maxsize=4_096)
def _stems(counted: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word.lower()) for word in counted)


@lru_cache(maxsize=2_048)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a sentence or headline, in order. Years, dates, ages, scores and ordinals are none."""
    found: list[Figure] = []
    at = 0
    while match := _FIGURE.search(text, at):
        figure = _figure(text, match)
        at = max(match.end(), figure.end if figure else 0)
        if figure is not None:
            found.append(figure)
    return tuple(found)


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    read = _amount(text, match)
    if read is None:
        return None
    value, spread, end, dimension = read
    unit, per = dimension, ""
    first = match.start() + len(match.group()) - len(match.group().lstrip())
    before, after = text[max(0, first - 60) : first], text[end : end + 90]
    symbol = (match["symbol"] or "").strip()
    if symbol:
        dimension, unit = (
            "money",
            table("figures")["currencies"]["symbols"][
                symbol.upper() if symbol.isalpha() else symbol.replace("us", "US")
            ],
        )
    elif dimension == "count":
        dimension, unit, factor, length = _unit(after)
        if dimension in ("share", "points"):
            # 30 per cent isn't 34.
            spread = (max(spread[0], value - 0.5), min(spread[1], value + 0.5))
        value, spread, end = value * factor, (spread[0] * factor, spread[1] * factor), end + length
    if _is_date(before, text[first:end], after, match, dimension):
        return None
    if period := _PER.match(text, end):
        per = _PERIODS.get((period[2] or "").lower(), (period[1] or "").lower())
        end = period.end() if dimension != "share" else end
    low, high, start = _reserve(before, value, spread, first)
    counted, outcome = _counted(before, text[end : end + 90])
    return Figure(
        start,
        end,
        " ".join(text[start:end].split()),
        value,
        low,
        high,
        dimension,
        unit,
        per,
        counted,
        outcome,
    )


def _amount(text: str, match: re.Match[str]) -> tuple[float, tuple[float, float], int, str] | None:
    """The value, its bounds, where its words end, and "share" or "count"."""
    if match["fraction"]:
        if match["half_of"]:
            part = (0.5 if match["half"].lower() == "half" else 0.25) * (
                1e9 if "billion" in match["half_of"].lower() else 1e6
            )
            return part, (part * 0.95, part * 1.05), match.end(), "count"
        name = (match["part"] or match["half"]).lower()
        parts = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "nine": 9}[
            (match["how_many"] or "a").lower()
        ]
        share = parts * _PARTS[name if name in _PARTS else name.removesuffix("s")]
        return share, (share - 3, share + 3), match.end(), "share"
    if match["one"]:
        one, whole = plain(match["one"]), plain(match["of"])
        if not one or not whole or one >= whole:
            return None
        share = 100 * one / whole
        return share, (share - 2, share + 2), match.end(), "share"
    if match["vague"]:
        first, *rest = match["vague"].lower().split(" of ")
        if rest:
            big = _VAGUE[rest[0].strip()][0] / 2
            low, high = 2.0 * _VAGUE_OF[first] * big, 9.9 * _VAGUE_OF[first] * big
        else:
            low, high = _VAGUE[first]
        return (low * high) ** 0.5, (low, high), match.end(), "count"
    written = (match["worded"] or "").lower()
    value = (
        12.0
        if written == "dozen"
        else worded(written)
        if written
        else digits(match["digits"], text[match.end() : match.end() + 12])
    )
    if value is None:
        return None
    end, times = magnitude(text, match.end(), money=bool(match["symbol"]))
    half = 0.5 * (last_place(match["digits"] or "", value) or (1.0 if times > 1 else 0.0))
    return value * times, ((value - half) * times, (value + half) * times), end, "count"


@cache
def _units() -> re.Pattern[str]:
    money = sorted(table("figures")["currencies"]["words"], key=len, reverse=True)
    units = sorted(table("figures")["units"], key=len, reverse=True)
    return re.compile(
        rf"[\s-]*(?P<unit>{'|'.join(map(re.escape, units))}|(?:[a-z]+\s)?(?P<money>{'|'.join(money)}))(?!\w)",
        re.I,
    )


def _unit(after: str) -> tuple[str, str, float, int]:
    """The unit behind a number: dimension, name, factor to the base, length of its words."""
    found = _units().match(after)
    if found is None:
        return "count", "", 1.0, 0
    if found["money"]:
        return "money", table("figures")["currencies"]["words"][found["money"].lower()], 1.0, found.end()
    dimension, name, factor = table("figures")["units"][found["unit"].lower()]
    return str(dimension), str(name), float(factor), found.end()


def _is_date(before: str, written: str, after: str, match: re.Match[str], dimension: str) -> bool:
    number = match["digits"] or ""
    if match["symbol"] or (dimension not in ("count", "time") and number):
        return False
    if dimension == "time" and re.match(r"[\s-]*old\b|\s+ago\b|\s+(?:later|earlier)\b", after, re.I):
        return True
    if _YEAR.match(number) and dimension == "count":
        dated = re.search(
            r"\b(?:in|since|from|by|until|of|early|late|to|and|before|after|the|for|during)\s+$", before
        )
        return bool(dated) or not re.match(r"\s+[a-z]+s\b", after)
    if re.search(rf"\b{_MONTHS}\.?\s+$", before, re.I) or re.match(rf"\s+{_MONTHS}", after, re.I):
        return bool(number)
    if re.match(r"[-\s]year[s]?[-\s]olds?\b|(?:\s?[ap]\.?m\b)|\s+o['’]clock", after, re.I):
        return True
    if (
        re.search(
            r"(?:\bno\.?|\bnumber|\barticle|\bsection|\bchapter|\broom|\bflat|\bage[d]?|"
            r"\bpage|\bgroup|\bdistrict|\bward|\bround|\bshaft|\bgate|\bat|\bplatform|\bunit|"
            r"\brow)\s+$",
            before,
            re.I,
        )
        and dimension == "count"
        and _is_small(written)
    ):
        return True
    # An age between commas.
    return bool(number) and len(number) == 2 and before.endswith(", ") and after[:1] in ",."


def _is_small(written: str) -> bool:
    """Whether the words are a bare number of at most two digits."""
    return bool(re.fullmatch(r"\s*(?:\d{1,2}|[a-z]+)\s*", written, re.I))


@cache
def _comparators() -> re.Pattern[str]:
    parts = (
        f"(?P<{kind}>{any_of('figures', 'comparators', kind)})"
        for kind in ("over", "under", "nearly", "about")
    )
    return re.compile(f"(?:{'|'.join(parts)})\\s+(?:the\\s+|an?\\s+)?$", re.I)


def _reserve(before: str, value: float, spread: tuple[float, float], start: int) -> tuple[float, float, int]:
    """What a comparator leaves open, and where it begins."""
    low, high = spread
    found = _comparators().search(before[-30:])
    if found is None:
        return low, high, start
    kind = next(name for name, words_of in found.groupdict().items() if words_of)
    bounds = {
        "over": (low, max(high, value * 1.35)),
        "under": (value * 0.6, high),
        "nearly": (min(low, value * 0.88), high),
        "about": (min(low, value * 0.85), max(high, value * 1.15)),
    }
    return (*bounds[kind], start - len(before[-30:]) + found.start())


def _counted(before: str, after: str) -> tuple[tuple[str, ...], str]:
    """What is counted: the content words behind the number up to the next verb or stop, and what became
    of them.
    """
    counted: list[str] = []
    for number, found in enumerate(_TOKEN.finditer(after[:80])):
        word = found.group().lower()
        if not word[0].isalpha() or number > 5 or len(counted) == 3:
            break
        if word in words("text", "function") and word not in (
            "of",
            "the",
            "other",
            "more",
            "a",
            "an",
            "another",
            "own",
        ):
            break
        if word not in words("text", "function"):
            counted.append(word)
    ahead = re.split(r"[.;:!?]|\band\b|\bwhile\b|\bbut\b", after, maxsplit=1)[0][:70]
    behind = re.split(r"[.;:!?,]|\band\b|\bwhile\b|\bbut\b", before)[-1][-25:]
    for place in (ahead, behind):
        nearest = [
            (m.start() if place is ahead else -m.end(), kind)
            for kind in table("figures")["outcomes"]
            for m in pattern("figures", "outcomes", kind).finditer(place)
        ]
        if nearest:
            return tuple(counted), min(nearest)[1]
    return tuple(counted), ""


def agree(one: Figure, other: Figure) -> bool:
    """Whether two figures of one dimension can be the same one, rounding and reserve allowed for."""
    if one.value == other.value:
        return True
    return one.low <= other.high * 1.001 and other.low <= one.high * 1.001
