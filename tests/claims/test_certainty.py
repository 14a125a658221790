"""How sure a cue makes its claim, by the lexicon's grades."""

from __future__ import annotations

import pytest

from claims.certainty import certainty


@pytest.mark.parametrize(
    ("cue", "grade"),
    [
        ("", ""),
        ("—", ""),
        ("said", "said"),
        ("citing", "said"),
        ("according to", "said"),
        ("Claims", "claimed"),
        ("alleging", "claimed"),
        ("has hinted", "claimed"),
        ("implied", "claimed"),
        ("believes", "claimed"),
        ("thought", "claimed"),
        ("allegations", "claimed"),
        ("reportedly", "claimed"),
        ("confirmed", "confirmed"),
        ("admitted", "confirmed"),
        ("proves", "confirmed"),
        ("verifies", "confirmed"),
        ("revelations", "confirmed"),
        ("claimed to have confirmed", "claimed"),
        ("would not confirm", "said"),
        ("declined to confirm", "said"),
        ("couldn’t confirm", "said"),
    ],
)
def test_a_cue_has_the_grade_of_its_strongest_reserve(cue: str, grade: str):
    assert certainty(cue) == grade
