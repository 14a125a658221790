"""What a graph of citations says: by example, and against an oracle that tries every route."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.chains import SMALL_CIRCLE, Analysis, analyse

Edges = list[tuple[int, int]]


def test_seven_outlets_that_repeat_one_channel_have_one_origin() -> None:
    outlets = [f"outlet {n}" for n in range(7)]
    edges = [(outlet, "channel") for outlet in outlets] + [("channel", "insider")]
    assert analyse(edges, outlets) == Analysis(("insider",), 1, ("channel",), (), 2, 2)


def test_chokepoints_are_said_nearest_the_reader_first() -> None:
    edges = [("a", "x"), ("b", "x"), ("x", "y"), ("y", "left"), ("y", "right"), ("left", "z"), ("right", "z")]
    found = analyse([*edges, ("z", "one"), ("z", "two")], ["a", "b"])
    assert found.chokepoints == ("x", "y", "z")
    assert (found.origins, found.independent) == (("one", "two"), 1)
    assert (found.longest, found.shortest) == (5, 5)


def test_a_closed_circle_has_no_origin() -> None:
    assert analyse([("a", "b"), ("b", "c"), ("c", "b")], ["a"]) == Analysis((), 0, (), (("b", "c"),), 0, 0)
    assert analyse([("a", "a")], ["a"]) == Analysis((), 0, (), (("a",),), 0, 0)


def test_a_circle_with_a_way_out_is_reported_beside_its_origin() -> None:
    found = analyse([("a", "b"), ("b", "c"), ("c", "b"), ("c", "o")], ["a"])
    assert found == Analysis(("o",), 1, ("b", "c"), (("b", "c"),), 3, 3)


def test_a_statement_without_a_source_is_its_own_origin() -> None:
    assert analyse([], ["a"]) == Analysis(("a",), 1, (), (), 0, 0)
    assert analyse([("b", "o")], ["a", "b"]).independent == 2
    assert analyse([], []) == Analysis((), 0, (), (), 0, 0)


def test_what_the_starts_do_not_reach_counts_for_nothing() -> None:
    assert analyse([("a", "o"), ("elsewhere", "other")], ["a"]).origins == ("o",)


def test_unnamed_sources_that_may_be_one_give_the_lower_figure() -> None:
    edges = [("a", "official in a"), ("b", "official in b")]
    assert analyse(edges, ["a", "b"]).independent == 2
    one = analyse(edges, ["a", "b"], same=[("official in b", "official in a")])
    assert (one.independent, one.origins) == (1, ("official in a",))


def test_two_that_count_as_one_do_not_make_a_circle_of_their_own_citation() -> None:
    found = analyse([("a", "x"), ("x", "y"), ("y", "o")], ["a"], same=[("x", "y")])
    assert (found.cycles, found.origins, found.longest) == ((), ("o",), 2)


def test_ten_thousand_hops_and_a_circle_of_as_many_end() -> None:
    line = [(n, n + 1) for n in range(10_000)]
    found = analyse(line, [0])
    assert (found.origins, found.longest, found.independent) == ((10_000,), 10_000, 1)
    assert len(found.chokepoints) == 9_999
    ring = analyse([*line, (10_000, 0)], [0])
    assert (ring.origins, len(ring.cycles[0])) == ((), 10_001)
    out = analyse([*line, (10_000, 0), (10_000, -1)], [0])
    assert (out.origins, out.shortest, out.longest) == ((-1,), 10_001, 10_001)


def routes(edges: Edges, starts: list[int]) -> list[list[int]]:
    """Every route without a return from a start to what cites nothing."""
    cited: dict[int, set[int]] = {}
    for citing, source in edges:
        cited.setdefault(citing, set()).add(source)
    found = []
    waiting = [[start] for start in dict.fromkeys(starts)]
    while waiting:
        route = waiting.pop()
        if route[-1] not in cited:
            found.append(route)
        waiting += [[*route, source] for source in cited.get(route[-1], ()) if source not in route]
    return found


def most_at_once(found: list[list[int]], starts: list[int]) -> int:
    """The most routes that share nothing but starts on the way, each to an origin of its own."""
    taken = {frozenset({*route, "end"} - set(starts) | {("origin", route[-1])}) - {"end"} for route in found}
    # A route that holds another one's sources is never needed.
    least = [each for each in taken if not any(other < each for other in taken)]
    for size in range(len(least), 0, -1):
        for chosen in combinations(least, size):
            if sum(map(len, chosen)) == len(frozenset().union(*chosen)):
                return size
    return 0


NODES = st.integers(0, 6)
EDGES = st.lists(st.tuples(NODES, NODES), max_size=11)
STARTS = st.lists(NODES, min_size=1, max_size=3)


@given(EDGES, STARTS)
@settings(max_examples=400, deadline=None)
def test_every_figure_is_what_trying_every_route_gives(edges: Edges, starts: list[int]) -> None:
    found, tried = analyse(edges, starts), routes(edges, starts)
    origins = {route[-1] for route in tried}
    assert set(found.origins) == origins
    assert found.independent == most_at_once(tried, starts)
    through = set.intersection(*map(set, tried)) - set(starts) - origins if tried else set()
    assert set(found.chokepoints) == through
    assert found.shortest == min((len(route) - 1 for route in tried), default=0)
    # Seven sources are a small circle, so the longest way is the true one.
    assert SMALL_CIRCLE >= 7
    assert found.longest == max((len(route) - 1 for route in tried), default=0)


@given(EDGES, STARTS)
@settings(max_examples=200, deadline=None)
def test_each_circle_is_a_closed_path_and_every_source_in_one_is_shown(
    edges: Edges, starts: list[int]
) -> None:
    found = analyse(edges, starts)
    reached = set(starts)
    for _ in range(7):
        reached |= {source for citing, source in edges if citing in reached}
    shown = {each for cycle in found.cycles for each in cycle}
    for cycle in found.cycles:
        assert len(set(cycle)) == len(cycle)
        assert all(step in edges for step in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    in_a_circle = {each for each in reached if each in ends_of(edges, each)}
    assert shown == in_a_circle


def ends_of(edges: Edges, begin: int) -> set[int]:
    """What is reached from ``begin`` by one step or more."""
    reached = {source for citing, source in edges if citing == begin}
    for _ in range(7):
        reached |= {source for citing, source in edges if citing in reached}
    return reached


@given(EDGES, STARTS)
@settings(max_examples=150, deadline=None)
def test_a_start_that_only_cites_a_start_changes_nothing(edges: Edges, starts: list[int]) -> None:
    before, after = analyse(edges, starts), analyse([*edges, (99, starts[0])], [*starts, 99])
    same = ("origins", "independent", "chokepoints", "shortest")
    assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]


@given(EDGES, STARTS)
@settings(max_examples=150, deadline=None)
def test_a_route_of_its_own_to_an_origin_of_its_own_adds_one(edges: Edges, starts: list[int]) -> None:
    more = analyse([*edges, (90, 91), (91, 92)], [*starts, 90])
    assert more.independent == analyse(edges, starts).independent + 1


@given(EDGES, STARTS, st.data())
@settings(max_examples=150, deadline=None)
def test_taking_two_origins_for_one_never_raises_the_figure(
    edges: Edges, starts: list[int], data: st.DataObject
) -> None:
    before = analyse(edges, starts)
    if len(before.origins) < 2:
        return
    pair = data.draw(st.tuples(*[st.sampled_from(before.origins)] * 2))
    assert analyse(edges, starts, same=[pair]).independent <= before.independent
