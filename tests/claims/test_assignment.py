"""Who has an article or a claim: on its page, by themselves or from an editor."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from claims import history
from claims.models import Assignment, Statement
from sources.models import Capture, Document
from tests.claims.conftest import As
from tests.factories import account, events

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruth() -> User:
    return account("reporter", "ruth")


def said(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(" ".join(part.get_text(" ") for part in page.select(".assigned")).split())


def to(document: Document, **data: Any) -> tuple[str, dict[str, Any]]:
    return reverse("article-assign", args=[document.pk]), {"seen": 0, **data}


def test_a_reporter_takes_an_article_and_finishes_it(as_: As, capture: Capture):
    reporter = as_("reporter")
    document = capture.document
    page = reverse("article", args=[document.pk])
    assert "Assigned to nobody" in said(reporter.get(page))
    answer = reporter.post(*to(document, to="reporter"))
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert "Assigned to you" in said(reporter.get(page))
    assert "Assigned to reporter" in said(as_("reader").get(page))
    answer = reporter.post(
        reverse("article-assign-end", args=[document.pk]),
        {"seen": User.objects.get(username="reporter").pk, "done": "1"},
        follow=True,
    )
    assert "Assigned to nobody" in said(answer)
    [there] = Assignment.objects.all()
    assert (there.done, str(there.ended_by)) == (True, "reporter")


def test_an_editor_gives_it_to_anybody_until_a_time(as_: As, capture: Capture, ruth: User):
    editor = as_("editor")
    answer = editor.post(*to(capture.document, to="RUTH", deadline="2031-05-06T17:30"), follow=True)
    assert "Assigned to ruth until 6 May 17:30 , by you" in said(answer)
    there = Assignment.objects.of(capture.document)
    assert there is not None
    assert timezone.localtime(there.deadline).hour == 17
    assert (there.to, there.by.get_username()) == (ruth, "editor")
    made = events(there)[0]
    assert made.pgh_context.metadata["user"] == User.objects.get(username="editor").pk
    told = [(entry.who, entry.what) for entry in history.of_document(capture.document, ruth)]
    assert ("editor", "gave it to ruth, until 6 May 17:30") in told


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"to": "no-such-person"}, "Nobody here who reviews goes by"),
        ({"to": "reader"}, "Nobody here who reviews goes by"),
        ({"to": ""}, "required"),
        ({"to": "ruth", "deadline": "soon"}, "valid date"),
    ],
)
def test_what_won_t_do_comes_back_as_typed(
    as_: As, capture: Capture, ruth: User, data: dict[str, str], what: str
):
    as_("reader")
    answer = as_("editor").post(*to(capture.document, **data))
    assert answer.status_code == 422
    assert what in said(answer)
    field = BeautifulSoup(answer.content, "html.parser").select_one("#article-assign-to")
    assert field is not None
    assert field["value"] == data["to"]
    assert not Assignment.objects.exists()


def test_who_was_first_has_it_and_the_other_is_told(as_: As, capture: Capture, ruth: User):
    Assignment.objects.give(capture.document, ruth, ruth)
    for role in ("reporter", "editor"):
        answer = as_(role).post(*to(capture.document, to=role))
        assert answer.status_code == 409
        assert "ruth has it meanwhile. Nothing is saved." in said(answer)
    assert f'name="seen" value="{ruth.pk}"' in answer.content.decode(), "the editor can save on top"
    assert Assignment.objects.of(capture.document).to == ruth  # type: ignore[union-attr]
    assert as_("editor").post(*to(capture.document, to="editor", seen=ruth.pk)).status_code == 303


def test_a_reporter_gives_nothing_to_others_and_takes_nothing_away(as_: As, capture: Capture, ruth: User):
    reporter = as_("reporter")
    assert reporter.post(*to(capture.document, to="ruth")).status_code == 403
    Assignment.objects.give(capture.document, ruth, ruth)
    assert reporter.post(*to(capture.document, to="reporter", seen=ruth.pk)).status_code == 403
    end = reverse("article-assign-end", args=[capture.document_id])
    assert reporter.post(end, {"seen": ruth.pk, "done": "1"}).status_code == 403
    assert reporter.post(end, {"seen": "x"}).status_code == 403
    assert as_("editor").post(end, {"seen": ruth.pk}).status_code == 303
    assert not Assignment.objects.open().exists()
    assert Assignment.objects.get().done is False


def test_giving_back_what_is_given_back_already_is_told(as_: As, capture: Capture):
    answer = as_("editor").post(reverse("article-assign-end", args=[capture.document_id]), {"seen": 0})
    assert answer.status_code == 303
    page = as_("editor").get(reverse("article", args=[capture.document_id]))
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["article-assign", "article-assign-end"])
def test_who_may_not(as_: As, client: Any, capture: Capture, name: str):
    at = reverse(name, args=[capture.document_id])
    assert client.post(at).status_code == 302
    assert as_("reader").post(at).status_code == 403
    assert as_(None).post(at).status_code == 403
    assert as_("reporter").get(at).status_code == 405
    assert as_("reporter").post(reverse(name, args=[0])).status_code == 404
    capture.document.withdraw(account("editor", "w"))
    assert as_("reporter").post(at, {"to": "reporter", "seen": 0}).status_code == 404


@pytest.mark.parametrize("name", ["statement-assign", "statement-assign-end"])
def test_who_may_not_on_a_claim(as_: As, ferry: Statement, name: str):
    at = reverse(name, args=[ferry.pk])
    assert as_("reader").post(at).status_code == 403
    assert as_("reporter").get(at).status_code == 405
    assert as_("reporter").post(reverse(name, args=[0])).status_code == 404


def test_a_single_claim_is_given_in_its_panel(as_: As, ferry: Statement, ruth: User):
    editor = as_("editor", htmx=True)
    at = reverse("statement-assign", args=[ferry.pk])
    answer = editor.post(at, {"to": "ruth", "seen": 0})
    assert answer.status_code == 200
    assert "Assigned to ruth , by you" in said(answer)
    assert b"<html" not in answer.content
    assert editor.post(at, {"to": "editor", "seen": 0}).status_code == 409
    assert editor.post(at, {"to": "?", "seen": 0}).status_code == 422
    end = reverse("statement-assign-end", args=[ferry.pk])
    assert editor.post(end, {"seen": 0}).status_code == 409
    assert "Assigned to nobody" in said(editor.post(end, {"seen": ruth.pk}))


def test_people_are_offered_by_name(as_: As, ruth: User):
    at = reverse("people-options")
    as_("reader")
    offered = as_("reporter").get(at, {"to": "R"}).content.decode()
    assert "ruth" in offered
    assert "reader" not in offered, "a reader reviews nothing"
    assert as_("reader").get(at).status_code == 403
    User.objects.filter(pk=ruth.pk).update(is_active=False)
    assert "ruth" not in as_("reporter").get(at).content.decode()


def test_an_article_is_labelled_with_a_desk(as_: As, capture: Capture):
    details = reverse("article-details", args=[capture.document_id])
    said_of = {"title": "Ferry", "desk": " Coast   desk ", "version": capture.document.version}
    assert as_("reporter").post(details, said_of).status_code == 303
    assert Document.objects.get().desk == "Coast desk"
    again = said_of | {"desk": "COAST DESK", "version": Document.objects.get().version}
    as_("reporter").post(details, again)
    assert Document.objects.get().desk == "Coast desk", "as the others spell it"
    assert "Coast desk" in as_("reader").get(reverse("desk-options")).content.decode()
    assert as_(None).get(reverse("desk-options")).status_code == 403
