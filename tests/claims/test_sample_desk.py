"""The sample desk: invented articles through the real pipeline, and what it shows a newcomer."""

from __future__ import annotations

import io
import tomllib
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from claims import history, sample_desk
from claims.models import Annotation, Claim, Flag, Hop, Reading, Statement, Verdict
from claims.models.reading import Progress
from sources.models import Capture, Document, Source

pytestmark = pytest.mark.django_db

SEVEN_BILLION = "More than $7 billion worth of American weapons was left behind in Afghanistan."
NIGHT_FERRY = "The Skerry Ferry Company will end its night ferry in April."


def load() -> str:
    """Load the desk as `make demo` does; what the command complains of."""
    complaints = io.StringIO()
    call_command("load_sample_desk", stdout=io.StringIO(), stderr=complaints)
    return complaints.getvalue()


@pytest.fixture(scope="module", autouse=True)
def desk(django_db_setup, django_db_blocker):
    """Loaded once for all of these tests, which only look or roll back what they do."""
    with django_db_blocker.unblock(), override_settings(DEMO=True):
        call_command("make_demo_accounts", stdout=io.StringIO())
        complaints = load()
    yield complaints
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def test_the_engine_finds_every_claim_that_the_desk_builds_on(desk):
    assert desk == ""


def statement(publisher: str, words: str) -> Statement:
    """The one claim with these words in the articles of this publisher."""
    return Statement.objects.get(capture__document__publisher__name=publisher, exact__contains=words)


def names(of: Statement) -> list[list[str]]:
    """The names in its chains, each nearest the reader first."""
    return [[hop.name for hop in chain] for chain in of.chains()]


def side_by_side(wording: str) -> dict[str, list[list[str]]]:
    """The chains of a joined claim by publisher."""
    joined = Statement.objects.filter(claim__wording=wording)
    return {s.capture.document.publisher.name: names(s) for s in joined}  # type: ignore[union-attr]


def test_articles_come_with_their_details_and_are_read():
    assert set(Document.objects.values_list("publisher__name", "published_on", "byline")) == {
        ("Northgate Courier", date(2025, 3, 18), "Marta Quill"),
        ("Harbour Post", date(2025, 3, 17), "Tobias Lund"),
        ("The Six Pack", date(2025, 3, 18), ""),
        ("Skerry Herald", date(2025, 3, 11), "Finn Marwick"),
        ("Coastline Radio", date(2025, 3, 11), "Leah Brock"),
        ("Westmark Tribune", date(2025, 3, 12), "Idris Vane"),
        ("Westmark Tribune", date(2025, 3, 14), "Noor Halloran"),
    }
    assert not Document.objects.filter(sample=False).exists()
    assert set(Reading.objects.values_list("progress", flat=True)) == {Progress.DONE}
    assert Capture.objects.count() == Reading.objects.count() == 7


def test_addresses_are_those_that_the_pages_give():
    listed = tomllib.loads((sample_desk.FOLDER / "desk.toml").read_text())["articles"]
    assert set(Document.objects.values_list("url", flat=True)) == set(listed.values())


def test_every_page_says_that_it_is_invented_and_brings_no_furniture():
    for capture in Capture.objects.all():
        *_, footer = capture.text.splitlines()
        assert footer.startswith("This is an invented sample"), capture
        assert b"ookie" in capture.data
        assert "ookie" not in capture.text, capture
        assert 130 <= len(capture.text.split()) <= 350, capture


def test_the_figure_by_three_hops_stands_beside_the_report():
    assert side_by_side(SEVEN_BILLION) == {
        "Northgate Courier": [["The Sun", "General SVR", "Kremlin insider"]],
        "Harbour Post": [["CNN", "US Department of Defense report"]],
        "The Six Pack": [["Northgate Courier", "The Sun"]],
    }


def test_claim_page_shows_the_lines(client):
    client.force_login(User.objects.get(username="reader"))
    claim = Claim.objects.get(wording=SEVEN_BILLION)
    page = client.get(reverse("claim", args=[claim.pk])).content.decode()
    for name in ("The Sun", "General SVR", "Kremlin insider", "CNN", "US Department of Defense report"):
        assert name in page


def test_three_hops_end_with_somebody_unnamed():
    [chain] = statement("Northgate Courier", "than $7 billion").chains()
    assert [hop.kind for hop in chain][:2] == ["outlet", "social"]
    assert chain[-1].naming in ("anonymous", "described")
    raised = statement("Northgate Courier", "than $7 billion").flags.standing()
    assert "SINGLE_ANON" in {flag.code for flag in raised}


def test_two_outlets_cite_each_other():
    assert side_by_side(NIGHT_FERRY) | {"Westmark Tribune": []} == {
        "Skerry Herald": [["Coastline Radio"]],
        "Coastline Radio": [["Skerry Herald"]],
        "The Six Pack": [["Coastline Radio"]],
        "Westmark Tribune": [],
    }


def test_officials_are_not_named_and_the_company_denies():
    [[officials]] = statement("Westmark Tribune", "night ferry in April").chains()
    assert "officials" in officials.name
    assert officials.naming in ("anonymous", "described")
    [[company]] = statement("Westmark Tribune", "night crossing would end").chains()
    assert company.cue == "denied"
    [[spokesman]] = statement("Westmark Tribune", "There is no such plan").chains()
    assert spokesman.name == "Jonas Veld"


def test_a_named_document_is_an_origin():
    [[audit]] = statement("Westmark Tribune", "cost three times the estimate").chains()
    assert (audit.kind, audit.naming) == ("document", "named")
    assert "Westmark Audit Office" in audit.name


def test_a_figure_changes_on_the_way():
    flags = statement("The Six Pack", "$70 billion").flags.standing()
    assert {"NUMBER_DRIFT", "DEAD_END"} <= {flag.code for flag in flags}


def test_a_claim_of_nobody_in_particular_is_flagged():
    ship = statement("Skerry Herald", "looking for a buyer")
    assert ship.hearsay
    assert names(ship) == []
    assert [flag.code for flag in ship.flags.standing()] == ["WEASEL"]


def test_the_people_of_the_desk_have_been_at_work():
    insider = statement("Northgate Courier", "than $7 billion")
    assert insider.state == "weak"
    question, answer = insider.annotations.all()
    assert (question.author.username, answer.author.username) == ("reporter", "editor")
    assert answer.parent == question
    states = set(Statement.objects.values_list("state", flat=True))
    assert states == {"unreviewed", "weak", "accepted", "rejected", "needs_source"}


def test_history_names_who_did_what_the_latest_first():
    told = [f"{e.who} {e.what}" for e in history.of_statement(statement("The Six Pack", "$70 billion"))]
    people, machine = told[:3], told[3:]
    assert people[0].startswith("editor rejected it")
    assert people[1].startswith("reporter raised")
    assert people[2] == "editor joined it with other claims"
    assert machine
    assert all(line.startswith("Hearsay ") for line in machine)


def counts() -> dict[str, int]:
    """How many rows each of these tables has, with those of the history."""
    tracked: tuple[Any, ...] = (Claim, Statement, Hop, Flag, Annotation, Verdict, Source, Document)
    events = [apps.get_model(m._meta.app_label, f"{m.__name__}Event") for m in tracked]
    return {m.__name__: m._default_manager.count() for m in (*tracked, Capture, Reading, *events)}


def test_second_load_adds_nothing_and_parses_nothing(monkeypatch):
    before = counts()
    monkeypatch.delattr("sources.parse.parse")
    monkeypatch.delattr("claims.sample_desk.carry_out")
    assert load() == ""
    assert counts() == before


def test_second_load_keeps_what_people_changed():
    editor = User.objects.get(username="editor")
    withdrawn, corrected = Document.objects.order_by("pk")[:2]
    withdrawn.withdraw(editor)
    Document.objects.filter(pk=corrected.pk).update(title="Ours", url="", url_normal="")
    ship = statement("Skerry Herald", "looking for a buyer")
    ship.discard(editor)
    insider = statement("Northgate Courier", "than $7 billion")
    insider.decide(editor, "accepted")
    before = counts()
    load()
    assert counts() == before
    withdrawn.refresh_from_db()
    ship.refresh_from_db()
    insider.refresh_from_db()
    assert withdrawn.withdrawn_at
    assert ship.deleted_at
    assert insider.state == "accepted"
