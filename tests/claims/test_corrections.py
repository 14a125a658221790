"""`manage.py corrections`: what people corrected, as gold chains that the evaluator takes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from claims.models import Annotation, Flag, Hop, Statement
from claims.models.chain_edits import HopWords, add_hop, amend_hop, remove_hop
from sources.models import Capture
from tests.factories import (
    FARES,
    FERRY,
    HARBOUR,
    LAMP,
    OFFICIAL,
    SPOKESMAN,
    TIMETABLE,
    account,
    article,
    statement,
)

pytestmark = pytest.mark.django_db

Row = dict[str, Any]


@pytest.fixture
def editor() -> User:
    return account("editor", "ada.lovelace")


@pytest.fixture
def capture() -> Capture:
    return article()


def exported() -> list[Row]:
    out = io.StringIO()
    call_command("corrections", "--jsonl", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def words(row: Row, where: str = "claims") -> list[str]:
    return [row["text"][slice(*claim["claim"])] for claim in row[where]]


def hop(statement: Statement, name: str) -> Hop:
    return statement.hops.standing().get(source__name=name)


def add(
    statement: Statement, by: User, name: str, kind: str = "person", naming: str = "named", **where: Any
) -> Hop:
    """Put a source nearest the reader, standing on its name where the text has it."""
    text = statement.capture.text
    at = text.find(name)
    place = (at, at + len(name)) if at >= 0 else (None, None)
    return add_hop(statement, by, HopWords(name, kind, naming, "", *place), **where)


# What is in it


def test_what_nobody_touched_is_not_exported(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    assert exported() == []
    ferry.decide(editor, "weak")
    ferry.decide(editor, "rejected")
    ferry.amend(editor, "No ferry in January", ferry.start, ferry.end)
    Annotation.objects.write(editor, "Call the port.", capture, statement=ferry)
    Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd", "info")
    lamp = hop(ferry, "Evening Lamp")
    linked = HopWords(
        "Evening Lamp", "outlet", "named", lamp.cue, lamp.start, lamp.end, "https://lamp.example/"
    )
    amend_hop(ferry, editor, lamp, linked)
    assert exported() == [], "none of this says whether the engine read the chain right"


def test_an_accepted_reading_is_gold_with_its_chain(capture: Capture, editor: User):
    statement(capture, FERRY, [LAMP, OFFICIAL]).decide(editor, "accepted")
    (row,) = exported()
    assert row == {
        "file": f"capture-{capture.pk}",
        "text": HARBOUR,
        "claims": [
            {
                "claim": [HARBOUR.index(FERRY), HARBOUR.index(FERRY) + len(FERRY)],
                "chain": [
                    {"span": span("Evening Lamp"), "name": "Evening Lamp", "kind": "outlet"},
                    {"span": span("a port official"), "name": "a port official", "kind": "anonymous"},
                ],
            }
        ],
        "rejected": [],
        "unplaced": [],
    }


def span(of: str, text: str = HARBOUR) -> list[int]:
    return [text.index(of), text.index(of) + len(of)]


def test_a_corrected_chain_is_exported_as_it_stands_now(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    remove_hop(ferry, editor, hop(ferry, "Evening Lamp"))
    (row,) = exported()
    assert [h["name"] for h in row["claims"][0]["chain"]] == ["a port official"]


def test_other_bounds_and_another_stance_are_exported(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP])
    shorter = FERRY.removesuffix(" in January")
    ferry.amend(editor, "", ferry.start, ferry.start + len(shorter), "denies")
    (row,) = exported()
    assert words(row) == [shorter]
    assert row["claims"][0]["stance"] == "denies"


def test_a_claim_that_a_person_marked_is_gold_and_without_a_source_its_chain_is_empty(
    capture: Capture, editor: User
):
    statement(capture, FARES, by=editor)
    (row,) = exported()
    assert (words(row), row["claims"][0]["chain"]) == ([FARES], [])
    assert "stance" not in row["claims"][0]


def test_parallel_chains_are_several_claims_with_one_span(capture: Capture, editor: User):
    statement(capture, FERRY, [LAMP, OFFICIAL], [SPOKESMAN]).decide(editor, "accepted")
    (row,) = exported()
    assert words(row) == [FERRY, FERRY]
    assert [[h["name"] for h in claim["chain"]] for claim in row["claims"]] == [
        ["Evening Lamp", "a port official"],
        ["a spokesman for the port"],
    ]


def test_a_reading_that_a_person_deleted_is_rejected_and_a_person_s_own_is_gone(
    capture: Capture, editor: User
):
    statement(capture, FERRY, [LAMP]).discard(editor)
    own = statement(capture, FARES, by=editor)
    own.discard(editor)
    mended = statement(capture, TIMETABLE, [SPOKESMAN])
    add(mended, editor, "Evening Lamp", "outlet")
    mended.discard(editor)
    (row,) = exported()
    assert (words(row), words(row, "rejected")) == ([], [FERRY])
    assert [h["name"] for h in row["rejected"][0]["chain"]] == ["Evening Lamp"]
    own.restore(editor)
    assert words(exported()[0]) == [FARES]


@pytest.mark.parametrize(
    ("kind", "naming", "told"),
    [
        ("outlet", "named", "outlet"),
        ("agency", "named", "agency"),
        ("social", "pseudonymous", "social"),
        ("organisation", "named", "official_body"),
        ("document", "described", "document"),
        ("person", "named", "person"),
        ("person", "described", "anonymous"),
        ("group", "named", "person"),
        ("group", "anonymous", "anonymous"),
        ("unknown", "described", "anonymous"),
    ],
)
def test_kinds_are_the_evaluator_s(capture: Capture, editor: User, kind: str, naming: str, told: str):
    statement(capture, FERRY, [("Evening Lamp", kind, naming)]).decide(editor, "accepted")
    assert exported()[0]["claims"][0]["chain"][0]["kind"] == told


# Places


def test_a_source_without_a_place_gets_the_nearest_words_that_name_it(editor: User):
    text = "Ann Lee came. The well is dry. Ann Leeson left. Ann Lee, it was told, said so.\n\nAnn Lee."
    capture = article(text)
    well = statement(capture, "The well is dry", by=editor)
    add_hop(well, editor, HopWords("Ann Lee", "person", "named"))
    (row,) = exported()
    assert row["claims"][0]["chain"][0]["span"] == [0, 7]


def test_a_place_inside_the_claim_gives_way_to_one_outside(editor: User):
    text = "He says Ann Lee lies. So said Ann Lee."
    capture = article(text)
    lies = statement(capture, "Ann Lee lies", by=editor)
    inside = text.index("Ann Lee")
    add_hop(lies, editor, HopWords("Ann Lee", "person", "named", "", inside, inside + 7))
    assert exported()[0]["claims"][0]["chain"][0]["span"] == [30, 37]


def test_a_source_that_the_text_doesn_t_name_is_kept_apart(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP])
    add(ferry, editor, "Coast Wire", "agency")
    (row,) = exported()
    assert (words(row), words(row, "unplaced")) == ([], [FERRY])
    assert row["unplaced"][0]["chain"][0] == {"span": None, "name": "Coast Wire", "kind": "agency"}


def test_offsets_are_code_points_and_line_ends_stay(editor: User):
    text = "👩‍👩‍👧 שלום\r\n\r\nThe well is dry, Ann Lee said. 🚢"
    capture = article(text)
    statement(capture, "The well is dry", [("Ann Lee", "person", "named")]).decide(editor, "accepted")
    (row,) = exported()
    assert row["text"] == text
    assert words(row) == ["The well is dry"]
    assert text[slice(*row["claims"][0]["chain"][0]["span"])] == "Ann Lee"


# What never leaves


def test_withdrawn_articles_notes_and_people_stay_here(capture: Capture, editor: User):
    ferry = statement(capture, FERRY, [LAMP])
    ferry.decide(editor, "accepted", "seen the secret papers")
    Annotation.objects.write(editor, "My source is Bea.", capture, statement=ferry)
    ferry.amend(editor, "a wording of our own", ferry.start, ferry.end)
    out = io.StringIO()
    call_command("corrections", "--jsonl", stdout=out)
    assert FERRY in out.getvalue()
    for private in ("Bea", "secret papers", "ada.lovelace", "wording of our own"):
        assert private not in out.getvalue()
    capture.document.withdraw(editor)
    assert exported() == []


# The whole


def desk(editor: User) -> None:
    """Two articles with something of everything, marked in no order."""
    first, second = article(), article("Again. " + HARBOUR, title="Again")
    statement(second, FARES, by=editor)
    statement(second, FERRY, [LAMP, OFFICIAL]).decide(editor, "accepted")
    statement(first, TIMETABLE, [SPOKESMAN], [LAMP]).decide(editor, "accepted")
    ferry = statement(first, FERRY, [LAMP])
    add(ferry, editor, "a port official", "person", "anonymous", after=hop(ferry, "Evening Lamp"))
    statement(first, FARES, [OFFICIAL]).discard(editor)


def test_the_order_is_that_of_the_articles_and_their_texts(editor: User):
    desk(editor)
    first, second = exported()
    assert first["text"] == HARBOUR
    assert words(first) == [FERRY, TIMETABLE, TIMETABLE]
    assert words(second) == [FERRY, FARES]
    assert exported() == [first, second]


def test_without_jsonl_it_counts(editor: User):
    desk(editor)
    out = io.StringIO()
    call_command("corrections", stdout=out)
    assert out.getvalue().startswith(
        "5 claims that people marked, corrected or accepted, 1 that they deleted"
    )


def test_the_evaluator_takes_it_as_gold(editor: User, shared: Path, tmp_path: Path):
    desk(editor)
    odd = article("  A  “quote” ,\n said Ann Lee .", title="Odd")
    statement(odd, "quote", [("Ann Lee", "person", "named")]).decide(editor, "accepted")
    gold, evaluator = tmp_path / "corrections.jsonl", shared / "measure" / "chains" / "evaluate.py"
    with gold.open("w", encoding="utf-8") as handle:
        call_command("corrections", "--jsonl", stdout=handle)
    checked = subprocess.run(
        [sys.executable, evaluator, "--gold", gold, "--check"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "sound: 6 claims in 3 documents\n"), checked
    # Against itself every chain is right, so keys, spans and kinds are what the evaluator reads.
    scored = subprocess.run(
        [sys.executable, evaluator, "--gold", gold, "--pred", gold, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(scored.stdout)
    assert (figures["exact"], figures["kind_accuracy"], figures["hops"]["f1"]) == (1.0, 1.0, 1.0)
