"""The engine's patterns in plain language, and its confidence in words. No database, no Django."""

from __future__ import annotations

import pytest

from claims.confidence import said, unsure
from claims.patterns import known, other, sentence, speaks_of_another

CLAIM = "The well is dry."


def plain(code: str, source: str = "the Lantern", *others: str, claim: str = CLAIM) -> str:
    return "".join(part.text for part in sentence(code, source, others, claim))


def test_names_and_claim_are_filled_in():
    assert plain("said") == "The Lantern said that “The well is dry”"
    assert (
        plain("citing", "a guard", "The Lantern")
        == "The Lantern, citing a guard, said that “The well is dry”"
    )
    assert plain("told", "the Lantern", "a guard", "a cook").startswith("A guard and a cook told the Lantern")
    assert plain("relayed").startswith("The Lantern reported somebody as saying")


def test_a_claim_gets_its_quotation_marks_once_and_a_sentence_its_capital():
    assert plain("quoted") == "“The well is dry,” the Lantern said"
    assert plain("author", "the mayor") == "A document by the mayor"
    assert plain("denied", "mayor").startswith("Mayor denied")
    assert plain("denied", "eBay").startswith("eBay denied")


def test_the_parts_say_who_is_who():
    parts = sentence("citing", "X", ["Y"], "C said X.")
    assert [(part.text, part.who) for part in parts] == [
        ("Y", "other"),
        (", citing ", ""),
        ("X", "source"),
        (", said that ", ""),
        ("“C said X”", "claim"),
    ]


def test_a_long_claim_is_cut_at_a_word():
    words = plain("said", claim="and another word " * 20)
    assert words.endswith("another word…”")
    assert len(words) < 120


def test_a_pattern_that_is_not_known_has_no_sentence():
    assert sentence("gone", "a", ["b"], "c") == ()
    assert sentence("", "a", ["b"], "c") == ()
    assert not speaks_of_another("gone")


def test_the_other_one_of_a_citing_hop_is_nearer_the_reader_and_of_a_told_one_further():
    assert (other("citing"), other("told"), other("said")) == ("nearer", "further", "")


@pytest.mark.parametrize("code", sorted(known()))
def test_every_pattern_names_its_source(code: str):
    assert "source" in {part.who for part in sentence(code, "Lantern", ["a guard"], CLAIM)}
    assert ("other" in {part.who for part in sentence(code, "Lantern", ["a guard"], CLAIM)}) == bool(
        other(code)
    )


def test_confidence_in_words_never_promises_more_than_the_figure():
    assert said(0.999) == "very likely right: 9 in 10"
    assert said(0.9) == "very likely right: 9 in 10"
    assert said(0.89) == "likely right: 8 in 10"
    assert said(0.7) == "likely right: 7 in 10"
    assert said(0.5) == "rather right than wrong: 5 in 10"
    assert said(0.49) == "unsure reading, check it: 4 in 10"
    assert said(0.0) == "unsure reading, check it: less than 1 in 10"


def test_a_reading_is_unsure_under_a_half_and_a_person_s_never():
    assert [unsure(value) for value in (0.0, 0.49, 0.5, None)] == [True, True, False, False]
