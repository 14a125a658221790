"""What can be said of citation chains: their origins, and the sources that all of them pass through.

Pure. A chain is a sequence of hops, nearest the reader first. A hop has ``name``, ``kind`` and
``naming``; hops with the same ``key`` (else the same name and kind) are the same source.
``analyse`` asks the same of a whole graph of citations, where many articles carry one claim.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

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


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a graph of citations says of one claim.

    ``origins``: what cites nothing further, the first met first. ``independent``: the most origins that can
    be reached at once by routes that share no source on the way. ``chokepoints``: sources, neither starts nor
    origins, that every route passes, nearest the reader first. ``cycles``: the closed circles met on the way,
    each as its path without the return; every source that is in a circle is in one of them, up to
    ``MOST_CYCLES``. ``longest`` and ``shortest``: hops from a start to an origin; 0 where none is reached.
    """

    origins: tuple[Hashable, ...]
    independent: int
    chokepoints: tuple[Hashable, ...]
    cycles: tuple[tuple[Hashable, ...], ...]
    longest: int
    shortest: int


MOST_CYCLES = 100
# Up to this many sources all ways through a circle are tried for the longest; there can be n! of them.
SMALL_CIRCLE = 8
_START, _END = object(), object()


def analyse(
    edges: Iterable[tuple[Hashable, Hashable]],
    starts: Iterable[Hashable],
    same: Iterable[tuple[Hashable, Hashable]] = (),
) -> Analysis:
    """Origins, independence, chokepoints and circles of the citations that the starts rest on.

    Args:
        edges: pairs (citing, cited) of hashable names, in any order, repeated or not.
        starts: the statements that carry the claim; they may cite each other and limit no route.
        same: pairs of names that count as one source; the first one met stands for both.

    Independence is the largest number of routes that share no source but starts (Menger's theorem: the
    maximum flow with a capacity of one for each source, https://doi.org/10.4064/fm-10-1-96-115); a
    chokepoint is a dominator of all ends in the graph whose root stands for the starts. What the starts
    don't reach counts for nothing. In a circle of more than ``SMALL_CIRCLE`` sources ``longest`` takes
    the shortest way through, so it is a lower bound there.

    """
    graph, first = _graph(edges, starts, same)
    loops = set(nx.nodes_with_selfloops(graph))
    circles = [circle for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
    cycles: list[tuple[Hashable, ...]] = [(each,) for each in graph if each in loops]
    for circle in sorted(circles, key=lambda circle: min(map(first.index_of, circle))):
        cycles += _cycles(graph, sorted(circle, key=first.index_of), MOST_CYCLES - len(cycles))
    graph.remove_edges_from([(each, each) for each in loops])
    ends = [each for each in graph if not graph.out_degree(each) and each not in loops]
    begins = [each for each in first.starts if each in graph]
    routed = _leading_to(graph, ends)
    begins = [each for each in begins if each in routed]
    if not ends or not begins:
        return Analysis((), 0, (), tuple(cycles[:MOST_CYCLES]), 0, 0)
    routes = graph.subgraph(routed)
    rooted, at_once = _rooted(routes, begins, ends)
    chokes = () if at_once else _chokepoints(rooted, set(ends))
    independent = at_once + (0 if _END not in rooted else 1 if chokes else _flow(rooted))
    away = _distances(routes, begins)
    shortest = min(away[end] for end in ends)
    return Analysis(
        tuple(ends), independent, chokes, tuple(cycles[:MOST_CYCLES]), _longest(routes, begins), shortest
    )


class _Met:
    """Which name stands for which, and in what order they were met."""

    def __init__(self, starts: Iterable[Hashable], same: Iterable[tuple[Hashable, Hashable]]) -> None:
        self._index: dict[Hashable, int] = {}
        self._union: nx.utils.UnionFind[Hashable] = nx.utils.UnionFind()
        for one, other in same:
            self._union.union(one, other)
        self._stands: dict[Hashable, Hashable] = {}
        self.starts = list(dict.fromkeys(self.name(start) for start in starts))

    def name(self, name: Hashable) -> Hashable:
        """The first met of the names that count as one with this."""
        stands = self._stands.setdefault(self._union[name], name)
        self._index.setdefault(stands, len(self._index))
        return stands

    def index_of(self, name: Hashable) -> int:
        """How early it was met."""
        return self._index[name]


def _graph(
    edges: Iterable[tuple[Hashable, Hashable]],
    starts: Iterable[Hashable],
    same: Iterable[tuple[Hashable, Hashable]],
) -> tuple[nx.DiGraph[Hashable], _Met]:
    """What the starts reach, with those that count as one taken together."""
    met = _Met(starts, same)
    cited: dict[Hashable, dict[Hashable, None]] = {}
    for citing, source in edges:
        one, other = met.name(citing), met.name(source)
        # Two that count as one don't cite themselves; only what did so under one name is a circle.
        if one != other or citing == source:
            cited.setdefault(one, {})[other] = None
    graph: nx.DiGraph[Hashable] = nx.DiGraph()
    graph.add_nodes_from(met.starts)
    waiting = deque(met.starts)
    while waiting:
        citing = waiting.popleft()
        for source in cited.get(citing, ()):
            if source not in graph:
                waiting.append(source)
            graph.add_edge(citing, source)
    return graph, met


def _leading_to(graph: nx.DiGraph[Hashable], ends: Iterable[Hashable]) -> set[Hashable]:
    """Everything from which an end can be reached, the ends too."""
    found = set(ends)
    waiting = deque(found)
    while waiting:
        for citing in graph.pred[waiting.popleft()]:
            if citing not in found:
                found.add(citing)
                waiting.append(citing)
    return found


def _rooted(
    routes: nx.DiGraph[Hashable], begins: Sequence[Hashable], ends: Sequence[Hashable]
) -> tuple[nx.DiGraph[Hashable], int]:
    """The routes with one root for all starts and one sink for all ends; how many starts are ends themselves.

    Starts don't limit, so whatever a start cites is reached as well from the root: no route has to enter one.
    """
    at_starts = set(begins)
    rooted: nx.DiGraph[Hashable] = nx.DiGraph()
    rooted.add_node(_START)
    for citing, source in routes.edges:
        if source not in at_starts:
            rooted.add_edge(_START if citing in at_starts else citing, source)
    rooted.add_edges_from((end, _END) for end in ends if end not in at_starts)
    return rooted, sum(end in at_starts for end in ends)


def _chokepoints(rooted: nx.DiGraph[Hashable], ends: Collection[Hashable]) -> tuple[Hashable, ...]:
    """What lies on every route from the root to the sink, nearest the root first."""
    above: Mapping[Hashable, Hashable] = nx.immediate_dominators(rooted, _START)
    found = []
    at = above[_END]
    while at is not _START:
        if at not in ends:
            found.append(at)
        at = above[at]
    return tuple(reversed(found))


def _flow(rooted: nx.DiGraph[Hashable]) -> int:
    """How many routes fit through at once when each source carries one."""
    return int(nx.algorithms.connectivity.local_node_connectivity(rooted, _START, _END))


def _distances(graph: nx.DiGraph[Hashable], begins: Iterable[Hashable]) -> dict[Hashable, int]:
    """The fewest hops from any of ``begins``."""
    away = dict.fromkeys(begins, 0)
    waiting = deque(away)
    while waiting:
        citing = waiting.popleft()
        for source in graph.succ[citing]:
            if source not in away:
                away[source] = away[citing] + 1
                waiting.append(source)
    return away


def _cycles(graph: nx.DiGraph[Hashable], circle: Sequence[Hashable], most: int) -> list[tuple[Hashable, ...]]:
    """For each source of a circle that no path shows yet, the shortest way from it back to itself."""
    inside, shown = set(circle), set()
    found: list[tuple[Hashable, ...]] = []
    for begin in circle:
        if begin in shown or len(found) >= most:
            continue
        before: dict[Hashable, Hashable] = {}
        waiting = deque([begin])
        while begin not in before:
            citing = waiting.popleft()
            for source in graph.succ[citing]:
                if source in inside and source not in before and source != citing:
                    before[source] = citing
                    waiting.append(source)
        path, at = [begin], before[begin]
        while at != begin:
            path.append(at)
            at = before[at]
        path[1:] = reversed(path[1:])
        shown.update(path)
        found.append(tuple(path))
    return found


def _longest(routes: nx.DiGraph[Hashable], begins: Sequence[Hashable]) -> int:
    """The most hops from a start to an end: circles one by one, and every way through a small one."""
    circles = list(nx.strongly_connected_components(routes))
    # Networkx gives them in reverse order of the routes: each before those that lead to it.
    entered = dict.fromkeys(begins, 0)
    longest = 0
    for circle in reversed(circles):
        doors = {each: entered[each] for each in circle if each in entered}
        within = doors if len(circle) == 1 else _ways_through(routes, circle, doors)
        for citing, hops in within.items():
            outside = [source for source in routes.succ[citing] if source not in circle]
            for source in outside:
                entered[source] = max(entered.get(source, 0), hops + 1)
            if not routes.succ[citing]:
                longest = max(longest, hops)
    return longest


def _ways_through(
    routes: nx.DiGraph[Hashable], circle: Collection[Hashable], doors: Mapping[Hashable, int]
) -> dict[Hashable, int]:
    """The most hops at each source of a circle that is entered at ``doors`` with so many hops behind."""
    found = dict(doors)
    if len(circle) > SMALL_CIRCLE:
        door = max(doors, key=lambda each: doors[each])
        inside = routes.subgraph(circle)
        for source, hops in _distances(inside, [door]).items():
            found[source] = max(found.get(source, 0), doors[door] + hops)
        return found
    ways = [(door, frozenset([door]), hops) for door, hops in doors.items()]
    while ways:
        at, passed, hops = ways.pop()
        found[at] = max(found.get(at, 0), hops)
        ways += [
            (source, passed | {source}, hops + 1)
            for source in routes.succ[at]
            if source in circle and source not in passed
        ]
    return found
