"""What others did while somebody was away: kept until they say that they have seen it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pghistory
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Assignment, Member, Statement
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, TIMETABLE, account, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def ed() -> User:
    return account("editor", "ed")


def told(client: Client) -> list[str]:
    page = BeautifulSoup(client.get(reverse("away")).content, "html.parser")
    return [" ".join(line.get_text(" ").split()) for line in page.select("#away li")]


def decide(claim: Statement, by: User, decision: str) -> None:
    with pghistory.context(user=by.pk):
        claim.decide(by, decision)


def test_what_others_did_on_what_is_mine_or_i_reviewed(as_: As, capture: Capture, ed: User):
    reporter = as_("reporter")
    me = User.objects.get(username="reporter")
    ferry, timetable, fares = (statement(capture, words) for words in (FERRY, TIMETABLE, FARES))
    decide(ferry, me, "weak")
    assert told(reporter) == [], "my own deeds are no news"
    decide(fares, ed, "rejected")
    assert told(reporter) == [], "that claim is nothing of mine"
    decide(ferry, ed, "accepted")
    [line] = told(reporter)
    assert line.startswith("ed ")
    assert FERRY in line
    with pghistory.context(user=ed.pk):
        Assignment.objects.give(timetable, me, ed)
    assert any("gave it to" in line and TIMETABLE in line for line in told(reporter))


def test_an_article_that_was_given_to_me_is_news(as_: As, capture: Capture, ed: User):
    reporter = as_("reporter")
    with pghistory.context(user=ed.pk):
        Assignment.objects.give(capture.document, User.objects.get(username="reporter"), ed)
    [line] = told(reporter)
    assert line.startswith("ed gave it to")
    assert capture.document.title in line


def test_looking_loses_nothing_and_saying_so_does(as_: As, ferry: Statement, ed: User):
    reporter = as_("reporter")
    decide(ferry, User.objects.get(username="reporter"), "weak")
    decide(ferry, ed, "accepted")
    assert len(told(reporter)) == len(told(reporter)) == 1
    reporter.get(reverse("desk"))
    assert len(told(reporter)) == 1
    page = BeautifulSoup(reporter.get(reverse("away")).content, "html.parser")
    field = page.select_one("#away input[name=until]")
    assert field is not None
    answer = reporter.post(reverse("away-seen"), {"until": field["value"]})
    assert answer.status_code == 303
    # The test is one transaction, whose time the history tells; a later one is a later time.
    assert told(reporter) == []
    member = Member.objects.get(user__username="reporter")
    before = member.desk_seen_at
    reporter.post(reverse("away-seen"), {"until": "2001-01-01T00:00:00+00:00"})
    member.refresh_from_db()
    assert member.desk_seen_at == before, "an old page takes nothing back"


@pytest.mark.parametrize("until", ["", "x", "2030-01-01", "2030-13-45T00:00:00+00:00", "2030-01-01T00:00:00"])
def test_a_moment_that_is_none(as_: As, until: str):
    assert as_("reader").post(reverse("away-seen"), {"until": until}).status_code == 303
    assert Member.objects.get(user__username="reader").desk_seen_at is None


def test_nobody_has_seen_what_is_still_to_come(as_: As):
    as_("reader").post(reverse("away-seen"), {"until": "2099-01-01T00:00:00+00:00"})
    seen = Member.objects.get(user__username="reader").desk_seen_at
    assert seen is not None
    assert seen - timezone.now() < timedelta(minutes=1)


def test_who_may(as_: As, client: Client):
    assert client.get(reverse("away")).status_code == 302
    assert as_(None).get(reverse("away")).status_code == 403
    assert as_("reader").get(reverse("away-seen")).status_code == 405
    part: Any = as_("reader", htmx=True).get(reverse("away"))
    assert b"<html" not in part.content
    assert "Nothing happened on what is yours" in part.content.decode()
