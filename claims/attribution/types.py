"""What the engine gives back. Offsets are Unicode code points over the text that was read."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]

KINDS = ("outlet", "agency", "social", "organisation", "document", "person", "group", "unknown")
NAMINGS = ("named", "described", "pseudonymous", "anonymous")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who, cue and what, as written: a pronoun stays a pronoun. Outermost attributions only."""

    source: tuple[Span, ...] | None
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float = 0.0
    """The chance, 0 to 1, that a careful reader would mark this content with this source."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a citation chain. ``name`` is who the mention ``start``..``end`` means."""

    name: str
    kind: str
    naming: str
    start: int | None
    end: int | None
    cue: str
    cue_start: int | None
    cue_end: int | None
    link: str | None = None
    pattern: str = ""
    """Which rule put it there: a code of lexicons/patterns.toml."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim as it stands in the text, with the chains behind it, nearest the reader first.

    ``stance`` is the last hop's: it says, denies or doubts the claim. ``confidence`` is the chance, 0 to 1,
    that the reading is right.
    """

    start: int
    end: int
    chains: tuple[tuple[Hop, ...], ...]
    hearsay: bool = False
    stance: str = "says"
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one pass over a text found."""

    attributions: tuple[Attribution, ...]
    statements: tuple[Statement, ...]
