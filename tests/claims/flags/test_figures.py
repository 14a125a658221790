"""Figures as news writes them: the value, what they leave open, the unit and what is counted."""

from __future__ import annotations

import pytest

from claims.flags.figures import Figure, agree, figures


def only(text: str) -> Figure:
    [figure] = figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$7bn", 7e9, "dollar"),
        ("$7 billion", 7e9, "dollar"),
        ("7,000 million dollars", 7e9, "dollar"),
        ("more than $7 billion", 7e9, "dollar"),
        ("7,12 Mrd. Euro", 7.12e9, "euro"),
        ("2 Milliarden Euro", 2e9, "euro"),
        ("€3.5m", 3.5e6, "euro"),
        ("3 million crowns", 3e6, "crown"),
        ("7,12 Mrd.", 7.12e9, ""),
        ("forty-three people", 43, ""),
        ("two dozen soldiers", 24, ""),
        ("half a million people", 5e5, ""),
        ("a hundred homes", 100, ""),
        ("12m people", 12e6, ""),
        ("30 per cent", 30, "per cent"),
        ("a third of voters", 100 / 3, "share"),
        ("one in five pupils", 20, "share"),
        ("two percentage points", 2, "percentage points"),
        ("five kilometres", 5_000, "kilometres"),
    ],
)
def test_a_figure_has_its_value_and_unit(text: str, value: float, unit: str) -> None:
    figure = only(text)
    assert figure.value == pytest.approx(value)
    assert figure.unit == unit
    assert text[figure.start : figure.end].split() == figure.words.split()


@pytest.mark.parametrize(
    "text",
    [
        "in 2019",
        "on 12 May",
        "Okello, 58, said",
        "a 58-year-old",
        "beat Torvik 3-1",
        "one of them",
        "the B6318",
        "the 12th man",
        "at 10:30",
        "since 1998",
    ],
)
def test_dates_ages_scores_and_names_are_no_figures(text: str) -> None:
    assert figures(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$7bn", "7,000 million dollars", True),
        ("more than $7 billion", "$7.2 billion", True),
        ("$7 billion", "$70 billion", False),
        ("more than 40 people", "43 people", True),
        ("dozens of people", "43 people", True),
        ("dozens of people", "400 people", False),
        ("nearly 20 million euros", "19.8 million euros", True),
        ("about 300 homes", "320 homes", True),
        ("1,200 workers", "2,100 workers", False),
        ("60 mph", "97 km/h", True),
        ("a quarter of pupils", "25 per cent of pupils", True),
        ("30 per cent", "34 per cent", False),
    ],
)
def test_the_same_figure_in_other_words_agrees(one: str, other: str, same: bool) -> None:
    assert agree(only(one), only(other)) is same


def test_what_is_counted_and_what_became_of_them() -> None:
    four, eleven = figures("killed four people and injured eleven")
    assert (four.outcome, eleven.outcome) == ("dead", "injured")
    assert only("1,200 soldiers crossed").counted == ("soldiers", "crossed")
    assert only("400 litres of oil a week").per == "week"


def test_a_row_of_digits_ends() -> None:
    assert len(figures("1," * 20_000)) <= 20_000
    assert figures("9" * 5_000) is not None
