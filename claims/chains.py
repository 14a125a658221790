"""What can be said of citation chains: their origins, and the sources that all of them pass through.

Pure. A chain is a sequence of hops, nearest the reader first. A hop has ``name``, ``kind`` and
``naming``; hops with the same ``key`` (else the same name and kind) are the same source.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NOT_NAMED = {"anonymous": "anonymous", "described": "described but not named", "pseudonymous": "pseudonymous"}


def identity(hop: Any) -> Hashable:
    """Which source a hop is, whatever it is called."""
    key = getattr(hop, "key", None)
    return key if key is not None else (hop.name.casefold(), hop.kind)


def origins[HopT](chains: Sequence[Sequence[HopT]]) -> list[HopT]:
    """The last hop of each chain, each source once, in order."""
    found: dict[Hashable, HopT] = {}
    for chain in chains:
        if chain:
            found.setdefault(identity(chain[-1]), chain[-1])
    return list(found.values())


def chokepoints[HopT](chains: Sequence[Sequence[HopT]]) -> list[HopT]:
    """Sources other than an origin that every chain passes through, nearest the reader first."""
    if not chains or not all(chains):
        return []
    ends = {identity(chain[-1]) for chain in chains}
    shared = set.intersection(*({identity(hop) for hop in chain} for chain in chains)) - ends
    return list({identity(hop): hop for hop in chains[0] if identity(hop) in shared}.values())


def stance_said(stance: str, chains: Sequence[Sequence[Any]]) -> str:
    """Who denies or doubts the claim, as a sentence; empty for a stance of "says"."""
    if stance not in ("denies", "doubts"):
        return ""
    who = [hop.name for hop in origins(chains)]
    verb = stance if len(who) < 2 else {"denies": "deny", "doubts": "doubt"}[stance]
    return capitalised(f"{listed(who) if who else 'somebody not named'} {verb} this")


def capitalised(sentence: str) -> str:
    """The sentence with a capital at its beginning, unless a name spelt otherwise begins it (eBay)."""
    first = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if first.islower() else sentence


def number(n: int) -> str:
    """A small number in words."""
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


def describe(chains: Sequence[Sequence[Any]]) -> str:
    """The chains in a sentence or two, as the panel shows them."""
    chains = [chain for chain in chains if chain]
    found = origins(chains)
    if not found:
        return "Nobody is named as the source."
    if len(found) == 1:
        origin = found[0]
        how = NOT_NAMED.get(origin.naming)
        said = f"One origin, {how}" if how else f"One origin, {origin.name}"
        away = min(len(chain) for chain in chains)
        if away > 1:
            said += f", {number(away)} hops away"
    else:
        unnamed = sum(hop.naming in ("anonymous", "described") for hop in found)
        said = f"{number(len(found)).capitalize()} origins"
        if unnamed:
            said += f", {number(unnamed)} of them not named"
    if len(chains) == 1:
        way = [hop.name for hop in chains[0][:-1]]
        return f"{said}, by way of {listed(way)}." if way else f"{said}."
    through = [hop.name for hop in chokepoints(chains)]
    return f"{said}. Every route passes through {listed(through)}." if through else f"{said}."


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: "A", "A and B", "A, B and C"."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
