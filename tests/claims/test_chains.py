"""What is said of chains: where they end, what they all pass through, and the sentence in the panel."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from claims.chains import chokepoints, describe, origins, stance_said


@dataclass(frozen=True)
class Hop:
    name: str
    kind: str = "person"
    naming: str = "named"


@dataclass(frozen=True)
class Keyed(Hop):
    key: int = 0


SUN = Hop("The Lantern", "outlet")
CHANNEL = Hop("Colonel Q", "social", "pseudonymous")
INSIDER = Hop("palace insider", "person", "anonymous")
MAYOR = Hop("Lena Ortiz")


def test_origins_are_the_last_hops_each_once() -> None:
    assert origins([[SUN, CHANNEL, INSIDER], [CHANNEL, INSIDER], [SUN, MAYOR], []]) == [INSIDER, MAYOR]


def test_hops_of_one_key_are_one_source_whatever_they_are_called() -> None:
    assert len(origins([[Keyed("Ortiz", key=7)], [Keyed("the mayor", key=7)]])) == 1
    assert len(origins([[Keyed("the official", key=1)], [Keyed("the official", key=2)]])) == 2


def test_a_chokepoint_is_passed_by_every_chain_and_is_no_origin() -> None:
    assert chokepoints([[SUN, CHANNEL, INSIDER], [CHANNEL, MAYOR]]) == [CHANNEL]
    assert chokepoints([[SUN, MAYOR], [CHANNEL, MAYOR]]) == []
    assert chokepoints([[SUN, CHANNEL, INSIDER], []]) == []
    assert chokepoints([]) == []


@pytest.mark.parametrize(
    ("chains", "sentence"),
    [
        ([], "Nobody is named as the source."),
        ([[]], "Nobody is named as the source."),
        ([[MAYOR]], "One origin, Lena Ortiz."),
        ([[INSIDER]], "One origin, anonymous."),
        (
            [[SUN, CHANNEL, INSIDER]],
            "One origin, anonymous, three hops away, by way of The Lantern and Colonel Q.",
        ),
        (
            [[SUN, CHANNEL, INSIDER], [CHANNEL, MAYOR]],
            "Two origins, one of them not named. Every route passes through Colonel Q.",
        ),
        ([[SUN, INSIDER], [CHANNEL, MAYOR]], "Two origins, one of them not named."),
    ],
)
def test_the_chains_in_a_sentence(chains: list[list[Hop]], sentence: str) -> None:
    assert describe(chains) == sentence


def test_who_denies_or_doubts_is_said_of_the_origins() -> None:
    assert stance_said("says", [[SUN, MAYOR]]) == ""
    assert stance_said("denies", [[SUN, MAYOR]]) == "Lena Ortiz denies this"
    assert stance_said("doubts", [[SUN, INSIDER], [MAYOR]]) == "Palace insider and Lena Ortiz doubt this"
    assert stance_said("denies", []) == "Somebody not named denies this"
