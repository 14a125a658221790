"""Why a claim is risky, in one sentence: how its sources are named, how far away they are, its worst flag.

Pure. Chains and hops as in ``chains.py``. The sentence says no more than the chains do: unnamed sources may
be one and the same person, so two of them are “one or two”.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from claims.chains import capitalised, chokepoints, identity, listed, number

NAMED, PSEUDONYMOUS, DESCRIBED, ANONYMOUS = "named", "pseudonymous", "described", "anonymous"
# The better known first: where one origin is named in one chain and not in another, it is named.
BEST_KNOWN = (NAMED, PSEUDONYMOUS, DESCRIBED, ANONYMOUS)
UNNAMED = (DESCRIBED, ANONYMOUS)


@dataclass(frozen=True, slots=True)
class Weakness:
    """The worst flag that stands: its code, what it is called, and whether its rule only asks."""

    code: str
    title: str
    question: bool = False


def risk(chains: Sequence[Sequence[Any]], weakness: Weakness | None = None, *, hearsay: bool = False) -> str:
    """The sentence, with its full stop or question mark."""
    chains = [chain for chain in chains if chain]
    known = namings(chains)
    resting = resting_on(chains, known, hearsay=hearsay)
    if weakness is None or said_already(weakness, known):
        return f"{capitalised(resting)}."
    if weakness.question:
        title = weakness.title[:1].lower() + weakness.title[1:]
        return f"{capitalised(resting)}: {title.rstrip('?')}?"
    return f"{capitalised(weakness.title)}: {resting}."


def namings(chains: Sequence[Sequence[Any]]) -> dict[Hashable, tuple[str, str]]:
    """The origins, in order: the name of each, and how far it is identified where it is best."""
    found: dict[Hashable, tuple[str, str]] = {}
    for chain in chains:
        origin = chain[-1]
        before = found.get(identity(origin))
        if before is None or BEST_KNOWN.index(origin.naming) < BEST_KNOWN.index(before[1]):
            found[identity(origin)] = (origin.name, origin.naming)
    return found


def said_already(weakness: Weakness, known: dict[Hashable, tuple[str, str]]) -> bool:
    """Whether what the claim rests on is the weakness in other words."""
    if weakness.code == "SINGLE_ANON":
        return len(known) == 1 and all(naming in UNNAMED for _, naming in known.values())
    if weakness.code == "SINGLE_SOURCE":
        return len(known) == 1
    return weakness.code == "NO_SOURCE" and not known


def resting_on(
    chains: Sequence[Sequence[Any]], known: dict[Hashable, tuple[str, str]], *, hearsay: bool
) -> str:
    """What the claim rests on: "one anonymous origin, three hops away"."""
    if not known:
        return "said to be so, and nobody is cited" if hearsay else "nobody is cited for it"
    said = f"{how_many(known)}, {away(chains)}"
    through = [hop.name for hop in chokepoints(chains)] if len(chains) > 1 else []
    return f"{said}, all by way of {listed(through)}" if through else said


def how_many(known: dict[Hashable, tuple[str, str]]) -> str:
    """How many origins there are, and how far they are named."""
    counts = Counter(naming for _, naming in known.values())
    if len(known) == 1:
        [(name, naming)] = known.values()
        if naming == NAMED:
            return f"one origin, {name}"
        return "one origin, described but not named" if naming == DESCRIBED else f"one {naming} origin"
    unnamed = sum(counts[naming] for naming in UNNAMED)
    total = spread(len(known) - max(unnamed - 1, 0), len(known))
    if len(counts) == 1:
        [naming] = counts
        if naming == DESCRIBED:
            return f"{total} origins, described but not named"
        return f"{total} {naming} origins"
    if unnamed == len(known):
        return f"{total} origins, none of them named"
    parts = [f"{number(counts[naming])} {naming}" for naming in reversed(BEST_KNOWN) if counts[naming]]
    return f"{total} origins, {listed(parts)}"


def away(chains: Sequence[Sequence[Any]]) -> str:
    """How many hops the origins are from the reader."""
    lengths = [len(chain) for chain in chains]
    said = spread(min(lengths), max(lengths))
    return f"{said} hop{'' if said == number(1) else 's'} away"


def spread(least: int, most: int) -> str:
    """A number, or the range that it lies in: "two", "one or two", "two to four"."""
    if least == most:
        return number(least)
    return f"{number(least)} {'or' if most == least + 1 else 'to'} {number(most)}"
