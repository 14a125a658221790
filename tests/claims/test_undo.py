"""Undo: what was done and taken back leaves the page as it was; what changed since is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pghistory
import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from pghistory.models import Context

from claims import history
from claims.models import Annotation, Assignment, Flag, Hop, Member, Statement, Verdict
from claims.undo import Refused, take_back
from sources.models import Capture, Document
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, account, names, statement

pytestmark = pytest.mark.django_db

WIRE = ("Coast Wire", "agency", "named")


@pytest.fixture
def ferry(capture: Capture) -> Statement:
    return statement(capture, FERRY, [LAMP, WIRE, OFFICIAL])


@pytest.fixture
def other() -> Client:
    """Another editor, Ben."""
    client = Client()
    client.force_login(account("editor", "ben"))
    return client


def post(client: Client, route: str, *ids: object, **said: object) -> Any:
    return client.post(reverse(route, args=ids), said)


def doing(do: Callable[[], Any]) -> str:
    """The context of what this does."""
    before = set(Context.objects.values_list("pk", flat=True))
    answer = do()
    assert answer.status_code < 400, answer.content.decode()
    (made,) = set(Context.objects.values_list("pk", flat=True)) - before
    return str(made)


def undo(client: Client, context: str, **said: object) -> Any:
    return post(client, "deed-undo", context, **said)


def page(client: Client, s: Statement) -> str:
    """The page of the claim as a person reads it: without the history, tokens and versions."""
    s = Statement.objects.get(pk=s.pk)
    answer = client.get(reverse("statement", args=[s.capture.document_id, s.pk]))
    if answer.status_code == 404:
        answer = client.get(reverse("article", args=[s.capture.document_id]))
    soup = BeautifulSoup(answer.content, "html.parser")
    for part in soup.select(
        ".history, .undo, input[name=csrfmiddlewaretoken], input[name=version], .messages"
    ):
        part.decompose()
    for part in soup.select("[data-seen]"):
        del part["data-seen"]
    # The oldest transaction of the whole server, whoever runs it.
    for part in soup.select("[data-seen-until]"):
        del part["data-seen-until"]
    return " ".join(str(soup.select_one("main")).split())


def hop(s: Statement, name: str) -> Hop:
    return s.hops.standing().get(source__name=name)


def flag(s: Statement, code: str = "SINGLE_ANON") -> Flag:
    return s.flags.get(code=code)


def hop_fields(s: Statement, of: str, **said: object) -> dict[str, object]:
    source = hop(s, of).source
    fields = {"name": source.name, "kind": source.kind, "naming": hop(s, of).naming, "version": s.version}
    return fields | said


# What changes no row of the claim itself.
ELSEWHERE = ("flag", "confirmed", "dismissed", "waived", "details", "withdrawn", "source")

Deed = Callable[[Client, Statement], Any]
DEEDS: dict[str, Deed] = {
    "verdict": lambda c, s: post(
        c, "statement-verdict", s.pk, decision="weak", reason="one origin", version=s.version
    ),
    "wording": lambda c, s: post(
        c,
        "statement-amend",
        s.pk,
        wording="No ferry",
        start=s.start,
        end=s.end,
        stance="says",
        version=s.version,
    ),
    "bounds": lambda c, s: post(
        c,
        "statement-amend",
        s.pk,
        wording="",
        start=s.start,
        end=s.start + 16,
        stance="says",
        version=s.version,
    ),
    "stance": lambda c, s: post(
        c,
        "statement-amend",
        s.pk,
        wording=s.wording,
        start=s.start,
        end=s.end,
        stance="denies",
        version=s.version,
    ),
    "deletion": lambda c, s: post(c, "statement-delete", s.pk, version=s.version),
    "flag": lambda c, s: post(c, "flag-add", s.pk, code="OTHER", why="odd", severity="warn"),
    "confirmed": lambda c, s: post(c, "flag-confirm", flag(s).pk),
    "dismissed": lambda c, s: post(c, "flag-dismiss", flag(s).pk, reason="we know her"),
    "waived": lambda c, s: post(c, "flag-waive", flag(s).pk, reason="for today"),
    "hop added": lambda c, s: post(
        c,
        "hop-add",
        s.pk,
        name="Bo Quay",
        kind="person",
        naming="named",
        where=hop(s, "Coast Wire").pk,
        version=s.version,
    ),
    "chain added": lambda c, s: post(
        c, "hop-add", s.pk, name="Bo Quay", kind="person", naming="named", where="chain", version=s.version
    ),
    "hop replaced": lambda c, s: post(
        c,
        "hop-amend",
        s.pk,
        hop(s, "a port official").pk,
        **hop_fields(s, "a port official", name="Bo Quay", naming="named"),
    ),
    "source corrected at a hop": lambda c, s: post(
        c, "hop-amend", s.pk, hop(s, "Coast Wire").pk, **hop_fields(s, "Coast Wire", kind="outlet")
    ),
    "hop removed": lambda c, s: post(c, "hop-remove", s.pk, hop(s, "Coast Wire").pk, version=s.version),
    "hop moved": lambda c, s: post(
        c, "hop-move", s.pk, hop(s, "a port official").pk, to="reader", version=s.version
    ),
    "joined": lambda c, s: post(
        c, "claim-join", statement=[s.pk, Statement.objects.get(exact=FARES).pk], wording="Ferry"
    ),
    "details": lambda c, s: post(
        c,
        "article-details",
        s.capture.document_id,
        title="Ferry stops",
        publisher="Island Gazette",
        byline="Al",
        version=s.capture.document.version,
    ),
    "withdrawn": lambda c, s: post(c, "article-withdraw", s.capture.document_id),
    "source": lambda c, s: post(
        c, "source-amend", hop(s, "Coast Wire").source_id, name="The Coast Wire", kind="outlet", alias="CW"
    ),
}


@pytest.mark.parametrize("what", DEEDS)
def test_a_deed_that_is_taken_back_leaves_the_page_as_it_was(as_: As, ferry: Statement, what: str):
    editor = as_("editor")
    if what == "joined":
        statement(ferry.capture, FARES)
    before, version = page(editor, ferry), ferry.version
    deed = doing(lambda: DEEDS[what](editor, ferry))
    done = page(editor, ferry)
    assert done != before
    taken_back = doing(lambda: undo(editor, deed))
    assert page(editor, ferry) == before
    now = Statement.objects.get(pk=ferry.pk)
    assert (now.version > version) == (what not in ELSEWHERE)
    # Taking back the taking back does it again.
    doing(lambda: undo(editor, taken_back))
    assert page(editor, ferry) == done
    # And so on.
    doing(lambda: undo(editor, deed))
    assert page(editor, ferry) == before


def amend(client: Client, s: Statement, wording: str) -> Any:
    said = {"wording": wording, "start": s.start, "end": s.end, "stance": s.stance}
    return post(client, "statement-amend", s.pk, version=Statement.objects.get(pk=s.pk).version, **said)


def decide(client: Client, s: Statement, decision: str) -> Any:
    version = Statement.objects.get(pk=s.pk).version
    return post(client, "statement-verdict", s.pk, decision=decision, version=version)


def refusal(answer: Any) -> str:
    assert answer.status_code == 409
    return BeautifulSoup(answer.content, "html.parser").select("#claim .error")[0].get_text(strip=True)


def test_what_somebody_else_changed_since_is_told_and_stays(as_: As, ferry: Statement, other: Client):
    deed = doing(lambda: amend(as_("editor"), ferry, "No ferry"))
    assert amend(other, ferry, "No boat").status_code == 303
    answer = undo(as_("editor"), deed, statement=ferry.pk)
    assert refusal(answer) == "ben reworded it from “No ferry” to “No boat” since; look at it first."
    assert Statement.objects.get(pk=ferry.pk).wording == "No boat"


def test_a_newer_verdict_is_in_the_way_and_one_s_own_is_to_be_taken_back_first(
    as_: As, ferry: Statement, other: Client
):
    deed = doing(lambda: decide(as_("editor"), ferry, "weak"))
    decide(other, ferry, "weak")
    assert "ben called it weak since" in refusal(undo(as_("editor"), deed, statement=ferry.pk))
    assert "You called it weak since; take that back first." in refusal(undo(other, deed, statement=ferry.pk))
    assert ferry.verdicts.count() == 2


def test_what_somebody_else_did_beside_it_stays(as_: As, ferry: Statement, other: Client):
    deed = doing(lambda: decide(as_("editor"), ferry, "accepted"))
    amend(other, ferry, "No ferry")
    doing(lambda: undo(as_("editor"), deed))
    now = Statement.objects.get(pk=ferry.pk)
    assert (now.state, now.wording, str(now.edited_by)) == ("unreviewed", "No ferry", "ben")
    assert not ferry.verdicts.exists()


def test_a_chain_in_another_order_by_now_is_in_the_way(as_: As, ferry: Statement, other: Client):
    deed = doing(lambda: DEEDS["hop removed"](as_("editor"), ferry))
    ferry.refresh_from_db()
    DEEDS["hop moved"](other, ferry)
    assert "ben changed the chain since" in refusal(undo(as_("editor"), deed, statement=ferry.pk))
    assert names(ferry) == [["a port official", "Evening Lamp"]]


def test_a_flag_that_was_decided_since_is_in_the_way(as_: As, ferry: Statement, other: Client):
    deed = doing(lambda: DEEDS["flag"](as_("editor"), ferry))
    post(other, "flag-confirm", flag(ferry, "OTHER").pk)
    assert "ben confirmed “Another weakness” since" in refusal(undo(as_("editor"), deed, statement=ferry.pk))


def test_the_second_of_two_who_take_the_same_back_is_told(as_: As, ferry: Statement, other: Client):
    deed = doing(lambda: decide(as_("editor"), ferry, "accepted"))
    doing(lambda: undo(other, deed))
    assert refusal(undo(as_("editor"), deed, statement=ferry.pk)) == "ben took this back already."


def test_an_editor_takes_back_anybody_s_and_a_reporter_their_own(as_: As, ferry: Statement):
    theirs = doing(lambda: amend(as_("editor"), ferry, "No ferry"))
    assert undo(as_("reporter"), theirs).status_code == 403
    doing(lambda: undo(as_("editor"), theirs))
    mine = doing(lambda: amend(as_("reporter"), ferry, "No boat"))
    doing(lambda: undo(as_("reporter"), mine))
    again = doing(lambda: amend(as_("reporter"), ferry, "No boat"))
    doing(lambda: undo(as_("editor"), again))
    assert Statement.objects.get(pk=ferry.pk).wording == FERRY


def test_who_is_an_editor_no_longer_keeps_what_an_editor_did(as_: As, ferry: Statement):
    editor = as_("editor")
    deed = doing(lambda: decide(editor, ferry, "accepted"))
    Member.objects.filter(user__username="editor").update(role="reporter")
    assert undo(editor, deed).status_code == 403
    assert ferry.verdicts.exists()


def test_strangers_readers_and_what_is_not_there(as_: As, ferry: Statement):
    deed = doing(lambda: decide(as_("editor"), ferry, "accepted"))
    assert undo(Client(), deed).status_code == 302
    assert undo(as_(None), deed).status_code == 403
    assert undo(as_("reader"), deed).status_code == 403
    assert as_("editor").get(reverse("deed-undo", args=[deed])).status_code == 405
    assert undo(as_("editor"), "00000000-0000-4000-8000-000000000000").status_code == 404
    assert ferry.verdicts.exists()


def test_a_deed_on_a_withdrawn_article_is_not_there_for_a_reporter(as_: As, ferry: Statement):
    deed = doing(lambda: amend(as_("reporter"), ferry, "No ferry"))
    post(as_("editor"), "article-withdraw", ferry.capture.document_id)
    assert undo(as_("reporter"), deed).status_code == 404
    assert Statement.objects.get(pk=ferry.pk).wording == "No ferry"


def test_a_claim_that_is_taken_back_is_deleted_and_can_come_again(as_: As, capture: Capture):
    reporter = as_("reporter")
    deed = doing(lambda: post(reporter, "statement-add", capture.pk, words=FARES))
    made = Statement.objects.get(exact=FARES)
    taken_back = doing(lambda: undo(reporter, deed, statement=made.pk))
    assert Statement.objects.get(pk=made.pk).deleted_at
    doing(lambda: undo(reporter, taken_back))
    assert Statement.objects.get(pk=made.pk).deleted_at is None


def test_a_note_is_no_deed_to_take_back(as_: As, ferry: Statement):
    deed = doing(lambda: post(as_("editor"), "note-add", ferry.pk, body="Which desk?"))
    assert "can’t be taken back" in refusal(undo(as_("editor"), deed, statement=ferry.pk))
    assert Annotation.objects.filter(body="Which desk?").exists()


def test_one_undo_for_what_was_done_to_many_at_once(ferry: Statement):
    fares, ada = statement(ferry.capture, FARES), account("editor", "ada")
    with pghistory.context(user=ada.pk) as context:
        for each in (ferry, fares):
            each.decide(ada, "needs_source")
    taken = take_back(context.id, ada)
    assert taken.statements == sorted([ferry.pk, fares.pk])
    assert not Verdict.objects.exists()
    assert set(Statement.objects.values_list("state", flat=True)) == {"unreviewed"}


def test_of_many_at_once_nothing_is_written_when_one_was_changed_since(ferry: Statement):
    fares, ada, ben = statement(ferry.capture, FARES), account("editor", "ada"), account("editor", "ben")
    with pghistory.context(user=ada.pk) as context:
        for each in (ferry, fares):
            each.decide(ada, "needs_source")
    with pghistory.context(user=ben.pk):
        fares.decide(ben, "accepted")
    with pytest.raises(Refused, match="ben accepted it since"):
        take_back(context.id, ada)
    assert Verdict.objects.count() == 3


def test_giving_to_a_person_is_taken_back(ferry: Statement):
    document, ada, ben = ferry.capture.document, account("editor", "ada"), account("reporter", "ben")
    with pghistory.context(user=ada.pk) as given:
        Assignment.objects.give(ferry, ben, ada)
        Assignment.objects.give(document, ben, ada)
    with pghistory.context(user=ada.pk) as given_on:
        Assignment.objects.give(document, ada, ada)
    with pytest.raises(Refused, match="You gave it to ada since; take that back first"):
        take_back(given.id, ada)
    take_back(given_on.id, ada)
    assert Assignment.objects.get(document=document).to == ben
    taken = take_back(given.id, ada)
    assert (taken.statements, taken.documents) == ([ferry.pk], [document.pk])
    assert not Assignment.objects.exists()


def entries(client: Client, address: str) -> list[Any]:
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    return soup.select(".history li")


def press(client: Client, entry: Any) -> Any:
    form = entry.select_one("form")
    answer = client.post(form["action"], {f["name"]: f["value"] for f in form.select("input")})
    assert answer.status_code == 303
    return answer


def test_an_article_s_history_takes_its_details_back(as_: As, ferry: Statement):
    editor, address = as_("editor"), reverse("article", args=[ferry.capture.document_id])
    doing(lambda: DEEDS["details"](editor, ferry))
    closed = BeautifulSoup(editor.get(address).content, "html.parser").select(".below .history a")
    page = f"{address}?open=history#article-history"
    assert closed[0]["href"] == page
    (made_known,) = [e for e in entries(editor, page) if "changed the title" in e.get_text()]
    assert "set the publisher to Island Gazette and set the byline to Al" in made_known.get_text()
    answer = press(editor, made_known)
    assert editor.get(answer["Location"])["Location"] == page
    assert Document.objects.get(pk=ferry.capture.document_id).title == ferry.capture.document.title
    htmx = as_("editor", htmx=True).get(reverse("article-history", args=[ferry.capture.document_id]))
    assert "editor took back: changed the title" in htmx.content.decode()


def test_a_source_s_history_takes_its_name_back(as_: As, ferry: Statement):
    editor, wire = as_("editor"), hop(ferry, "Coast Wire").source
    doing(lambda: DEEDS["source"](editor, ferry))
    address = reverse("source", args=[wire.pk])
    (renamed,) = [e for e in entries(editor, address) if "renamed" in e.get_text()]
    said = " ".join(renamed.get_text().split())
    assert "editor renamed Coast Wire to The Coast Wire and changed the kind of The Coast Wire" in said
    assert "wrote down that The Coast Wire is CW too" in said
    press(editor, renamed)
    wire.refresh_from_db()
    assert (wire.name, wire.kind, wire.goes_by("CW")) == ("Coast Wire", "agency", False)


def test_the_editor_of_the_chain_stays_open(as_: As, ferry: Statement):
    editor = as_("editor", htmx=True)
    doing(lambda: DEEDS["hop removed"](as_("editor"), ferry))
    soup = BeautifulSoup(editor.get(reverse("chain", args=[ferry.pk])).content, "html.parser")
    (button,) = soup.select("[data-key=u]")
    form = button.find_parent("form")
    assert form
    answer = editor.post(str(form["action"]), {str(f["name"]): str(f["value"]) for f in form.select("input")})
    again = BeautifulSoup(answer.content, "html.parser")
    assert again.select("[data-chain-editor]")
    assert "Took back: took Coast Wire out of the chain" in again.get_text()
    assert names(ferry) == [["Evening Lamp", "Coast Wire", "a port official"]]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_back_at_once_one_does(ferry: Statement):
    ada, ben = account("editor", "ada"), account("editor", "ben")
    with pghistory.context(user=ada.pk) as context:
        ferry.decide(ada, "weak")

    def attempt(by: User) -> str:
        try:
            take_back(context.id, by)
        except Refused as problem:
            return str(problem)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(attempt, [ada, ben]))
    assert said.count("done") == 1
    assert any("took this back already." in each for each in said)
    assert not Verdict.objects.exists()


def test_a_long_work_in_several_parts_is_one_undo_and_one_redo(ferry: Statement):
    fares, ada = statement(ferry.capture, FARES), account("editor", "ada")
    parts = []
    for each in (ferry, fares):
        with pghistory.context(user=ada.pk) as part:
            each.decide(ada, "weak")
        parts.append(part.id)
    with pghistory.context(user=ada.pk) as undoing:
        for each in reversed(parts):
            take_back(each, ada)
    assert not Verdict.objects.exists()
    for each in (ferry, fares):
        said = {(entry.what, entry.taken_back) for entry in history.of_statement(each, user=ada)}
        assert {("took back: called it weak", False), ("called it weak", True)} <= said
    take_back(undoing.id, ada)
    assert set(Statement.objects.values_list("state", flat=True)) == {"weak"}
    again = [entry.deed for entry in history.of_statement(fares, user=ada) if entry.deed]
    assert again == [parts[1]], "what stands again can be taken back again"
