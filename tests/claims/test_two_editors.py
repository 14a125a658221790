"""Two people change the same claim: the second is told, sees both versions, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims.models import Statement
from tests.factories import FERRY, LAMP, OFFICIAL, account, article, names, statement

# Each request is a transaction of its own, as in life: the history goes by their times.
pytestmark = pytest.mark.django_db(transaction=True)

HOP = {"name": "Bo Quay", "kind": "person", "naming": "named", "cue": "told", "link": "https://bo.example/"}


@pytest.fixture
def ferry(transactional_db: None) -> Statement:
    return statement(article(), FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def ada(transactional_db: None) -> Client:
    """The one who was first."""
    client = Client()
    client.force_login(account("editor", "ada"))
    return client


@pytest.fixture
def ben(transactional_db: None) -> Client:
    """The one who comes second, with the page of before."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(account("editor", "ben"))
    return client


def amend(client: Client, ferry: Statement, version: int, wording: str) -> Any:
    data = {"version": version, "wording": wording, "start": ferry.start, "end": ferry.end}
    return client.post(reverse("statement-amend", args=[ferry.pk]), data)


def resend(client: Client, answer: Any) -> Any:
    """Send what the form under “What you wanted” holds."""
    conflict = answer.context["conflict"]
    return client.post(conflict["action"], dict(conflict["hidden"]))


def hop_path(ferry: Statement, what: str, name: str) -> str:
    return reverse(f"hop-{what}", args=[ferry.pk, ferry.hops.get(source__name=name).pk])


def test_the_second_is_told_who_changed_what_and_sees_both(ferry: Statement, ada: Client, ben: Client):
    assert amend(ada, ferry, 1, "No ferry in January").status_code == 303
    answer = amend(ben, ferry, 1, "Ferry stops in winter")
    text = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "<strong>ada</strong> reworded it" in text
    assert "No ferry in January" in text
    assert "Ferry stops in winter" in text
    ferry.refresh_from_db()
    assert (ferry.wording, ferry.version) == ("No ferry in January", 2)


def test_theirs_and_mine_stand_beside_each_other(ferry: Statement, ada: Client, ben: Client):
    def table(answer: Any) -> list[list[str]]:
        page = BeautifulSoup(answer.content, "html.parser")
        return [[c.get_text() for c in row.select("th, td")] for row in page.select(".conflict tbody tr")]

    amend(ada, ferry, 1, "No ferry in January")
    assert table(amend(ben, ferry, 1, "Ferry stops")) == [["Claim", "No ferry in January", "Ferry stops"]]
    verdict = reverse("statement-verdict", args=[ferry.pk])
    ada.post(verdict, {"decision": "weak", "reason": "thin", "version": 2})
    answer = ben.post(verdict, {"decision": "accepted", "reason": "I rang.", "version": 2})
    assert table(answer) == [["Decision", "weak", "accepted"], ["Reason", "thin", "I rang."]]
    path = hop_path(ferry, "amend", "Evening Lamp")
    ada.post(path, HOP | {"version": 3, "name": "Evening Lamp", "kind": "outlet"})
    rows = table(ben.post(path, HOP | {"version": 3, "cue": "wrote"}))
    assert ["Source", "Evening Lamp", "Bo Quay"] in rows
    assert ["Cue", "told", "wrote"] in rows
    details = {"title": "Ferry stops", "publisher": "Island Post", "version": 1}
    path = reverse("article-details", args=[ferry.capture.document_id])
    ada.post(path, details)
    assert table(ben.post(path, details | {"title": "No ferry"})) == [["Title", "Ferry stops", "No ferry"]]


def test_only_what_came_after_the_second_looked_is_told(ferry: Statement, ada: Client, ben: Client):
    amend(ada, ferry, 1, "No ferry in January")
    amend(ada, ferry, 2, "No ferry in winter")
    answer = amend(ben, ferry, 2, "Ferry stops")
    assert [entry.what for entry in answer.context["conflict"]["entries"]] == [
        "reworded it from “No ferry in January” to “No ferry in winter”"
    ]


def test_sending_again_over_the_new_version_works(ferry: Statement, ada: Client, ben: Client):
    amend(ada, ferry, 1, "No ferry in January")
    answer = resend(ben, amend(ben, ferry, 1, "Ferry stops in winter"))
    assert answer.status_code == 200
    ferry.refresh_from_db()
    assert (ferry.wording, ferry.version) == ("Ferry stops in winter", 3)


def test_without_scripts_it_is_the_whole_page(ferry: Statement, ada: Client, ben: Client):
    amend(ada, ferry, 1, "No ferry in January")
    ben.defaults.pop("HTTP_HX_REQUEST", None)
    ben.headers = {}
    answer = amend(ben, ferry, 1, "Ferry stops in winter")
    assert answer.status_code == 409
    assert "<html" in answer.content.decode()
    assert "Ferry stops in winter" in answer.content.decode()
    assert resend(ben, answer).status_code == 303


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (lambda s: reverse("statement-verdict", args=[s.pk]), {"decision": "weak", "reason": "thin"}),
        (lambda s: reverse("statement-delete", args=[s.pk]), {}),
        (lambda s: reverse("statement-leave", args=[s.pk]), {}),
        (lambda s: reverse("hop-add", args=[s.pk]), HOP | {"where": "reader"}),
        (lambda s: hop_path(s, "amend", "Evening Lamp"), HOP),
        (lambda s: hop_path(s, "remove", "Evening Lamp"), {}),
        (lambda s: hop_path(s, "move", "Evening Lamp"), {"to": "origin"}),
    ],
    ids=["verdict", "delete", "leave", "hop-add", "hop-amend", "hop-remove", "hop-move"],
)
def test_every_change_looks_at_the_version_and_nothing_typed_is_lost(
    ferry: Statement, ada: Client, ben: Client, path: Callable[[Statement], str], data: dict[str, str]
):
    amend(ada, ferry, 1, "No ferry in January")
    before = names(ferry)
    answer = ben.post(path(ferry), data | {"version": 1})
    assert answer.status_code == 409
    assert names(ferry) == before
    ferry.refresh_from_db()
    assert (ferry.version, ferry.state, ferry.deleted_at) == (2, "unreviewed", None)
    assert dict(answer.context["conflict"]["hidden"]) == data | {"version": 2}
    assert resend(ben, answer).status_code in (200, 303)
    ferry.refresh_from_db()
    assert ferry.version == 3


def test_the_source_that_the_second_edits_was_taken_out(ferry: Statement, ada: Client, ben: Client):
    path = hop_path(ferry, "amend", "a port official")
    ada.post(hop_path(ferry, "remove", "a port official"), {"version": 1})
    answer = ben.post(path, HOP | {"version": 1})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<strong>ada</strong> took a port official out of the chain" in text
    assert "Bo Quay" in text
    again = resend(ben, answer)
    assert again.status_code == 422
    assert "This source was taken out of the chain." in again.content.decode()


def test_the_source_that_the_second_puts_one_after_was_taken_out(ferry: Statement, ada: Client, ben: Client):
    official = ferry.hops.get(source__name="a port official")
    ada.post(hop_path(ferry, "remove", "a port official"), {"version": 1})
    answer = ben.post(reverse("hop-add", args=[ferry.pk]), HOP | {"version": 1, "where": official.pk})
    assert answer.status_code == 409
    assert "took a port official out of the chain" in answer.content.decode()
    # With no place for it, it comes back to be given one.
    again = resend(ben, answer)
    assert again.status_code == 422
    assert 'value="Bo Quay"' in again.content.decode()


def test_the_claim_that_the_second_edits_was_deleted(ferry: Statement, ada: Client, ben: Client):
    ada.post(reverse("statement-delete", args=[ferry.pk]), {"version": 1})
    answer = amend(ben, ferry, 1, "Ferry stops in winter")
    assert answer.status_code == 409
    assert "<strong>ada</strong> deleted this claim" in answer.content.decode()
    assert "Ferry stops in winter" in answer.content.decode()
    again = resend(ben, answer)
    assert again.status_code == 422
    assert "Bring it back first" in again.content.decode()
    ferry.refresh_from_db()
    assert ferry.deleted_at
    assert ferry.wording == FERRY


def test_the_engine_read_the_text_again_meanwhile(ferry: Statement, ben: Client):
    from claims import reading
    from tests.factories import HARBOUR, found

    path = hop_path(ferry, "amend", "Evening Lamp")
    reading.keep(ferry.capture, (found(HARBOUR, FERRY, [("Coast Wire", "agency", "named")]),))
    answer = ben.post(path, HOP | {"version": 1})
    assert answer.status_code == 409
    assert "<strong>Hearsay</strong> put Coast Wire into the chain" in answer.content.decode()


def test_a_form_that_is_wrong_as_well_is_told_of_the_change_first(ferry: Statement, ada: Client, ben: Client):
    amend(ada, ferry, 1, "No ferry in January")
    data = {"version": 1, "wording": "Ferry stops", "start": "", "end": ""}
    answer = ben.post(reverse("statement-amend", args=[ferry.pk]), data)
    assert answer.status_code == 409
    assert resend(ben, answer).status_code == 422


def test_a_change_between_the_look_and_the_lock_is_told_too(
    ferry: Statement, ben: Client, monkeypatch: pytest.MonkeyPatch
):
    from claims.models.statement import StatementQuerySet

    true_lock, eve = StatementQuerySet.lock, account("editor", "eve")

    def amended_by_eve() -> None:
        Statement.objects.get(pk=ferry.pk).amend(eve, "No ferry in January", ferry.start, ferry.end)
        connection.close()

    def lock(self: Any, pk: int, version: int | None) -> Statement:
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(amended_by_eve).result()
        return true_lock(self, pk, version)

    monkeypatch.setattr(StatementQuerySet, "lock", lock)
    answer = amend(ben, ferry, 1, "Ferry stops in winter")
    assert answer.status_code == 409
    assert "No ferry in January" in answer.content.decode()


def test_two_who_change_the_details_of_an_article(ferry: Statement, ada: Client, ben: Client):
    path = reverse("article-details", args=[ferry.capture.document_id])
    details = {"title": "Ferry stops", "publisher": "Island Post", "byline": "A. B.", "version": 1}
    assert ada.post(path, details).status_code == 303
    mine = details | {"title": "No ferry", "byline": "C. D."}
    answer = ben.post(path, mine)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "ada changed these details" in text
    assert "Ferry stops" in text
    assert 'value="No ferry"' in text
    assert ben.post(path, mine | {"version": 2}).status_code == 303
    ferry.capture.document.refresh_from_db()
    assert (ferry.capture.document.title, ferry.capture.document.version) == ("No ferry", 3)
