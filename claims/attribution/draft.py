"""A statement before its sources are resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .mentions import Mention
from .types import Span


@dataclass(slots=True)
class DraftStep:
    """A hop before resolution: its mention, the cue's place in the text, and the rule that made it."""

    mention: Mention
    cue: Span
    pattern: str
    outlet: bool = False


@dataclass(slots=True)
class Draft:
    """A statement before its sources are resolved."""

    start: int
    end: int
    lines: list[list[DraftStep]]
    hearsay: bool = False
    paragraph: int = 0
    sentence: int = 0
    stance: str = "says"
    confidence: float = 0.0


def going_on(lines: list[list[DraftStep]]) -> list[list[DraftStep]]:
    """The chains of somebody who goes on speaking: the last one's cue is further off."""
    return [[*line[:-1], replace(line[-1], pattern="goes-on")] for line in lines]
