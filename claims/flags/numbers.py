"""Numbers as news writes them: in words, in several locales’ digits, with the words for millions behind.

text2num reads words; Babel reads digits and knows other languages' words for size (CLDR).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal
from text_to_num import text2num

from claims.flags.lexicon import table

_SIZE = re.compile(r"(?:\s|-)?([^\W\d_]+)\.?")


def plain(written: str) -> float:
    """A small number, in digits or words; 0 when it is none."""
    if written.isdigit():
        return float(written)
    return 1.0 if written.lower() == "one" else worded(written.lower()) or 0.0


@cache
def worded(written: str) -> float | None:
    """A number in words. ``None`` when it is none, such as a lone "one"."""
    try:
        return (
            None
            if written == "one"
            else float(
                text2num(
                    re.sub(
                        r"^(?=[htmb])(?=hundred|thousand|million|billion)", "one ", written.replace("-", " ")
                    ),
                    "en",
                )
            )
        )
    except ValueError:
        return None


@lru_cache(maxsize=4_096)
def digits(written: str, after: str) -> float | None:
    """Digits, in the locale that their separators or the word behind them show."""
    written = re.sub(r"[’'\u00a0\u202f]", "", written)
    comma_is_point = re.search(r",\d{1,2}$|\.\d{3}(?:\.|,)", written) or (
        re.match(r"\s?[A-Z]", after) and _foreign(after)
    )
    try:
        return float(parse_decimal(written, locale="de" if comma_is_point else "en"))
    except NumberFormatError:
        return None


def last_place(written: str, value: float) -> float:
    """What the last figure that isn't a nought stands for: 40 is to the ten, 43 to the one, 1.2 to the
    tenth.
    """
    if not written:
        return (
            10.0 ** (len(str(int(value))) - len(str(int(value)).rstrip("0")))
            if value >= 20 and value % 10 == 0
            else 0
        )
    plain = re.sub(r"[.,]\d{3}(?!\d)", lambda m: m.group()[1:], written)
    if "." in plain or "," in plain:
        return float(10.0 ** -len(re.split(r"[.,]", plain)[-1]))
    noughts = len(plain) - len(plain.rstrip("0"))
    return float(10.0**noughts) if noughts else 0.0


@cache
def _abroad() -> dict[str, float]:
    """Other languages' words for thousands, millions and so on, as CLDR has them; English ones are left
    out.
    """
    found: dict[str, float] = {}
    for code in ("de", "fr", "es"):
        for forms in Locale.parse(code).compact_decimal_formats.values():
            for by_size in forms.values():
                for size, form in by_size.items():
                    word = re.sub(r"[0\s\u00a0'.]+", "", str(form.pattern)).lower()
                    noughts = str(form.pattern).count("0")
                    if len(word) > 2 and word.isalpha() and size.isdigit() and noughts:
                        found.setdefault(word, float(size) / 10 ** (noughts - 1))
    return {
        word: size
        for word, size in found.items()
        if word not in table("figures")["magnitudes"]["short"] or word in ("mrd", "mio")
    }


def _foreign(after: str) -> bool:
    word = re.match(r"\s?([^\W\d_]+)", after)
    return bool(word) and word[1].lower() in _abroad()  # type: ignore[index]


def magnitude(text: str, at: int, *, money: bool) -> tuple[int, float]:
    """Where the words of size behind a number end, and what they multiply it by."""
    short: dict[str, float] = table("figures")["magnitudes"]["short"]
    times = 1.0
    while word := _SIZE.match(text, at):
        name = word[1].lower()
        size = short.get(name) or _abroad().get(name)
        if size is None or (
            len(name) < 2 and (word.start(1) != at or not _is_short(text, word, name, money=money))
        ):
            break
        times *= size
        at = word.end() if name in ("mrd", "mio") else word.end(1)
    return at, times


def _is_short(text: str, word: re.Match[str], name: str, *, money: bool) -> bool:
    """Whether "40m" is forty million: of money, or of people; else they are metres."""
    return (
        name == "k"
        or money
        or bool(
            re.match(
                r"\s+(?:people|users|voters|jobs|homes|customers|euros|pounds|dollars|doses|barrels)",
                text[word.end(1) :],
            )
        )
    )
