"""What one rule saw in one parsed piece, before anything is chosen or resolved."""

from __future__ import annotations

from dataclasses import dataclass, field

from .grammar import Range


@dataclass(slots=True)
class Found:
    """A cue with its source and content, as ranges of tokens.

    ``pattern`` names the rule; ``key`` is what the lexicon weighs ("say|clause"), ``weight`` the answer.
    ``confidence`` is the chance that the reading is right, content, source and all.
    """

    pattern: str
    key: str
    head: int
    cue: list[Range]
    content: list[Range]
    source: list[Range] | None
    weight: float = 0.0
    confidence: float = 0.0
    adds: list[Range] = field(default_factory=list)
