"""Texts made to break the engine: each is read, in time that grows with its length and no faster."""

from __future__ import annotations

import time

import pytest

from claims.attribution import read

PIECES = {
    "quotation marks": '"',
    "opening marks": "“",
    "marks around a letter": '" a ',
    "nested said that": "He said that ",
    "one endless sentence": "word ",
    "relative clauses": "the minister, who said ",
    "citing": "citing ",
    "brackets": "(a report by ",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=[name.replace(" ", "-") for name in PIECES])
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    read("Mira Sand said that the dam is safe.")
    short, long = 2_000 // len(piece), 6_000 // len(piece)
    began = time.process_time()
    read(piece * short)
    middle = time.process_time()
    read(piece * long)
    ended = time.process_time()
    # Three times the text; twice that again for what a busy machine adds.
    assert ended - middle < 6 * (middle - began) + 1


def test_a_claim_behind_a_giant_paragraph_keeps_its_place() -> None:
    text = "word " * 3_000 + "The end came soon.\nMira Sand said that the dam is safe."
    statement = read(text).statements[-1]
    assert text[statement.start : statement.end] == "the dam is safe"
