"""What the rules read of chains alone, what their reasons say, and what odd input does to them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from claims.flags import CODES, RULES, Article, Claimed, load, own_claims, raise_all
from tests.claims.flags.cases import Hop, article, codes, hop

TEXT = (
    "The dam is safe, two officials said. The Lantern reported it. Lena Ortiz said so. Colonel Q posted it."
)
CLAIM = "The dam is safe"
LANTERN = Hop("The Lantern", "outlet", cue="reported")
CHANNEL = Hop("Colonel Q", "social", "pseudonymous", "posted")
INSIDER = Hop("palace insider", "person", "anonymous")
OFFICIALS = hop(TEXT, "two officials", "group", "described")
MAYOR = Hop("Lena Ortiz")
REPORT = Hop("harbour report", "document", "described", "according to")
PLAIN = "The dam is safe."


def on(*chains: list[Hop]) -> set[str]:
    return codes(article(PLAIN, CLAIM, *chains))


@pytest.mark.parametrize(
    ("chains", "raised", "not_raised"),
    [
        ([], {"NO_SOURCE"}, {"SINGLE_ANON"}),
        ([[MAYOR]], set(), {"NO_SOURCE", "SINGLE_ANON", "DEAD_END"}),
        ([[LANTERN, MAYOR]], set(), {"DEAD_END", "ANON_PICKUP"}),
        ([[INSIDER]], {"SINGLE_ANON", "NO_REASON", "NO_BASIS"}, {"ANON_PICKUP"}),
        ([[LANTERN, INSIDER]], {"SINGLE_ANON", "ANON_PICKUP"}, {"HEARSAY_DEPTH", "DEAD_END"}),
        (
            [[LANTERN, CHANNEL, INSIDER]],
            {"HEARSAY_DEPTH", "PSEUDONYMOUS_CHANNEL", "ANON_PICKUP"},
            {"DEAD_END"},
        ),
        ([[INSIDER], [MAYOR]], set(), {"SINGLE_ANON"}),
        ([[LANTERN]], {"DEAD_END"}, {"SINGLE_ANON"}),
        ([[LANTERN, CHANNEL]], {"DEAD_END", "PSEUDONYMOUS_CHANNEL"}, {"HEARSAY_DEPTH"}),
        ([[LANTERN, REPORT]], set(), {"DEAD_END", "SINGLE_ANON"}),
        ([[LANTERN, REPORT, MAYOR]], set(), {"HEARSAY_DEPTH"}),
    ],
)
def test_which_flags_chains_raise(chains: list[list[Hop]], raised: set[str], not_raised: set[str]) -> None:
    found = on(*chains)
    assert raised <= found
    assert not found & not_raised


def test_every_code_has_a_rule_whose_docstring_names_a_standard() -> None:
    assert set(RULES) == set(CODES) - {"OTHER"}
    for rule in RULES.values():
        assert any(
            name in rule.meaning
            for name in ("AP", "BBC", "Reuters", "SPJ", "Society", "IPSO", "AFP", "Guardian")
        ), rule.code


def test_a_reason_quotes_the_words_and_the_places_hold_them() -> None:
    made = article(TEXT, CLAIM, [OFFICIALS])
    flags = {flag.code: flag for flag in raise_all(made)[0]}
    flag = flags["SINGLE_ANON"]
    assert "two officials" in flag.why
    assert "two officials" in {TEXT[start:end] for start, end in flag.places}


def test_a_long_statement_is_cut_in_the_reason() -> None:
    text = "Pebbles and shells " * 2_000
    [flags] = raise_all(Article(text, [Claimed(0, len(text))]))
    assert all(len(flag.why) < 250 for flag in flags)
    assert flags


@pytest.mark.parametrize(
    "chains",
    [
        [[]],
        [[], [Hop("")]],
        [[Hop("", "unknown", "anonymous", "")]],
        [[Hop("   ", "person", "described")]],
        [[Hop("an official", "person", "described", "", 5, 3)]],
        [[Hop("an official", "person", "described", "said", -4, 10_000, 99_999, 100_000)]],
    ],
)
def test_a_chain_without_hops_and_a_hop_without_source_or_words_lose_no_flag(chains: list[list[Hop]]) -> None:
    made = article(PLAIN, CLAIM, *chains)
    [flags] = raise_all(made)
    assert flags
    assert all(0 <= start < end <= len(PLAIN) for flag in flags for start, end in flag.places)


def test_an_empty_text_raises_nothing() -> None:
    assert raise_all(Article("", [])) == []
    assert own_claims(Article("", [])) == []


def test_the_same_article_again_raises_the_same() -> None:
    made = article(TEXT, CLAIM, [LANTERN, OFFICIALS])
    assert raise_all(made) == raise_all(made) == raise_all(Article(TEXT, made.statements))


SENTENCE = (
    "The council lost £{0} on the quay and 40 people were hurt, an official said. The mayor denies it. "
)


def of_statements(count: int) -> Article:
    parts, statements, at = [], [], 0
    for number in range(count):
        words = SENTENCE.format(number + 100)
        source = words.index("an official")
        who = Hop("official", "person", "described", "said", at + source, at + source + 11)
        statements.append(Claimed(at, at + source - 2, [[who]]))
        parts.append(words)
        at += len(words)
    return Article("".join(parts), statements)


def test_five_thousand_statements_take_linear_time() -> None:
    def seconds(count: int) -> float:
        made = of_statements(count)
        began = time.process_time()
        flags = raise_all(made)
        assert len(flags) == count
        assert all(flags)
        return time.process_time() - began

    seconds(50)
    few, many = seconds(500), seconds(5_000)
    assert many < 10 * few * 2.5 + 0.5


def test_own_claims_are_sentences_that_nobody_is_the_source_of() -> None:
    text = (
        "Floods in the valley\n\nThe council overspent its budget by £4m. Ada Brine said "
        "that the weir cost £2m. "
        "Did it cost £9m? Would it have cost £3m to mend? We paid £5m. The sun rose."
    )
    found = own_claims(Article(text, []))
    assert [text[c.start : c.end] for c in found] == ["The council overspent its budget by £4m"]


def test_what_a_statement_covers_already_is_no_own_claim() -> None:
    text = "The council overspent its budget by £4m."
    assert own_claims(article(text, "overspent its budget", [MAYOR])) == []


def test_a_rule_that_is_off_raises_nothing_and_a_question_says_so() -> None:
    policy = load()
    entry = policy.entries["SINGLE_ANON"]
    made = article(PLAIN, CLAIM, [INSIDER])
    off = replace(policy, entries={**policy.entries, "SINGLE_ANON": replace(entry, severity="off")})
    assert "SINGLE_ANON" not in codes(made, off)
    asks = replace(policy, entries={**policy.entries, "SINGLE_ANON": replace(entry, question=True)})
    [flag] = [flag for flag in raise_all(made, asks)[0] if flag.code == "SINGLE_ANON"]
    assert flag.question


def test_a_hop_that_the_reading_took_from_a_stray_word_is_no_unnamed_source() -> None:
    for name in ("Ditto", "Twelve percent", "The debate", "she"):
        stray = Hop(name, "unknown", "described")
        assert not on([stray]) & {"SINGLE_ANON", "NO_REASON", "NO_BASIS"}, name


@pytest.mark.parametrize(
    "text",
    [
        '"' * 100_000,
        "The dam that he built " + "and the old minister who had seen the boats near the quay " * 4_000,
        "the lawyer said that she " * 10_000,
        "the 1,000 people and " * 5_000,
        " " * 200_000 + "x",
        "\n" * 200_000 + "x",
    ],
    ids=["quotation marks", "one sentence", "lawyers", "numbers", "blanks", "lines"],
)
def test_no_text_makes_a_rule_run_away(text: str) -> None:
    step = len(text) // 100
    source = Hop("an official", "person", "described", "said", 0, 11)
    statements = [Claimed(at, at + step, [[source]]) for at in range(0, len(text) - step, step)]
    began = time.process_time()
    own_claims(Article(text, []))
    raise_all(Article(text, statements))
    assert time.process_time() - began < 15
