"""Why a claim is risky, in one sentence that is true in every case."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from claims.flags import CODES
from claims.questions import QUESTIONS
from claims.risk import Weakness, risk


@dataclass(frozen=True)
class Hop:
    name: str
    naming: str = "named"
    kind: str = "person"
    key: str | None = None


LAMP, POST, CHANNEL = Hop("Evening Lamp"), Hop("Island Post"), Hop("Harbour Talk", "pseudonymous", "social")
INSIDER, ANOTHER = Hop("an insider", "anonymous"), Hop("somebody else", "anonymous")
OFFICIAL, CLERK = Hop("a port official", "described"), Hop("a clerk", "described")
MAYOR = Hop("Mayor Quay")


@pytest.mark.parametrize(
    ("chains", "said"),
    [
        ([], "Nobody is cited for it."),
        ([()], "Nobody is cited for it."),
        ([(LAMP, CHANNEL, INSIDER)], "One anonymous origin, three hops away."),
        ([(INSIDER,)], "One anonymous origin, one hop away."),
        ([(LAMP, OFFICIAL)], "One origin, described but not named, two hops away."),
        ([(LAMP, CHANNEL)], "One pseudonymous origin, two hops away."),
        ([(MAYOR,)], "One origin, Mayor Quay, one hop away."),
        ([(LAMP, MAYOR), (POST, CHANNEL, MAYOR)], "One origin, Mayor Quay, two or three hops away."),
        (
            [(LAMP, INSIDER), (LAMP, POST, CHANNEL, INSIDER)],
            "One anonymous origin, two to four hops away, all by way of Evening Lamp.",
        ),
        ([(LAMP, INSIDER), (POST, ANOTHER)], "One or two anonymous origins, two hops away."),
        ([(OFFICIAL,), (CLERK,)], "One or two origins, described but not named, one hop away."),
        ([(OFFICIAL,), (INSIDER,)], "One or two origins, none of them named, one hop away."),
        ([(MAYOR,), (POST,)], "Two named origins, one hop away."),
        ([(MAYOR,), (INSIDER,)], "Two origins, one anonymous and one named, one hop away."),
        (
            [(MAYOR,), (INSIDER,), (ANOTHER,), (CHANNEL,)],
            "Three or four origins, two anonymous, one pseudonymous and one named, one hop away.",
        ),
        ([(MAYOR,), (LAMP, Hop("Mayor Quay", "anonymous"))], "One origin, Mayor Quay, one or two hops away."),
    ],
)
def test_what_it_rests_on(chains, said):
    assert risk(chains) == said


def test_a_better_known_origin_counts_whichever_chain_comes_first():
    hidden = Hop("the mayor", "described", key="mayor")
    named = Hop("Mayor Quay", key="mayor")
    for chains in ([(named,), (hidden,)], [(hidden,), (named,)]):
        assert risk(chains) == "One origin, Mayor Quay, one hop away."


def test_hearsay():
    assert risk([], hearsay=True) == "Said to be so, and nobody is cited."


def test_a_flag_goes_before_what_it_rests_on():
    drift = Weakness("NUMBER_DRIFT", "A figure changes on the way")
    said = "A figure changes on the way: one anonymous origin, one hop away."
    assert risk([(INSIDER,)], drift) == said


def test_a_rule_that_only_asks_ends_with_its_question():
    asks = Weakness("DENIED", QUESTIONS["DENIED"], question=True)
    assert risk([(MAYOR,)], asks) == "One origin, Mayor Quay, one hop away: is this denied in the same text?"


@pytest.mark.parametrize(
    ("code", "chains", "told"),
    [
        ("SINGLE_ANON", [(LAMP, INSIDER)], False),
        ("SINGLE_ANON", [(INSIDER,), (ANOTHER,)], True),
        ("SINGLE_ANON", [(MAYOR,)], True),
        ("SINGLE_SOURCE", [(MAYOR,)], False),
        ("SINGLE_SOURCE", [(MAYOR,), (POST,)], True),
        ("NO_SOURCE", [], False),
        ("NO_SOURCE", [(MAYOR,)], True),
        ("NO_LINK", [(MAYOR,)], True),
    ],
)
def test_a_flag_is_named_unless_the_rest_says_it(code, chains, told):
    assert (CODES[code].lower() in risk(chains, Weakness(code, CODES[code])).lower()) is told


def test_the_number_of_origins_is_never_more_than_there_can_be():
    """Over all ways to name three origins: one to so many, as the unnamed may be one person."""
    namings = ["named", "pseudonymous", "described", "anonymous"]
    words = ["one", "two", "three"]
    for first, second, third in product(namings, repeat=3):
        sentence = risk([(Hop("A", first),), (Hop("B", second),), (Hop("C", third),)])
        unnamed = sum(each in ("described", "anonymous") for each in (first, second, third))
        least = 3 - max(unnamed - 1, 0)
        assert sentence.lower().startswith(words[least - 1]), sentence
        assert "three" in sentence.lower()
        assert sentence.endswith("one hop away.")
