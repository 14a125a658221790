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
        what = f"One origin, {how}" if how else f"One origin, {origin.name}"
        away = min(len(chain) for chain in chains)
        if away > 1:
            what += f", {number(away)} hops away"
    else:
        unnamed = sum(hop.naming in ("anonymous", "described") for hop in found)
        what = f"{number(len(found)).capitalize()} origins"
        if unnamed:
            what += f", {number(unnamed)} of them not named"
    said = [f"{what}."]
    through = [hop.name for hop in chokepoints(chains)]
    if through:
        said.append(f"Every route passes through {' and '.join(through)}.")
    return " ".join(said)
