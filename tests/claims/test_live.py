"""What an open page of an article hears: over the real server, from the database’s own announcements."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims.live import hub
from claims.live.stream import MOST_WAITING, Stream
from claims.models import Annotation, Claim, Flag, Presence, Statement
from sources.models import Document, Source
from tests import factories
from tests.factories import FERRY, LAMP, OFFICIAL, TIMETABLE
from tests.server import Server, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Listener:
    """A browser that has the page of an article open."""

    def __init__(self, server: Server, client: Client, path: str) -> None:
        parts = urlsplit(server.url)
        self.line = http.client.HTTPConnection(parts.hostname or "", parts.port)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        self.line.request("GET", path, headers={"Cookie": f"{django_settings.SESSION_COOKIE_NAME}={cookie}"})
        self.answer = self.line.getresponse()
        self.events: list[tuple[str, Any]] = []
        self.comments: list[str] = []
        self.ended = False
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        event = ""
        try:
            for line in self.answer:
                words = line.decode().rstrip("\n")
                if words.startswith(":"):
                    self.comments.append(words)
                elif words.startswith("event: "):
                    event = words.removeprefix("event: ")
                elif words.startswith("data: "):
                    self.events.append((event, json.loads(words.removeprefix("data: "))))
        except (OSError, ValueError, AttributeError):
            pass
        self.ended = True

    def heard(self, event: str) -> list[Any]:
        return [data for name, data in self.events if name == event]

    def await_(self, event: str, which: Callable[[Any], bool] = lambda data: True) -> Any:
        wait_until(
            lambda: any(which(data) for data in self.heard(event)), lambda: f"{event} in {self.events}"
        )
        return next(data for data in self.heard(event) if which(data))

    def close(self) -> None:
        # As a tab that is closed or crashes: the line is cut.
        if self.line.sock:
            self.line.sock.shutdown(2)
        self.line.close()
        self.reader.join(5)


@pytest.fixture
def open_page(server: Server) -> Iterator[Callable[..., Listener]]:
    """Return ``open_page(client, document)``: the stream of that page, told of what comes from here on."""
    opened: list[Listener] = []

    def open_it(
        client: Client, document: Document | int, *, since: bool | int = True, **asked: Any
    ) -> Listener:
        pk = document if isinstance(document, int) else document.pk
        asked |= {"since": moment() if since is True else since} if since else {}
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        opened.append(Listener(server, client, f"{reverse('article-live', args=[pk])}?{query}"))
        if opened[-1].answer.status == 200:
            opened[-1].await_("hello")
            key = opened[-1].heard("hello")[0]["key"]
            wait_until(lambda: Presence.objects.filter(key=key).exists(), "it is set down")
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


@pytest.fixture
def ferry(transactional_db: None) -> Statement:
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def ada(transactional_db: None) -> Client:
    client = Client()
    client.force_login(factories.account("editor", "ada"))
    return client


@pytest.fixture
def ben(transactional_db: None) -> Client:
    client = Client()
    client.force_login(factories.account("reader", "ben"))
    return client


def moment() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


def of(kind: str, **more: Any) -> Callable[[Any], bool]:
    return lambda data: data == {"kind": kind, **more}


def quiet_for_now(page: Listener, ferry: Statement) -> list[Any]:
    """What the page heard until something that is told to everybody arrives."""
    Source.objects.filter(name="Evening Lamp").update(name="Evening Light")
    page.await_("change", lambda data: data["kind"] == "source")
    return [data for data in page.heard("change") if data["kind"] != "source"]


def test_what_a_colleague_does_is_heard_with_its_place_and_without_its_words(ferry, ada, ben, open_page):
    page = open_page(ben, ferry.capture.document)
    path = reverse("statement-verdict", args=[ferry.pk])
    assert ada.post(path, {"decision": "weak", "reason": "One origin.", "version": 1}).status_code == 303
    page.await_("change", of("verdict", statement=ferry.pk))
    page.await_("change", of("statement", statement=ferry.pk))
    assert "One origin" not in json.dumps(page.events)
    # Once for a transaction, however many rows and columns it wrote.
    assert len(page.heard("change")) == 2


def test_every_change_to_what_the_page_shows_is_heard_raw_sql_too(ferry, ada, ben, open_page):
    editor, capture = factories.account("editor", "eve"), ferry.capture
    other = factories.statement(capture, TIMETABLE)
    claim = Claim.objects.join([ferry, other], "No ferry in winter", editor)
    page = open_page(ben, capture.document)
    at: dict[str, int] = {"statement": ferry.pk}
    nowhere: dict[str, int] = {}
    for change, kind, where in (
        (lambda: ferry.hops.filter(source__name="Evening Lamp").update(cue="said"), "hop", at),
        (lambda: Flag.objects.raise_by_hand(ferry, editor, "WEASEL", "It does.", "warn"), "flag", at),
        (lambda: Annotation.objects.write(editor, "Ask.", capture, statement=ferry), "note", at),
        (lambda: Annotation.objects.write(editor, "Ask.", capture), "note", nowhere),
        (capture.readings.create, "reading", nowhere),
        (lambda: Document.objects.update(title="Another title"), "document", nowhere),
        (lambda: Claim.objects.filter(pk=claim.pk).update(wording="None"), "claim", at),
        (lambda: Statement.objects.filter(pk=ferry.pk).update(deleted_at=None, version=9), "statement", at),
    ):
        change()
        page.await_("change", of(kind, **where))
    lamp = Source.objects.get(name="Evening Lamp")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sources_source SET kind = 'agency' WHERE id = %s", [lamp.pk])
    page.await_("change", of("source", source=lamp.pk))
    # What changes nothing is nothing to tell.
    heard = len(page.events)
    Document.objects.update(title="Another title")
    assert len(quiet_for_now(page, ferry)) < heard


def test_private_notes_and_other_articles_are_not_heard(ferry, ben, open_page):
    editor = factories.account("editor", "eve")
    elsewhere = factories.article("A tram came. It was red.", title="Tram")
    page = open_page(ben, ferry.capture.document)
    private = {"author": editor, "body": "Mine.", "capture": ferry.capture, "statement": ferry}
    note = Annotation.objects.create(**private, private=True)
    note.body = "Still mine."
    note.save()
    factories.statement(elsewhere, "A tram came")
    note.delete()
    assert quiet_for_now(page, ferry) == []
    shared = Annotation.objects.create(**private, private=False)
    page.await_("change", of("note", statement=ferry.pk))
    shared.private = True
    shared.save()
    wait_until(lambda: len(page.heard("change")) == 3, "it is told that the note is gone")


def test_who_may_not_see_the_article_gets_no_stream(ferry, ada, ben, open_page, django_user_model):
    document = ferry.capture.document
    stranger = Client()
    stranger.force_login(factories.account(None))
    assert open_page(stranger, document).answer.status == 403
    assert open_page(ben, 10**6).answer.status == 404
    page = open_page(ben, document, statement="x", since=False)
    assert page.answer.headers["Content-Type"] == "text/event-stream"
    assert page.answer.headers["Cache-Control"] == "no-store"
    assert page.answer.headers["X-Accel-Buffering"] == "no"
    document.withdraw(django_user_model.objects.get(username="ada"))
    assert open_page(ben, document).answer.status == 404
    assert open_page(ada, document).answer.status == 200
    assert ada.post(reverse("article-live", args=[document.pk])).status_code == 405
    assert Client().get(reverse("article-live", args=[document.pk])).status_code == 302


def test_who_may_look_no_longer_is_told_so_and_closed(ferry, ben, open_page, django_user_model):
    document, other = ferry.capture.document, factories.article("A tram came.", title="Tram").document
    browsers = {name: Client() for name in ("left", "changed", "lost", "closed", "elsewhere")}
    for name, browser in browsers.items():
        browser.force_login(factories.account("reader", name))
    pages = {name: open_page(browser, document) for name, browser in browsers.items() if name != "elsewhere"}
    pages["elsewhere"] = open_page(browsers["elsewhere"], other)
    stays = open_page(ben, document)
    user = {each.username: each for each in django_user_model.objects.all()}
    browsers["left"].post(reverse("logout"))
    user["changed"].set_password("another password")
    user["changed"].save()
    user["lost"].member.delete()
    django_user_model.objects.filter(username="closed").update(is_active=False)
    other.withdraw(factories.account("editor", "eve"))
    for page in pages.values():
        page.await_("over")
    wait_until(lambda: all(page.ended for page in pages.values()), "the streams end")
    assert not stays.ended
    wait_until(lambda: Presence.objects.count() == 1, "who may not look is not here")


def test_a_page_that_is_older_than_a_change_looks_again(ferry, ben, open_page):
    before = moment()
    open_page(ben, ferry.capture.document)

    def fresh() -> bool:
        return open_page(ben, ferry.capture.document).heard("missed") == []

    # A transaction of another test process on the same server may be older than this page for a moment.
    wait_until(fresh, "a page that is new has missed nothing")
    Statement.objects.filter(pk=ferry.pk).update(wording="No boat")
    late = open_page(ben, ferry.capture.document, since=before)
    late.await_("missed")


def test_when_the_ear_breaks_pages_are_told_and_then_look_again(ferry, ben, open_page):
    page = open_page(ben, ferry.capture.document)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query IN ('LISTEN hearsay', 'SELECT 1') OR query LIKE '%%pg_snapshot_xmax%%'"
            " AND pid <> pg_backend_pid() AND datname = current_database()"
        )
    page.await_("paused")
    wait_until(lambda: page.events[-1][0] == "missed", "it listens again, and what was missed is looked up")
    Statement.objects.filter(pk=ferry.pk).update(wording="No boat")
    page.await_("change", of("statement", statement=ferry.pk))


def test_those_who_have_the_article_open_see_each_other_and_their_claims(ferry, ada, ben, open_page):
    document = ferry.capture.document
    pages = open_page(ada, document, statement=ferry.pk), open_page(ben, document)
    second = open_page(ben, document)
    ada_here = pages[1].await_("here", lambda people: [p["name"] for p in people] == ["ada"])
    assert ada_here[0]["claims"] == [ferry.pk]
    pages[0].await_("here", lambda people: [(p["name"], p["claims"]) for p in people] == [("ben", [])])
    here = reverse("article-here", args=[document.pk])
    key = second.heard("hello")[0]["key"]
    assert ben.post(here, {"key": key, "statement": ferry.pk}).status_code == 204
    pages[0].await_("here", lambda people: [p["claims"] for p in people] == [[ferry.pk]])
    # Another’s page, none at all, and another article’s.
    assert ada.post(here, {"key": key, "statement": ""}).status_code == 404
    assert ben.post(here, {"key": "x"}).status_code == 400
    assert ben.post(here, {"key": str(uuid4())}).status_code == 404
    assert ben.get(here).status_code == 405
    # One of two pages of a person is closed: the person is still here.
    second.close()
    pages[0].await_("here", lambda people: [(p["name"], p["claims"]) for p in people] == [("ben", [])])
    pages[1].close()
    pages[0].await_("here", lambda people: people == [])


def test_whose_server_was_killed_is_forgotten(ferry, ada, open_page):
    from django.db.models.functions import Now

    from claims.models.presence import GONE_AFTER

    ghost = factories.account("reader", "cleo")
    page = open_page(ada, ferry.capture.document)
    left = Presence.objects.create(
        key=uuid4(), document=ferry.capture.document, user=ghost, seen_at=Now() - GONE_AFTER / 2
    )
    page.await_("here", lambda people: [p["name"] for p in people] == ["cleo"])
    Presence.objects.filter(key=left.key).update(seen_at=Now() - GONE_AFTER)
    page.await_("here", lambda people: people == [])
    wait_until(lambda: not Presence.objects.filter(key=left.key).exists(), "the row is gone")


def test_of_too_many_pages_of_one_person_the_oldest_ends(ferry, ada, ben, open_page, monkeypatch):
    monkeypatch.setattr(hub, "MOST_OF_A_PERSON", 2)
    document = ferry.capture.document
    other, first, second, third = [open_page(who, document) for who in (ada, ben, ben, ben)]
    first.await_("full")
    wait_until(lambda: first.ended, "the oldest ends")
    assert not other.ended
    assert not second.ended
    assert not third.ended


def test_a_silent_line_is_kept_open(ferry, ben, open_page, monkeypatch):
    monkeypatch.setattr(hub, "HEARTBEAT", 0.1)
    page = open_page(ben, ferry.capture.document)
    wait_until(lambda: len(page.comments) > 1, "something is sent")


def test_streams_hold_no_connection_to_the_database(ferry, ada, open_page):
    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0]

    open_page(ada, ferry.capture.document)
    with_one = connections()
    for _ in range(5):
        open_page(ada, ferry.capture.document)
    wait_until(lambda: connections() <= with_one, "five more streams take no more connections")


def test_a_browser_that_falls_behind_is_told_to_look_at_everything():
    async def fill() -> list[tuple[str, Any]]:
        stream = Stream(document=1, user=1, session="")
        for pk in range(MOST_WAITING + 10):
            stream.tell("change", {"kind": "flag", "statement": pk})
        return [stream.waiting.get_nowait() for _ in range(stream.waiting.qsize())]

    waiting = asyncio.run(fill())
    assert waiting[0] == ("missed", None)
    assert waiting[-1] == ("change", {"kind": "flag", "statement": MOST_WAITING + 9})
    assert len(waiting) < MOST_WAITING


# What a page asks once it has heard something


def state(client: Client, capture: Any, **asked: Any) -> Any:
    return client.get(reverse("article-state", args=[capture.pk]), asked)


def test_the_state_of_a_page_says_how_each_mark_stands(ferry, ben):
    capture = ferry.capture
    page = ben.get(reverse("article", args=[capture.document_id]))
    before = state(ben, capture).json()
    assert before["shape"] == page.context["shape"]
    assert before["marks"][str(ferry.pk)][0] == "unreviewed"
    ferry.decide(factories.account("editor", "eve"), "weak")
    after = state(ben, capture).json()
    assert after["marks"][str(ferry.pk)][0] == "weak"
    assert after["shape"] == before["shape"]
    assert "1 <small>/ 1</small>" in after["tally"]
    factories.statement(capture, TIMETABLE)
    assert state(ben, capture).json()["shape"] != before["shape"]
    assert "no-store" in state(ben, capture).headers["Cache-Control"]


def test_the_state_tells_who_changed_the_chosen_claim_since_it_was_looked_at(ferry, ada, ben):
    seen = panel_of(ben, ferry).context["seen"]
    assert state(ben, ferry.capture, statement=ferry.pk, seen=seen).json()["chosen"] == {
        "there": True,
        "seen": seen,
        "by": [],
    }
    ada.post(reverse("note-add", args=[ferry.pk]), {"body": "Ask."})
    chosen = state(ben, ferry.capture, statement=ferry.pk, seen=seen).json()["chosen"]
    assert chosen["seen"] != seen
    assert chosen["by"] == ["ada"]
    assert panel_of(ben, ferry).context["seen"] == chosen["seen"]
    Source.objects.filter(name="Evening Lamp").update(name="Evening Light")
    renamed = state(ben, ferry.capture, statement=ferry.pk, seen=chosen["seen"]).json()["chosen"]
    assert renamed["seen"] != chosen["seen"]
    ada.post(reverse("statement-delete", args=[ferry.pk]), {"version": 1})
    assert not state(ben, ferry.capture, statement=ferry.pk, seen=seen).json()["chosen"]["there"]


def test_another_s_private_note_is_no_news(ferry, ada, ben, django_user_model):
    seen, own = panel_of(ben, ferry).context["seen"], panel_of(ada, ferry).context["seen"]
    Annotation.objects.create(
        author=django_user_model.objects.get(username="ada"),
        body="Mine.",
        capture=ferry.capture,
        statement=ferry,
        private=True,
    )
    assert panel_of(ben, ferry).context["seen"] == seen
    assert panel_of(ada, ferry).context["seen"] != own


def test_the_state_is_for_those_who_may_see_the_article(ferry, ben, django_user_model):
    stranger = Client()
    stranger.force_login(factories.account(None))
    assert state(stranger, ferry.capture).status_code == 403
    assert ben.post(reverse("article-state", args=[ferry.capture.pk])).status_code == 405
    for wrong in ("x", "9" * 30, "0"):
        answer = state(ben, ferry.capture, statement=wrong, seen=wrong)
        assert answer.status_code == 200
    ferry.capture.document.withdraw(factories.account("editor", "eve"))
    assert state(ben, ferry.capture).status_code == 404


def panel_of(client: Client, statement: Statement) -> Any:
    return client.get(
        reverse("statement", args=[statement.capture.document_id, statement.pk]),
        headers={"HX-Request": "true"},
    )
