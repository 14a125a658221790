"""The engine's patterns in plain language. Pure.

Beside the engine and not in it: importing claims.attribution loads spaCy, which the web process never does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.chains import capitalised

LEXICON = Path(__file__).parent / "attribution" / "lexicons" / "patterns.toml"
PLACE = re.compile(r"(“)?\b([XYC])\b")
NEARER, FURTHER = "nearer", "further"
WHO = {"X": "source", "Y": "other", "C": "claim"}
MOST_OF_THE_CLAIM = 70  # characters: enough to know it by, short enough to leave a sentence


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern's sentence: ``who`` is "source", "other", "claim", or "" for the words between."""

    text: str
    who: str = ""


@cache
def known() -> dict[str, dict[str, str]]:
    """The patterns by their codes: ``plain``, and ``other`` (who Y is) where the sentence has a Y."""
    with LEXICON.open("rb") as handle:
        return tomllib.load(handle)


def other(code: str) -> str:
    """On which side of the hop the pattern's Y stands: "nearer" the reader, "further", "" without a Y."""
    found = known().get(code, {})
    if not re.search(r"\bY\b", found.get("plain", "")):
        return ""
    return found.get("other", FURTHER)


def speaks_of_another(code: str) -> bool:
    """Whether the pattern says something of the hop beside this one too."""
    return bool(other(code))


def sentence(code: str, source: str, others: Sequence[str], claim: str) -> tuple[Part, ...]:
    """A pattern's plain sentence with the names filled in; empty for a code that isn't known.

    ``others`` are the names of whoever stands on the side that ``other`` says. The claim is cut to
    what one knows it by, and has quotation marks.
    """
    plain = known().get(code, {}).get("plain", "")
    names = {"X": source, "Y": " and ".join(others) or "somebody", "C": shortened(claim)}
    parts: list[Part] = []
    at = 0
    for match in PLACE.finditer(plain):
        quoted, letter = match.groups()
        parts.append(Part(plain[at : match.start()] + (quoted or "")))
        name = names[letter]
        parts.append(Part(f"“{name}”" if letter == "C" and not quoted else name, WHO[letter]))
        at = match.end()
    parts.append(Part(plain[at:]))
    parts = [part for part in parts if part.text]
    if parts and parts[0].who != "claim":
        parts[0] = Part(capitalised(parts[0].text), parts[0].who)
    return tuple(parts)


def shortened(claim: str) -> str:
    """The claim's first words."""
    claim = " ".join(claim.split())
    if len(claim) <= MOST_OF_THE_CLAIM:
        return claim.rstrip(".,;:")
    return claim[:MOST_OF_THE_CLAIM].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
