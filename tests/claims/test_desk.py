"""The desk: what waits, the riskiest first, narrowed by links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Assignment, Flag, Statement
from sources.models import Source
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db

PIER, PRICES, BRIDGE = "The pier is shut", "Prices rise in May", "The bridge stays open"


@pytest.fixture
def three() -> dict[str, Statement]:
    """Three articles with a claim each, in the order in which they came in; the flags are the tests’."""
    made = {}
    for words, title in ((PRICES, "Prices"), (PIER, "Pier"), (BRIDGE, "Bridge")):
        made[title] = statement(
            article(f"{words}, a guard said in the {title} house.", title=title, publisher=f"{title} Times"),
            words,
            [("a guard", "person", "anonymous", "said")],
        )
    Flag.objects.all().delete()
    return made


def flag(claim: Statement, severity: str, code: str = "OTHER") -> None:
    by = account("editor", f"of {claim.pk} {code}")
    Flag.objects.raise_by_hand(claim, by, code, "It reads oddly.", severity)


def page_of(client: Client, **asked: Any) -> Any:
    connection.check_constraints()  # the review is brought up to date when a transaction ends
    answer = client.get(reverse("desk"), asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def titles(page: Any) -> list[str]:
    return [a.get_text() for a in page.select("[data-row] .card-title")]


def link(page: Any, nav: str, label: str) -> str:
    """Where a filter of that name leads."""
    return next(
        a["href"] for a in page.select(f"nav[aria-label='{nav}'] a") if a.get_text().startswith(label)
    )


def test_the_start_page_is_the_desk(as_: As):
    assert as_("reader").get("/").headers["Location"] == reverse("desk")


def test_only_people_with_a_role_see_it(as_: As, client: Client):
    assert client.get(reverse("desk")).status_code == 302
    assert as_(None).get(reverse("desk")).status_code == 403
    assert as_("reader").post(reverse("desk")).status_code == 405


def test_what_waits_is_ordered_by_flag_then_deadline_then_age(as_: As, three: dict[str, Statement]):
    reader, boss = as_("reader"), account("editor", "boss")
    assert titles(page_of(reader)) == ["Prices", "Pier", "Bridge"], "the longest here first"
    soon = timezone.now() + timedelta(hours=3)
    Assignment.objects.give(three["Bridge"].capture.document, boss, boss, soon)
    assert titles(page_of(reader)) == ["Bridge", "Prices", "Pier"], "a deadline before none"
    Assignment.objects.give(three["Pier"].capture.document, boss, boss, soon - timedelta(hours=1))
    assert titles(page_of(reader)) == ["Pier", "Bridge", "Prices"]
    flag(three["Prices"], "warn")
    assert titles(page_of(reader)) == ["Prices", "Pier", "Bridge"], "a flag before a deadline"
    flag(three["Bridge"], "block")
    assert titles(page_of(reader)) == ["Bridge", "Prices", "Pier"]
    assert titles(page_of(reader, show="claims")) == [BRIDGE, PRICES, PIER]


def test_a_row_says_why_who_until_when_and_how_far(as_: As):
    capture = article()
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    statement(capture, FARES).decide(account("editor", "e"), "accepted")
    Flag.objects.exclude(statement=ferry, code="SINGLE_ANON").delete()
    reporter = account("reporter", "ruth")
    Assignment.objects.give(capture.document, reporter, reporter, timezone.now() - timedelta(days=1))
    [row] = page_of(as_("reader")).select("[data-row]")
    said = " ".join(row.get_text(" ").split())
    assert "One anonymous origin, two hops away." in said
    assert row["data-severity"] == "block"
    assert "blocks" in said, "not told by colour alone"
    assert "ruth was due" in said
    assert "yesterday" in said
    assert "1 of 2" in said
    assert row.select_one("a")["href"] == reverse("article", args=[capture.document_id]), (
        "the main link first"
    )
    [claim] = page_of(as_("reader"), show="claims").select("[data-row]")
    path = reverse("statement", args=[capture.document_id, ferry.pk])
    assert claim.select_one("a")["href"] == f"{path}#claim"
    assert "with the article" in claim.get_text()


def test_what_is_reviewed_waits_no_longer(as_: As, three: dict[str, Statement]):
    three["Pier"].decide(account("editor", "e"), "weak")
    reader = as_("reader")
    assert titles(page_of(reader)) == ["Prices", "Bridge"]
    assert titles(page_of(reader, show="claims")) == [PRICES, BRIDGE]
    assert titles(page_of(reader, state="weak")) == ["Pier"]
    assert titles(page_of(reader, show="claims", state="weak")) == [PIER]
    assert titles(page_of(reader, state="accepted")) == []
    assert len(titles(page_of(reader, state="any"))) == 3


def test_deleted_withdrawn_and_tray_are_not_at_the_desk(as_: As, three: dict[str, Statement]):
    editor = account("editor", "e")
    three["Pier"].discard(editor)
    three["Bridge"].capture.document.withdraw(editor)
    for who in ("reader", "editor"):
        assert titles(page_of(as_(who), state="any", show="claims")) == [PRICES]
    assert titles(page_of(as_("reader"), state="any")) == ["Prices", "Pier"]


def test_filters_combine(as_: As, three: dict[str, Statement]):
    reader = as_("reader")
    user = account("reporter", "ruth")
    for title in ("Prices", "Pier"):
        document = three[title].capture.document
        document.desk = "Coast"
        document.save()
        flag(three[title], "warn", "DENIED")
    Assignment.objects.give(three["Pier"], user, user)
    page = page_of(reader)
    here = reverse("desk")

    def shown(at: str) -> list[str]:
        return titles(BeautifulSoup(reader.get(here + at).content, "html.parser"))

    assert shown(link(page, "Desk", "Coast")) == ["Prices", "Pier"]
    assert shown(link(page, "Flag", "Denied")) == ["Prices", "Pier"]
    claims = page_of(reader, show="claims", desk="Coast", flag="DENIED")
    assert titles(claims) == [PRICES, PIER]
    assert shown(link(claims, "Whose", "Nobody")) == [PRICES], "the others stay"
    assert shown(f"?show=claims&who={user.pk}") == [PIER]
    assert shown("?show=claims&who=nobody&flag=NO_LINK") == []
    source = Source.objects.get(name="a guard", within=three["Bridge"].capture.document)
    assert shown(f"?source={source.pk}") == ["Bridge"]
    assert shown(f"?source={source.pk}&desk=Coast") == []
    assert shown("?age=day") == ["Prices", "Pier", "Bridge"]
    assert shown("?age=older") == []
    chips = page_of(reader, desk="Coast", flag="DENIED").select(".narrowed .chip")
    assert ["Coast" in chip.get_text() for chip in chips].count(True) == 1
    assert shown(chips[0].a["href"]) == ["Prices", "Pier"]


@pytest.mark.parametrize(
    "bad",
    [
        {"who": "x"},
        {"who": "9" * 30},
        {"state": "odd"},
        {"flag": "ODD"},
        {"source": "x"},
        {"age": "odd"},
        {"page": "-1"},
        {"page": "9" * 30},
        {"show": "odd"},
        {"desk": "No\0where"},
    ],
)
def test_what_the_address_can_t_mean(as_: As, three: dict[str, Statement], bad: dict[str, str]):
    page_of(as_("reader"), **bad)


def test_a_source_is_found_by_its_name(as_: As, ferry: Statement):
    reader = as_("reader")
    answer = reader.get(reverse("desk"), {"name": "the evening lamp", "show": "claims"})
    source = Source.objects.get(name="Evening Lamp")
    assert answer.headers["Location"] == f"{reverse('desk')}?show=claims&who=everybody&source={source.pk}"
    answer = reader.get(reverse("desk"), {"name": "Nobody of that name"}, follow=True)
    assert "No source here goes by “Nobody of that name”." in answer.content.decode()


def test_it_opens_on_what_is_mine(as_: As, three: dict[str, Statement]):
    reporter = as_("reporter")
    me = account("editor", "boss")
    page = page_of(reporter)
    assert page.h1.get_text() == "Desk"
    user = Assignment.objects.give(three["Pier"], type(me).objects.get(username="reporter"), me).to
    mine = page_of(reporter)
    assert mine.h1.get_text() == "My desk"
    assert titles(mine) == [PIER], "a claim is all that I have, so claims are shown"
    Assignment.objects.give(three["Bridge"].capture.document, user, me)
    assert titles(page_of(reporter)) == ["Bridge"]
    assert len(titles(page_of(reporter, who="everybody"))) == 3
    assert set(titles(page_of(reporter, who="mine", show="claims"))) == {BRIDGE, PIER}
    assert titles(page_of(as_("reader"))) == ["Prices", "Pier", "Bridge"]


def test_pages(as_: As, monkeypatch: pytest.MonkeyPatch, three: dict[str, Statement]):
    from claims.views import desk

    monkeypatch.setattr(desk, "A_PAGE", 2)
    reader = as_("reader")
    page = page_of(reader)
    assert titles(page) == ["Prices", "Pier"]
    further = page.select_one(".pages a")["href"]
    page = BeautifulSoup(reader.get(reverse("desk") + further).content, "html.parser")
    assert titles(page) == ["Bridge"]
    assert [a.get_text() for a in page.select(".pages a")] == ["‹ Before"]


@pytest.mark.parametrize("show", ["articles", "claims"])
def test_questions_don_t_grow_with_the_rows(as_: As, django_assert_max_num_queries: Any, show: str):
    reader = as_("reader")

    def one_more(number: int) -> None:
        made = article(f"Part {number}. {TIMETABLE}, a clerk said.", title=f"Part {number}")
        statement(made, TIMETABLE, [SPOKESMAN, OFFICIAL])
        person = account("reporter", f"r{number}")
        Assignment.objects.give(made.document, person, person, timezone.now())

    one_more(0)
    with django_assert_max_num_queries(20) as few:
        page_of(reader, show=show, who="everybody")
    for number in range(1, 6):
        one_more(number)
    with django_assert_max_num_queries(len(few)):
        assert len(titles(page_of(reader, show=show, who="everybody"))) == 6
