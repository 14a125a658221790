"""How likely a cue is one: the weights of its facts (lexicons/weights.toml), as a share of 1."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import repeat

from .features import Around, features
from .found import Found
from .lexicon import table
from .tree import Doc

# A phrase such as "according to" hardly ever is anything else; too rare for the weights to know each of them.
_CERTAIN = {"phrase": 0.8, "headline": 0.6}


_chosen: list[tuple[dict[str, float], float]] = []


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], float]:
    held = table("weights")
    return {
        f"{group} {name}": w
        for group, members in held.items()
        if isinstance(members, dict)
        for name, w in members.items()
    }, held["start"]


def use(facts: dict[str, float], start: float) -> None:
    """Weigh with other weights than the lexicon's; for learning them (bench/weights.py)."""
    _chosen[:] = [(facts, start)]


def weigh(doc: Doc, found: Found, around: Around) -> float:
    """The estimated chance that a careful reader would mark this cue with this source and content."""
    if found.pattern in _CERTAIN:
        return _CERTAIN[found.pattern]
    weights, start = _chosen[0] if _chosen else _weights()
    odds = start + sum(map(weights.get, features(doc, found, around), repeat(0.0)))
    return 1 / (1 + math.exp(-odds))
