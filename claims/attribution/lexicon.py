"""The word lists, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lexicons"


@lru_cache(maxsize=16)
def table(name: str) -> dict[str, Any]:
    """One lexicon file, as a dictionary."""
    with (FOLDER / f"{name}.toml").open("rb") as handle:
        return tomllib.load(handle)


@lru_cache(maxsize=256)
def words(name: str, *path: str) -> frozenset[str]:
    """The set of words at a path in a lexicon: ``words("cues", "speech", "verbs")``."""
    here: Any = table(name)
    for step in path:
        here = here[step]
    return frozenset(here)


@lru_cache(maxsize=1)
def stating() -> frozenset[str]:
    """The verbs that say that something is so, whatever the writer thinks of it."""
    return words("cues", "said") | words("cues", "claimed") | words("cues", "confirmed")
