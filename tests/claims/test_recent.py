"""What can be taken back next, by its button; and what others did since."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Annotation, Statement
from claims.recent import deeds_since
from sources.models import Document
from tests.claims.conftest import As
from tests.factories import FARES, account, article, statement

# Each request is a transaction of its own, as in life: what is newest goes by their times.
pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client, s: Statement, **headers: str) -> Any:
    answer = client.get(reverse("statement", args=[s.capture.document_id, s.pk]))
    return BeautifulSoup(answer.content, "html.parser")


def decide(client: Client, s: Statement, decision: str) -> None:
    data = {"decision": decision, "version": Statement.objects.get(pk=s.pk).version}
    assert client.post(reverse("statement-verdict", args=[s.pk]), data).status_code == 303


def button(soup: Any) -> Any:
    """The button of the key, which there is at most one of."""
    found = soup.select("[data-key=u]")
    assert len(found) <= 1
    return found[0] if found else None


def press(client: Client, soup: Any) -> Any:
    form = button(soup).find_parent("form")
    data = {field["name"]: field["value"] for field in form.select("input")}
    return client.post(form["action"], data)


def test_the_button_takes_back_one_deed_after_the_other(as_: As, ferry: Statement):
    editor, other = as_("editor"), as_("admin")
    assert button(page(editor, ferry)) is None
    decide(editor, ferry, "weak")
    decide(editor, ferry, "accepted")
    assert button(page(other, ferry)) is None, "it takes back one's own"
    assert button(page(editor, ferry)).get_text(" ", strip=True) == "Undo u"
    assert button(page(editor, ferry))["title"] == "Undo: Accepted"
    answer = press(editor, page(editor, ferry))
    assert answer.status_code == 303
    assert button(page(editor, ferry))["title"] == "Undo: Weak"
    press(editor, page(editor, ferry))
    assert button(page(editor, ferry)) is None
    assert Statement.objects.get(pk=ferry.pk).state == "unreviewed"


def test_what_somebody_else_took_back_is_offered_no_more(as_: As, ferry: Statement):
    decide(as_("editor"), ferry, "weak")
    history = BeautifulSoup(
        as_("admin", htmx=True).get(f"/statements/{ferry.pk}/history/").content, "html.parser"
    )
    form = history.select_one("form")
    assert form
    assert as_("admin").post(str(form["action"])).status_code == 303
    assert button(page(as_("editor"), ferry)) is None


def test_where_nothing_was_done_on_a_claim_the_newest_of_the_article_is_offered(as_: As, ferry: Statement):
    editor, fares = as_("editor"), statement(ferry.capture, FARES)
    decide(editor, ferry, "weak")
    assert button(page(editor, fares))["title"] == "Undo: Weak, elsewhere in this article"
    answer = press(editor, page(editor, fares))
    assert answer["Location"] == reverse("statement", args=[ferry.capture.document_id, ferry.pk])
    assert Statement.objects.get(pk=ferry.pk).state == "unreviewed"
    # Not that of another article.
    decide(editor, ferry, "weak")
    elsewhere = statement(
        article("The lamp is out.\n\nIt is dark, a warden said.", title="Dark"), "It is dark"
    )
    assert button(page(editor, elsewhere)) is None


def test_a_deletion_is_taken_back_from_the_page_of_the_article(as_: As, ferry: Statement):
    editor = as_("editor")
    answer = editor.post(reverse("statement-delete", args=[ferry.pk]), {"version": ferry.version})
    soup = BeautifulSoup(editor.get(answer["Location"]).content, "html.parser")
    assert button(soup)["title"] == "Undo: Deleted this claim"
    assert press(editor, soup).status_code == 303
    now = Statement.objects.get(pk=ferry.pk)
    assert (now.deleted_at, now.edited_by) == (None, None)


def test_details_are_taken_back_from_the_page_of_the_article(as_: As, ferry: Statement):
    document, editor = ferry.capture.document, as_("editor")
    editor.post(
        reverse("article-details", args=[document.pk]),
        {"title": "No ferry", "publisher": "Island Post", "version": document.version},
    )
    soup = BeautifulSoup(editor.get(reverse("article", args=[document.pk])).content, "html.parser")
    assert button(soup)["title"].startswith("Undo: Changed the title from “Ferry to stop in winter” to")
    press(editor, soup)
    assert Document.objects.get(pk=document.pk).title == document.title


def test_readers_have_no_such_button(as_: As, ferry: Statement):
    decide(as_("editor"), ferry, "weak")
    assert button(page(as_("reader"), ferry)) is None


# The history


def test_the_history_offers_each_what_they_may_take_back(as_: As, ferry: Statement):
    decide(as_("editor"), ferry, "weak")
    amend = {"wording": "No ferry", "start": ferry.start, "end": ferry.end, "stance": "says", "version": 2}
    as_("reporter").post(reverse("statement-amend", args=[ferry.pk]), amend)
    offered = {role: buttons(as_(role, htmx=True), ferry) for role in ("editor", "reporter", "reader")}
    weak, reworded = "Undo: editor called it weak", "Undo: reporter reworded it from"
    assert [b[: len(reworded)] for b in offered["editor"]] == [reworded, weak]
    assert [b[: len(reworded)] for b in offered["reporter"]] == [reworded]
    assert offered["reader"] == []


def test_what_was_taken_back_says_so_and_can_be_done_again(as_: As, ferry: Statement):
    editor = as_("editor", htmx=True)
    decide(as_("editor"), ferry, "weak")
    answer = press_first(editor, ferry)
    assert BeautifulSoup(answer.content, "html.parser").select("#claim details.history[open]")
    said = history_of(editor, ferry)
    assert "editor took back: called it weak" in said[0]
    assert "editor called it weak (taken back)" in said[1]
    assert buttons(editor, ferry) == ["Redo: editor took back: called it weak"]
    press_first(editor, ferry)
    assert Statement.objects.get(pk=ferry.pk).state == "weak"
    assert "editor did again: called it weak" in history_of(editor, ferry)[0]
    assert buttons(editor, ferry) == ["Undo: editor called it weak"]


def test_a_private_note_is_in_nobody_else_s_history(as_: As, ferry: Statement):
    as_("editor")
    ada = account("editor", "ada")
    note = Annotation.objects.write(ada, "She is my neighbour.", ferry.capture, statement=ferry)
    Annotation.objects.filter(pk=note.pk).update(private=True)
    assert "neighbour" not in " ".join(history_of(as_("editor", htmx=True), ferry))
    own = Client(headers={"HX-Request": "true"})
    own.force_login(ada)
    assert "neighbour" in " ".join(history_of(own, ferry))


def fragment(client: Client, s: Statement) -> Any:
    answer = client.get(reverse("statement-history", args=[s.pk]))
    return BeautifulSoup(answer.content, "html.parser")


def history_of(client: Client, s: Statement) -> list[str]:
    return [each.get_text(" ", strip=True) for each in fragment(client, s).select("li")]


def buttons(client: Client, s: Statement) -> list[str]:
    return [each.get_text("", strip=True) for each in fragment(client, s).select("li button")]


def press_first(client: Client, s: Statement) -> Any:
    form = fragment(client, s).select("li form")[0]
    data = {field["name"]: field["value"] for field in form.select("input")}
    answer = client.post(str(form["action"]), data)
    assert answer.status_code == 200
    return answer


# While you were away


def test_what_others_did_since_is_told_with_where_it_was_done(
    as_: As, ferry: Statement, django_assert_max_num_queries: Any
):
    since = timezone.now()
    editor, ben = as_("editor"), account("reporter", "ben")
    fares = statement(ferry.capture, FARES)
    decide(editor, ferry, "weak")
    decide(editor, fares, "accepted")
    document = ferry.capture.document
    editor.post(
        reverse("article-details", args=[document.pk]),
        {"title": "No ferry", "publisher": "Island Post", "version": document.version},
    )
    note = Annotation.objects.write(account("editor", "ada"), "Mine.", ferry.capture, statement=ferry)
    Annotation.objects.filter(pk=note.pk).update(private=True)
    documents = Document.objects.filter(pk=document.pk)
    with django_assert_max_num_queries(26):
        told = deeds_since(ben, since, documents=documents)
    assert [(t.who, t.what, t.title) for t in told] == [
        ("editor", f"changed the title from “{document.title}” to “No ferry”", "No ferry"),
        ("editor", "accepted it", fares.wording),
        ("editor", "called it weak", ferry.wording),
    ]
    assert told[0].href == reverse("article", args=[document.pk])
    assert told[1].href == reverse("statement", args=[document.pk, fares.pk])
    of_one = deeds_since(ben, since, statements=Statement.objects.filter(pk=ferry.pk))
    assert [t.what for t in of_one] == ["called it weak"]
    assert deeds_since(ben, timezone.now(), documents=documents) == []
    own = User.objects.get(username="editor")
    assert deeds_since(own, since, documents=documents) == []
    assert len(deeds_since(ben, since, documents=documents, most=1)) == 1
    editor.post(reverse("article-withdraw", args=[document.pk]))
    assert deeds_since(ben, since, documents=documents) == []
