"""Notes on a claim, on one of its sources, on chosen words, and replies."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.models import Annotation, Statement
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, LAMP, account, statement

pytestmark = pytest.mark.django_db


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def test_a_reporter_notes_on_a_claim(as_: As, ferry: Statement):
    body = "Which office?\n\nAsk <b>again</b>."
    answer = as_("reporter", htmx=True).post(reverse("note-add", args=[ferry.pk]), {"body": body})
    assert answer.status_code == 200
    note = Annotation.objects.get()
    assert (note.body, note.statement, note.hop, note.author.username) == (body, ferry, None, "reporter")
    shown = soup(answer).select_one(f"#note-{note.pk}")
    assert [p.get_text() for p in shown.select(".body p")] == ["Which office?", "Ask <b>again</b>."]
    assert "reporter" in shown.get_text()


def test_a_note_on_one_of_the_sources(as_: As, ferry: Statement):
    official = ferry.hops.get(source__name="a port official")
    answer = as_("reporter").post(
        reverse("note-add", args=[ferry.pk]), {"body": "Who?", "on": f"hop-{official.pk}"}
    )
    assert answer.status_code == 303
    assert Annotation.objects.get().hop == official
    assert "on a port official" in soup(as_("reader").get(answer["Location"])).select_one(".note").get_text()


def test_a_note_on_chosen_words(as_: As, ferry: Statement):
    data = {"body": "Which one?", "start": ferry.start + 4, "end": ferry.start + 16}
    as_("reporter").post(reverse("note-add", args=[ferry.pk]), data)
    note = Annotation.objects.get()
    assert (note.exact, note.statement) == ("island ferry", ferry)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"body": ""}, "This field is required."),
        ({"body": " \n "}, "This field is required."),
        ({"body": "b" * 20_001}, "at most 20000 characters"),
        ({"start": 0, "end": 100_000}, "Those words are not in this text."),
        ({"on": "hop-99999999"}, "not one of the available choices"),
    ],
)
def test_a_note_that_won_t_do_comes_back(as_: As, ferry: Statement, wrong: dict[str, Any], told: str):
    data = {"body": "A long thought."} | wrong
    answer = as_("reporter", htmx=True).post(reverse("note-add", args=[ferry.pk]), data)
    page = soup(answer)
    assert answer.status_code == 422
    assert told in page.get_text()
    assert page.select_one('#note-details textarea[name="body"]').get_text().strip() == data["body"].strip()
    assert not Annotation.objects.exists()


def test_a_source_of_another_claim_can_t_be_noted_on_here(as_: As, ferry: Statement, capture: Capture):
    other = statement(capture, FARES, [LAMP]).hops.get()
    answer = as_("reporter").post(
        reverse("note-add", args=[ferry.pk]), {"body": "Who?", "on": f"hop-{other.pk}"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("htmx", [True, False])
def test_a_reply_stands_under_its_note(as_: As, ferry: Statement, htmx: bool):
    note = Annotation.objects.write(account("editor"), "Who?", ferry.capture, statement=ferry)
    answer = as_("reporter", htmx=htmx).post(reverse("note-reply", args=[note.pk]), {"body": "The mayor."})
    assert answer.status_code == (200 if htmx else 303)
    reply = note.replies.get()
    assert (reply.body, reply.author.username, reply.statement) == ("The mayor.", "reporter", ferry)
    page = soup(as_("reader").get(reverse("statement", args=[ferry.capture.document_id, ferry.pk])))
    assert [n.select_one(".reply .body").get_text(strip=True) for n in page.select(".note")] == ["The mayor."]


def test_a_reply_to_a_note_on_the_article(as_: As, capture: Capture):
    note = Annotation.objects.write(account("editor"), "Who?", capture, start=0, end=5)
    answer = as_("reporter").post(reverse("note-reply", args=[note.pk]), {"body": "The mayor."})
    assert answer["Location"] == reverse("article", args=[capture.document_id])
    assert "The mayor." in as_("reader").get(answer["Location"]).content.decode()


@pytest.mark.parametrize("on", ["claim", "article"])
def test_an_empty_reply_comes_back_at_its_note(as_: As, ferry: Statement, capture: Capture, on: str):
    mine = ferry if on == "claim" else None
    note = Annotation.objects.write(account("editor"), "Who?", capture, statement=mine)
    answer = as_("reporter").post(reverse("note-reply", args=[note.pk]), {"body": "  "})
    shown = soup(answer).select_one(f"#note-{note.pk}")
    assert answer.status_code == 422
    assert shown.details.has_attr("open")
    assert "This field is required." in shown.get_text()
    assert not note.replies.exists()


def test_a_too_long_reply_is_not_lost(as_: As, ferry: Statement):
    note = Annotation.objects.write(account("editor"), "Who?", ferry.capture, statement=ferry)
    answer = as_("reporter", htmx=True).post(reverse("note-reply", args=[note.pk]), {"body": "y" * 20_001})
    assert answer.status_code == 422
    assert "y" * 20_001 in soup(answer).select_one(f"#note-{note.pk} textarea").get_text()


def test_a_note_on_a_deleted_claim_stays_and_can_t_be_answered(as_: As, ferry: Statement):
    editor = account("editor")
    note = Annotation.objects.write(editor, "Who?", ferry.capture, statement=ferry)
    ferry.discard(editor)
    assert as_("reporter").post(reverse("note-reply", args=[note.pk]), {"body": "x"}).status_code == 404
    assert Annotation.objects.get() == note
