"""Doing one thing to many at the desk: what is done, what is left alone, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims import batches
from claims.models import Assignment, Batch, Flag, Statement
from claims.tasks import carry_out_batch
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, TIMETABLE, account, events, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(capture: Capture) -> list[Statement]:
    """Three claims of an article, each with one open flag of a code, raised by hand."""
    made = [statement(capture, words) for words in (FERRY, TIMETABLE, FARES)]
    Flag.objects.all().delete()
    by = account("editor", "raises")
    for each in made:
        Flag.objects.raise_by_hand(each, by, "OTHER", "It reads oddly.", "warn")
    return [Statement.objects.get(pk=each.pk) for each in made]


def seen(*claims: Statement) -> list[str]:
    return [f"{each.pk}:{each.version}:0" for each in claims]


def ask(client: Client, *claims: Statement, show: str = "claims", **data: Any) -> Any:
    """Ask for a batch, and the page that comes of it."""
    connection.check_constraints()
    posted = {"list": f"show={show}&who=everybody", "choose": seen(*claims), **data}
    return client.post(reverse("batch-add"), posted, follow=True)


def notice(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(" ".join(part.get_text(" ") for part in page.select("#did, .messages")).split())


def states(claims: list[Statement]) -> list[str]:
    return [Statement.objects.get(pk=each.pk).state for each in claims]


def test_a_verdict_on_several_is_one_deed_and_is_taken_back(as_: As, three: list[Statement]):
    editor = as_("editor")
    answer = ask(editor, *three[:2], decision="weak", reason="One origin.")
    assert answer.redirect_chain[0][1] == 303
    assert "2 claims marked “weak”." in notice(answer)
    assert states(three) == ["weak", "weak", "unreviewed"]
    now = [Statement.objects.get(pk=each.pk) for each in three]
    assert [each.version for each in now] == [three[0].version + 1, three[1].version + 1, three[2].version]
    assert now[0].verdicts.get().reason == "One origin."
    contexts = {events(each).latest("pgh_id").pgh_context_id for each in now[:2]}
    assert len(contexts) == 1
    batch = Batch.objects.get()
    assert batch.contexts == [str(context) for context in contexts]
    undo = reverse("batch-undo", args=[batch.pk])
    answer = editor.post(undo, {"list": "show=claims&who=everybody"}, follow=True)
    assert "Taken back." in notice(answer)
    assert states(three) == ["unreviewed"] * 3
    assert "Nothing is taken back: It is taken back already." in notice(editor.post(undo, follow=True))


def test_dismissing_one_flag(as_: As, three: list[Statement]):
    editor = as_("editor")
    other = Flag.objects.raise_by_hand(three[0], account("editor", "x"), "NO_LINK", "None.", "info")
    answer = ask(editor, *three[:2], does="dismiss", code="OTHER", reason="It reads well.")
    assert "“Another weakness” dismissed on 2 claims." in notice(answer)
    assert [f.state for f in Flag.objects.filter(code="OTHER").order_by("pk")] == [
        "dismissed",
        "dismissed",
        "open",
    ]
    other.refresh_from_db()
    assert other.state == "open"
    editor.post(reverse("batch-undo", args=[Batch.objects.get().pk]))
    assert set(Flag.objects.filter(code="OTHER").values_list("state", flat=True)) == {"open"}


def test_giving_several_to_somebody(as_: As, three: list[Statement]):
    ruth = account("reporter", "ruth")
    answer = ask(as_("editor"), *three, does="assign", to=ruth.pk, deadline="2031-05-06T17:30")
    assert "3 claims given to ruth." in notice(answer)
    assert {a.to for a in Assignment.objects.open()} == {ruth}
    as_("editor").post(reverse("batch-undo", args=[Batch.objects.get().pk]))
    assert not Assignment.objects.open().exists()


def test_taking_an_article_from_its_row(as_: As, three: list[Statement]):
    reporter = as_("reporter")
    document = three[0].capture.document
    connection.check_constraints()
    page = BeautifulSoup(reporter.get(reverse("desk")).content, "html.parser")
    button = page.select_one("[data-row] button[name=take]")
    assert button is not None
    assert button["value"] == f"{document.pk}:0:0"
    answer = reporter.post(
        reverse("batch-add"), {"list": "who=everybody", "take": button["value"]}, follow=True
    )
    assert "1 article given to you." in notice(answer)
    assert Assignment.objects.of(document).to.get_username() == "reporter"  # type: ignore[union-attr]


def test_what_changed_meanwhile_is_left_alone_and_named(as_: As, three: list[Statement]):
    choose = seen(*three)
    by = account("editor", "quick")
    three[0].decide(by, "accepted")
    three[1].discard(by)
    posted = {"list": "show=claims&who=everybody", "choose": choose, "decision": "weak", "reason": "So."}
    said = notice(as_("editor").post(reverse("batch-add"), posted, follow=True))
    assert "1 claim marked “weak”." in said
    assert f"{FERRY}: it was changed meanwhile" in said
    assert "it is gone" in said
    assert states(three) == ["accepted", "unreviewed", "weak"]


def test_what_somebody_took_meanwhile_is_left_to_them(as_: As, three: list[Statement]):
    ruth = account("reporter", "ruth")
    Assignment.objects.give(three[0], ruth, ruth)
    said = notice(ask(as_("editor"), *three, does="assign", to=User.objects.get(username="editor").pk))
    assert "2 claims given to you." in said
    assert f"{FERRY}: ruth has it meanwhile." in said


def test_undo_is_refused_when_somebody_changed_one_since(as_: As, three: list[Statement]):
    ask(as_("editor"), *three, decision="weak", reason="So.")
    Statement.objects.get(pk=three[0].pk).decide(account("editor", "later"), "accepted")
    answer = as_("editor").post(reverse("batch-undo", args=[Batch.objects.get().pk]), follow=True)
    assert "Nothing is taken back:" in notice(answer)
    assert states(three) == ["accepted", "weak", "weak"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "required"),
        ({"does": "verdict"}, "Choose a verdict."),
        ({"decision": "odd"}, "valid choice"),
        ({"decision": "weak"}, "Say why"),
        ({"does": "dismiss", "code": "OTHER"}, "Say why you dismiss this flag."),
        ({"does": "assign"}, "Choose whom to give it to."),
        ({"does": "assign", "to": "999999"}, "valid choice"),
        ({"decision": "accepted", "choose": []}, "Nothing was chosen."),
        ({"decision": "accepted", "choose": ["x", "1:2", "1:2:x", "9" * 40 + ":1:1"]}, "Nothing was chosen."),
    ],
)
def test_what_won_t_do(as_: As, three: list[Statement], data: dict[str, Any], said: str):
    assert said in notice(ask(as_("editor"), *three, **data))
    assert not Batch.objects.exists()


def test_who_may_not(as_: As, client: Client, three: list[Statement]):
    add = reverse("batch-add")
    assert client.post(add).status_code == 302
    assert as_("reader").post(add).status_code == 403
    assert as_("reporter").get(add).status_code == 405
    assert ask(as_("reporter"), *three, decision="accepted").status_code == 403
    assert ask(as_("reporter"), *three, does="dismiss", code="OTHER", reason="No.").status_code == 403
    assert ask(as_("editor"), *three, show="articles", decision="accepted").status_code == 403
    said = notice(ask(as_("reporter"), *three, does="assign", to=account("reporter", "ruth").pk))
    assert "0 claims given to ruth." in said
    assert states(three) == ["unreviewed"] * 3
    assert not Assignment.objects.exists()


def test_a_batch_is_its_person_s_own(as_: As, three: list[Statement]):
    ask(as_("editor"), *three, decision="accepted")
    pk = Batch.objects.get().pk
    admin = as_("admin")
    assert admin.get(reverse("batch", args=[pk])).status_code == 404
    assert admin.post(reverse("batch-undo", args=[pk])).status_code == 404
    assert "marked" not in notice(admin.get(reverse("desk"), {"did": pk}))
    assert as_("editor").get(reverse("batch-undo", args=[pk])).status_code == 405


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two are for the worker."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)


def test_many_are_done_by_the_worker(
    as_: As, three: list[Statement], at_once: None, django_capture_on_commit_callbacks: Any
):
    editor = as_("editor")
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(editor, all="1", decision="weak", reason="So.")
    assert "0 claims marked “weak” so far; 0 of 3 looked at." in notice(answer)
    batch = Batch.objects.get()
    assert batch.task_id
    status = as_("editor", htmx=True).get(reverse("batch", args=[batch.pk]))
    assert "HX-Refresh" not in status.headers
    assert states(three) == ["unreviewed"] * 3
    carry_out_batch.call(batch.pk)
    status = as_("editor", htmx=True).get(reverse("batch", args=[batch.pk]))
    assert status.headers["HX-Refresh"] == "true"
    answer = editor.get(reverse("batch", args=[batch.pk]), follow=True)
    assert "3 claims marked “weak”." in notice(answer)
    assert states(three) == ["weak"] * 3
    assert (
        events(three[0]).latest("pgh_id").pgh_context.metadata["user"]
        == User.objects.get(username="editor").pk
    )
    editor.post(reverse("batch-undo", args=[batch.pk]))
    assert states(three) == ["unreviewed"] * 3


def test_a_batch_that_was_broken_off_goes_on_where_it_was(
    as_: As, three: list[Statement], at_once: None, monkeypatch: pytest.MonkeyPatch
):
    ask(as_("editor"), *three, decision="weak", reason="So.")
    batch = Batch.objects.get()

    class Killed(BaseException):
        """As a worker that is stopped."""

    true_do = batches.do
    done: list[int] = []

    def once(*args: Any) -> None:
        if done:
            raise Killed
        done.append(1)
        true_do(*args)

    monkeypatch.setattr(batches, "do", once)
    with pytest.raises(Killed):
        batches.carry_out(batch.pk)
    monkeypatch.setattr(batches, "do", true_do)
    assert sorted(states(three)) == ["unreviewed", "unreviewed", "weak"]
    Batch.objects.update(asked_at="2020-01-01T00:00Z")
    assert batches.take_up_lost() == 1
    carry_out_batch.call(batch.pk)
    assert states(three) == ["weak"] * 3
    as_("editor").post(reverse("batch-undo", args=[batch.pk]))
    assert states(three) == ["unreviewed"] * 3, "what was done before and after is taken back"
    assert all(each.verdicts.count() == 0 for each in three)


def test_a_batch_that_breaks_says_so(as_: As, three: list[Statement], at_once: None, monkeypatch: Any):
    editor = as_("editor")
    ask(editor, *three, decision="accepted")

    def breaks(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(batches, "do", breaks)
    batches.carry_out(Batch.objects.get().pk)
    said = notice(editor.get(reverse("batch", args=[Batch.objects.get().pk]), follow=True))
    assert "Something went wrong" in said
