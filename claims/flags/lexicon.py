"""The rules' word lists: TOML files in lexicons/, each saying where its grading comes from."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lexicons"


@cache
def table(name: str) -> dict[str, Any]:
    """One lexicon, as its file has it."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def entries(name: str, *path: str) -> tuple[str, ...]:
    """The list at a path of a lexicon; a table gives all its lists, one after the other."""
    here: Any = table(name)
    for step in path:
        here = here[step]
    lists = here.values() if isinstance(here, dict) else [here]
    return tuple(entry for each in lists for entry in each)


@cache
def words(name: str, *path: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(entries(name, *path))


@cache
def pattern(name: str, *path: str) -> re.Pattern[str]:
    """A pattern that finds any entry as whole words, case ignored. Entries are regular expressions.

    A space matches any white space, since lines of a text may be wrapped.
    """
    return re.compile(any_of(name, *path), re.I)


@cache
def any_of(name: str, *path: str) -> str:
    """The source of that pattern, to be part of a longer one."""
    longest_first = sorted(entries(name, *path), key=len, reverse=True)
    return r"(?<![\w-])(?:" + "|".join(entry.replace(" ", r"\s+") for entry in longest_first) + r")(?!\w)"
