"""What the engine makes of short invented paragraphs: claims, chains, and nothing that isn't there."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from claims.attribution import is_english, read
from claims.attribution.types import KINDS, NAMINGS, Reading
from sources.parsed import Link

CASES = json.loads(
    (Path(__file__).parents[2] / "fixtures/chains/paragraphs.json").read_text(encoding="utf-8")
)


def told(text: str, reading: Reading) -> list[dict[str, Any]]:
    """A reading as the fixtures write it."""
    out = []
    for s in reading.statements:
        made: dict[str, Any] = {
            "quote": text[s.start : s.end],
            "chains": [
                [{"name": h.name, "kind": h.kind, "naming": h.naming, "cue": h.cue} for h in c]
                for c in s.chains
            ],
        }
        if s.hearsay:
            made["hearsay"] = True
        if s.stance != "says":
            made["stance"] = s.stance
        out.append(made)
    return out


def chains_of(text: str, **given: Any) -> list[list[str]]:
    """The names of each chain of the first statement."""
    return [[hop.name for hop in chain] for chain in read(text, **given).statements[0].chains]


@pytest.mark.parametrize("case", CASES, ids=[c["case"].replace(" ", "-") for c in CASES])
def test_a_paragraph_gives_the_claims_and_chains_of_its_gold(case: dict[str, Any]) -> None:
    assert told(case["text"], read(case["text"])) == case["statements"]


@pytest.mark.parametrize("case", CASES, ids=[c["case"].replace(" ", "-") for c in CASES])
def test_every_place_lies_in_the_text_and_holds_what_it_names(case: dict[str, Any]) -> None:
    text = case["text"]
    reading = read(text)
    for s in reading.statements:
        assert 0 <= s.start < s.end <= len(text)
        assert text[s.start : s.end].strip(" \"'“”‘’") == text[s.start : s.end]
        for hop in (hop for chain in s.chains for hop in chain):
            assert hop.start is not None
            assert hop.end is not None
            assert text[hop.start : hop.end].strip()
            assert text[hop.cue_start : hop.cue_end] == hop.cue
            assert hop.kind in KINDS
            assert hop.naming in NAMINGS


def test_flat_attributions_keep_the_pronoun_and_leave_out_what_stands_inside() -> None:
    text = "Jonas Reed said the ferry was late. He added that Mira Sand said nobody was hurt."
    flat = read(text).attributions
    assert [text[a.source[0][0] : a.source[0][1]] for a in flat if a.source] == ["Jonas Reed", "He"]
    assert text[slice(*flat[1].content[0])] == "that Mira Sand said nobody was hurt"


def test_no_word_has_two_roles_in_the_flat_layer() -> None:
    text = "“The dam is safe,” Mira Sand said. She warned critics that it, the ministry claims, will hold."
    for a in read(text).attributions:
        spans = sorted([*(a.source or ()), *a.cue, *a.content])
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "before", ["🙂🙂 ", "שלום עולם. ", "\u200b\u00a0\t", "Cafe\u0301\n\n", "\r\n\r\n\ufeff"]
)
def test_what_stands_before_a_claim_moves_its_offsets_by_code_points(before: str) -> None:
    text = f"{before}Mira Sand said that the dam is safe."
    [statement] = read(text).statements
    assert text[statement.start : statement.end] == "the dam is safe"
    [[hop]] = statement.chains
    assert text[hop.start : hop.end] == "Mira Sand"


def test_a_quotation_that_goes_on_in_the_next_paragraph_keeps_its_speaker() -> None:
    text = (
        "“The dam is safe,” Mira Sand said. “We saw it twice.\n\n“Nobody has to leave the valley this year.”"
    )
    found = {text[s.start : s.end]: [h.name for h in s.chains[0]] for s in read(text).statements}
    assert found["Nobody has to leave the valley this year"] == ["Mira Sand"]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "Mira Sand said that the dam,\nwhich was built in 1960,\nis safe."
    [statement] = read(text).statements
    assert text[statement.start : statement.end] == "the dam,\nwhich was built in 1960,\nis safe"


def test_the_publisher_of_the_document_is_no_hop() -> None:
    text = "The mayor told the Oakford Post that the tunnel would open in June."
    assert chains_of(text) == [["Oakford Post", "mayor"]]
    assert chains_of(text, publisher="The Oakford Post") == [["mayor"]]


def test_a_link_over_a_hops_words_goes_with_it() -> None:
    text = "The tunnel will open in June, the Oakford Post reported."
    links = [
        Link(text.index("reported"), text.index("reported") + 8, "https://post.example/tunnel"),
        Link(0, 3, "https://x.example/"),
    ]
    [statement] = read(text, links=links).statements
    assert statement.chains[0][0].link == "https://post.example/tunnel"


def test_short_and_long_names_are_one_source() -> None:
    text = (
        "Officials told Voice of America (VOA) that the depot is empty. The road is closed, VOA reported. "
        "Admiral Sir Otto Blunt said that the fleet was ready. Blunt added that the paint was dry."
    )
    names = {hop.name for s in read(text).statements for chain in s.chains for hop in chain}
    assert {"Voice of America", "Otto Blunt"} <= names
    assert not {"VOA", "Blunt"} & names


def test_the_same_text_gives_the_same_reading() -> None:
    text = "\n\n".join(case["text"] for case in CASES)
    assert read(text) == read(text)


def test_text_without_attributions_gives_none() -> None:
    assert read("") == Reading((), ())
    assert read("The cat sat on the mat.").statements == ()


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("", True),
        ("Kabul, Moskau", True),
        ("Two hurt - police", True),
        ("Mira Sand said that the dam is safe and that nobody has to leave the valley.", True),
        ("Die Polizei sagte am Montag, dass zwei Menschen verletzt wurden.", False),
        ("Le ministre a déclaré que la guerre était finie et que tout le monde pouvait rentrer.", False),
        ("Жители города говорят", False),
    ],
)
def test_english_is_told_from_other_languages_and_short_texts_pass(text: str, english: bool) -> None:
    assert is_english(text) is english
