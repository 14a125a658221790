"""The rules: each one a pure function from a statement's words and chains to a reason, or None.

A reason quotes the words that it rests on, so that the sentence is true even when the rule is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from claims.chains import origins


class HopLike(Protocol):
    """What a rule reads of a hop: the engine's and the database's both have it."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def naming(self) -> str: ...

    @property
    def cue(self) -> str: ...


Chains = Sequence[Sequence[HopLike]]
Rule = Callable[[str, Chains], str | None]

UNNAMED = ("anonymous", "described")
CARRIERS = {"outlet": "an outlet", "agency": "a news agency", "social": "a channel or account"}


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag that a rule raises: severity is ``block``, ``warn`` or ``info``."""

    code: str
    severity: str
    why: str


def no_source(quote: str, chains: Chains) -> str | None:
    """Something is stated and nobody is named as saying so.

    The BBC's Editorial Guidelines (section 3, Accuracy) ask that content be well sourced and that
    material facts be attributed where their source matters to the audience.
    """
    if any(chains):
        return None
    return f"“{shortened(quote)}” stands here with nobody named as its source."


def single_anon(quote: str, chains: Chains) -> str | None:
    """All of it comes from one origin, and that origin isn't named.

    AP's News Values and Principles ask for more than one source when the source is anonymous.
    """
    found = origins(chains)
    if len(found) != 1 or found[0].naming not in UNNAMED:
        return None
    return f"“{found[0].name}” is the only origin, and isn’t named."


def dead_end(quote: str, chains: Chains) -> str | None:
    """A chain stops at somebody who passes things on, before anybody who could know first-hand.

    Reuters' Handbook of Journalism: say how the report that is passed on knows, or that it doesn't say.
    """
    stopped = [hop for hop in origins(chains) if hop.kind in CARRIERS]
    if not stopped:
        return None
    hop = stopped[0]
    cue = f" (“{hop.cue}”)" if hop.cue else ""
    return f"The chain stops at {hop.name}{cue}, {CARRIERS[hop.kind]}; who told it isn’t said."


RULES: dict[str, tuple[str, Rule]] = {
    "NO_SOURCE": ("block", no_source),
    "SINGLE_ANON": ("block", single_anon),
    "DEAD_END": ("warn", dead_end),
}


def raise_flags(quote: str, chains: Chains) -> list[Raised]:
    """Run every rule over a statement: its words and its chains, each nearest the reader first."""
    raised = []
    for code, (severity, rule) in RULES.items():
        why = rule(quote, chains)
        if why:
            raised.append(Raised(code, severity, why))
    return raised


def shortened(words: str, most: int = 120) -> str:
    """Words cut to fit a sentence."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
