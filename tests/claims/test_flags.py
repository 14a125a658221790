"""The first three rules: what raises each of them, and what comes near and doesn't."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from claims.flags import CODES, RULES, raise_flags


@dataclass(frozen=True)
class Hop:
    name: str
    kind: str = "person"
    naming: str = "named"
    cue: str = "said"


LANTERN = Hop("The Lantern", "outlet", cue="reported")
CHANNEL = Hop("Colonel Q", "social", "pseudonymous", "citing")
INSIDER = Hop("palace insider", "person", "anonymous")
OFFICIALS = Hop("two officials", "group", "described")
MAYOR = Hop("Lena Ortiz")
REPORT = Hop("harbour report", "document", "described", "according to")


@pytest.mark.parametrize(
    ("chains", "codes"),
    [
        ([], {"NO_SOURCE"}),
        ([[]], {"NO_SOURCE"}),
        ([[MAYOR]], set()),
        ([[LANTERN, MAYOR]], set()),
        ([[INSIDER]], {"SINGLE_ANON"}),
        ([[LANTERN, CHANNEL, INSIDER]], {"SINGLE_ANON"}),
        ([[OFFICIALS]], {"SINGLE_ANON"}),
        ([[INSIDER], [MAYOR]], set()),
        ([[INSIDER], [OFFICIALS]], set()),
        ([[LANTERN]], {"DEAD_END"}),
        ([[LANTERN, CHANNEL]], {"DEAD_END"}),
        ([[MAYOR], [CHANNEL]], {"DEAD_END"}),
        ([[LANTERN, Hop("harbour report", "document")]], set()),
    ],
)
def test_which_flags_chains_raise(chains: list[list[Hop]], codes: set[str]) -> None:
    assert {flag.code for flag in raise_flags("the dam is safe", chains)} == codes


def test_the_reason_quotes_the_words_it_rests_on() -> None:
    [none] = raise_flags("the dam is safe", [])
    assert "the dam is safe" in none.why
    [anonymous] = raise_flags("the dam is safe", [[LANTERN, INSIDER]])
    assert "palace insider" in anonymous.why
    [end] = raise_flags("the dam is safe", [[LANTERN]])
    assert "The Lantern" in end.why
    assert "reported" in end.why


def test_a_long_statement_is_cut_in_the_reason() -> None:
    [flag] = raise_flags("word " * 2_000, [])
    assert len(flag.why) < 250


def test_every_rule_has_a_known_code_and_severity() -> None:
    assert set(RULES) <= set(CODES)
    assert {severity for severity, _ in RULES.values()} <= {"block", "warn", "info"}
    assert "OTHER" in CODES
