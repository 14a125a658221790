"""Reading a text, reading it again, and what a killed worker left behind. The engine is a stand-in."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

import claims.attribution
from claims import reading
from claims.attribution.types import Reading as Found
from claims.attribution.types import Statement as FoundStatement
from claims.models import Annotation, Claim, Flag, Hop, Reading, Statement
from claims.models.chain_edits import add_hop, remove_hop
from config import places
from sources.models import Capture, Source
from tests.factories import (
    FARES,
    FERRY,
    HARBOUR,
    LAMP,
    OFFICIAL,
    SPOKESMAN,
    TIMETABLE,
    account,
    article,
    events,
    found,
    hop_words,
    names,
)

pytestmark = pytest.mark.django_db

ALL = (
    found(HARBOUR, FERRY, [LAMP, OFFICIAL]),
    found(HARBOUR, TIMETABLE, [SPOKESMAN]),
    found(HARBOUR, FARES),
)


@pytest.fixture
def capture() -> Capture:
    return article()


@pytest.fixture
def editor() -> User:
    return account("editor")


class Engine:
    """Finds what it is told to; ``asked`` is what it was given."""

    def __init__(self) -> None:
        self.statements: tuple[FoundStatement, ...] = ALL
        self.english = True
        self.fails: Exception | None = None
        self.asked: list[tuple[str, Any]] = []

    def read(self, text: str, **about: Any) -> Found:
        self.asked.append((text, about))
        if self.fails:
            raise self.fails
        return Found((), self.statements)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr(claims.attribution, "read", made.read, raising=False)
    monkeypatch.setattr(claims.attribution, "is_english", lambda text: made.english, raising=False)
    return made


@pytest.fixture
def read(capture: Capture, engine: Engine) -> Callable[..., dict[str, Statement]]:
    """Have the capture read, with these statements in it; returns those that stand, by their words."""

    def again(*statements: FoundStatement) -> dict[str, Statement]:
        engine.statements = statements or ALL
        reading.carry_out(Reading.objects.create(capture=capture).pk)
        assert capture.readings.filter(progress="done").exists()
        return {s.exact: s for s in capture.statements.filter(deleted_at=None)}

    return again


Read = Callable[..., dict[str, Statement]]


def test_a_reading_keeps_the_statements_with_their_chains_and_flags(
    capture: Capture, engine: Engine, read: Read
):
    there = read()
    assert set(there) == {FERRY, TIMETABLE, FARES}
    assert names(there[FERRY]) == [["Evening Lamp", "a port official"]]
    official = there[FERRY].hops.get(source__name="a port official")
    assert (official.naming, official.cue, official.source.kind) == ("anonymous", "citing", "person")
    assert HARBOUR[official.start : official.end] == "a port official"
    assert HARBOUR[official.cue_start : official.cue_end] == "citing"
    assert official.source.within == capture.document
    assert {s.exact: [f.code for f in s.flags.all()] for s in there.values()} == {
        FERRY: ["SINGLE_ANON", "NO_REASON", "ANON_PICKUP"],
        TIMETABLE: [],
        FARES: ["NO_SOURCE"],
    }
    assert all(s.made_by is None for s in there.values())
    (text, about), *_ = engine.asked
    assert text == HARBOUR
    assert about["publisher"] == "Island Post"


def test_chains_that_begin_with_the_same_hops_share_them(read: Read):
    ferry = read(found(HARBOUR, FERRY, [LAMP, OFFICIAL], [LAMP, SPOKESMAN]))[FERRY]
    assert names(ferry) == [["Evening Lamp", "a port official"], ["Evening Lamp", "a spokesman for the port"]]
    assert ferry.hops.count() == 3


def test_reading_again_leaves_what_is_the_same_untouched(read: Read):
    before: list[Any] = [read(), list(Hop.objects.values()), list(Flag.objects.values())]
    kept = [events(s).count() for s in before[0].values()]
    assert [read(), list(Hop.objects.values()), list(Flag.objects.values())] == before
    assert [events(s).count() for s in before[0].values()] == kept


def test_a_reading_keeps_stance_confidence_and_pattern(read: Read):
    reported, cited = (*LAMP, "said"), (*OFFICIAL, "citing")
    ferry = read(found(HARBOUR, FERRY, [reported, cited], stance="denies", confidence=0.42))[FERRY]
    assert (ferry.stance, ferry.confidence, ferry.unsure) == ("denies", 0.42, True)
    assert [hop.pattern for hop in ferry.chains()[0]] == ["said", "citing"]


def test_a_better_engine_renews_stance_confidence_and_pattern_in_their_place(read: Read):
    ferry = read(found(HARBOUR, FERRY, [(*LAMP, "said")], confidence=0.42))[FERRY]
    hops = list(ferry.hops.values_list("pk", flat=True))
    renewed = read(found(HARBOUR, FERRY, [(*LAMP, "credit")], confidence=0.9))[FERRY]
    assert (renewed.pk, renewed.confidence, renewed.unsure, renewed.version) == (ferry.pk, 0.9, False, 1)
    assert list(renewed.hops.values_list("pk", "pattern")) == [(hops[0], "credit")]
    # A person may have the form with the old stance open.
    denied = read(found(HARBOUR, FERRY, [(*LAMP, "denied")], stance="denies", confidence=0.9))[FERRY]
    assert (denied.pk, denied.stance, denied.version) == (ferry.pk, "denies", 2)
    assert list(denied.hops.values_list("pk", flat=True)) == hops


def test_a_source_that_goes_by_another_name_here_is_the_same_hop(read: Read):
    read()
    Source.objects.get(name="Evening Lamp").rename("The Lamp of Skerry", "outlet")
    before = list(Hop.objects.values())
    read()
    assert list(Hop.objects.values()) == before


def test_a_cue_too_long_for_the_database_is_cut_and_still_the_same_hop(read: Read):
    long = found(HARBOUR, FERRY, [("Evening Lamp", "outlet", "named", "reported " * 60)])
    read(long)
    before = list(Hop.objects.values())
    read(long)
    assert list(Hop.objects.values()) == before


def test_other_chains_over_the_same_words_are_renewed_and_the_address_stays(read: Read):
    before = read()[FERRY]
    after = read(found(HARBOUR, FERRY, [LAMP, ("Ada Brine", "person", "named")]), *ALL[1:])[FERRY]
    assert after.pk == before.pk
    assert names(after) == [["Evening Lamp", "Ada Brine"]]
    assert after.flags.get(code="SINGLE_ANON").state == "closed"


def test_what_is_no_longer_found_goes_and_what_is_new_comes(read: Read):
    before = read(ALL[0], ALL[1])
    after = read(ALL[0], ALL[2])
    assert set(after) == {FERRY, FARES}
    assert after[FERRY].pk == before[FERRY].pk
    assert not Statement.objects.filter(pk=before[TIMETABLE].pk).exists()
    assert not Flag.objects.filter(statement_id=before[TIMETABLE].pk).exists()


def test_hearsay_is_renewed(read: Read):
    assert not read(found(HARBOUR, FARES))[FARES].hearsay
    assert read(found(HARBOUR, FARES, hearsay=True))[FARES].hearsay


def note(s: Statement, by: User) -> None:
    Annotation.objects.write(by, "Really?", s.capture, statement=s)


def dismiss(s: Statement, by: User) -> None:
    s.flags.get(code="SINGLE_ANON").decide("dismissed", by, "fine")


def join(s: Statement, by: User) -> None:
    s.claim = Claim.objects.create(wording="x")
    s.save()


TOUCHES: dict[str, Callable[[Statement, User], object]] = {
    "reworded": lambda s, by: s.amend(by, "No ferry in January", s.start, s.end),
    "decided": lambda s, by: s.decide(by, "weak"),
    "noted": note,
    "flag raised": lambda s, by: Flag.objects.raise_by_hand(s, by, "OTHER", "odd", "warn"),
    "flag dismissed": dismiss,
    "hop added": lambda s, by: add_hop(s, by, hop_words("Ada Brine")),
    "hop removed": lambda s, by: remove_hop(s, by, s.hops.get(source__name="a port official")),
    "joined": join,
    "deleted and back": lambda s, by: (s.discard(by), s.restore(by)),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_a_person_put_anything_on_stays(read: Read, editor: User, touch: str):
    ferry = read()[FERRY]
    TOUCHES[touch](ferry, editor)
    chains, flags, wording = (
        names(ferry),
        list(ferry.flags.values()),
        Statement.objects.get(pk=ferry.pk).wording,
    )
    # The engine has another opinion now, or doesn't see the claim at all.
    for statements in ([found(HARBOUR, FERRY, [("Coast Wire", "agency", "named")])], [ALL[2]]):
        after = read(*statements)
        assert after[FERRY].pk == ferry.pk
        assert after[FERRY].wording == wording
        assert names(ferry) == chains
        assert list(ferry.flags.values()) == flags


def test_a_claim_that_a_person_marked_stays(capture: Capture, read: Read, editor: User):
    read(ALL[0])
    start = HARBOUR.index("January")
    mine = Statement.objects.add(capture, start, start + 7, by=editor)
    assert read(ALL[0])["January"].pk == mine.pk


def test_what_a_person_edited_isn_t_proposed_beside_it_with_other_bounds(read: Read, editor: User):
    ferry = read(ALL[0])[FERRY]
    ferry.amend(editor, "", ferry.start, ferry.start + len("The island ferry"))
    assert set(read(ALL[0])) == {"The island ferry"}
    assert set(read(found(HARBOUR, "island ferry"))) == {"The island ferry"}


def test_what_a_person_deleted_isn_t_proposed_again(read: Read, editor: User):
    read()[FERRY].discard(editor)
    assert set(read()) == {TIMETABLE, FARES}
    shorter = found(HARBOUR, "ferry will not run in January", [LAMP])
    assert set(read(shorter, ALL[2])) == {FARES}


def test_a_deleted_claim_can_come_back_after_a_reading(read: Read, editor: User):
    ferry = read()[FERRY]
    ferry.discard(editor)
    read()
    Statement.objects.get(pk=ferry.pk).restore(editor)
    assert read()[FERRY].pk == ferry.pk


def test_other_captures_are_left_alone(capture: Capture, read: Read):
    other = article("The pier is closed.", title="Pier")
    mine = Statement.objects.add(other, 0, 18, by=None)
    read()
    assert Statement.objects.filter(pk=mine.pk).exists()


def test_a_text_that_isn_t_english_is_kept_and_said_to_be_unread(capture: Capture, engine: Engine):
    engine.english = False
    going_on = Reading.objects.create(capture=capture)
    reading.carry_out(going_on.pk)
    going_on.refresh_from_db()
    assert going_on.progress == "unread"
    assert going_on.ended_at
    assert not engine.asked
    assert Capture.objects.filter(pk=capture.pk).exists()


def test_a_reading_that_fails_says_so_and_writes_nothing(capture: Capture, engine: Engine):
    engine.statements = (*ALL, FoundStatement(0, 100_000, ()))
    going_on = Reading.objects.create(capture=capture)
    reading.carry_out(going_on.pk)
    going_on.refresh_from_db()
    assert (going_on.progress, going_on.problem) == (
        "failed",
        "Something went wrong; the worker’s log says what.",
    )
    assert not capture.statements.exists()


def test_asking_twice_is_one_reading(capture: Capture, django_capture_on_commit_callbacks: Any):
    with django_capture_on_commit_callbacks(execute=True):
        first = reading.ask(capture)
        assert reading.ask(capture) == first
    first.refresh_from_db()
    assert DBTaskResult.objects.get().id == _uuid(first.task_id)
    Reading.objects.update(progress="failed")
    assert reading.ask(capture) != first


def _uuid(task_id: str) -> Any:
    return DBTaskResult.objects.get(pk=task_id).id


# Readings that were left behind


@pytest.fixture
def another_worker(transactional_db: None) -> Iterator[Callable[[int], psycopg.Connection]]:
    """Hold a reading's lock as a worker in another process does."""
    opened = []

    def hold(reading_pk: int) -> psycopg.Connection:
        its = psycopg.connect(**{k: v for k, v in connection.get_connection_params().items() if k in CONNECT})
        its.execute("SELECT pg_advisory_lock(%s, %s)", [reading.LOCK_SPACE, reading_pk])
        opened.append(its)
        return its

    yield hold
    for each in opened:
        each.close()


CONNECT = ("dbname", "user", "password", "host", "port")


def left_behind(capture: Capture) -> Reading:
    """A reading as a killed worker leaves it: begun, its task running, its lock gone."""
    left = Reading.objects.create(capture=capture)
    reading.enqueue(left)
    left.refresh_from_db()
    DBTaskResult.objects.update(status="RUNNING")
    left.progress, left.attempt, left.began_at = "reading", 1, timezone.now()
    left.save()
    return left


def test_a_reading_left_behind_is_taken_up_once_and_fails_the_second_time(capture: Capture):
    left = left_behind(capture)
    old_task = left.task_id
    assert reading.take_up_lost() == 1
    left.refresh_from_db()
    assert left.progress == "waiting"
    assert left.task_id != old_task
    assert DBTaskResult.objects.get(pk=old_task).status == "FAILED"
    # Taken up: nobody takes it up a second time while the new task waits.
    assert reading.take_up_lost() == 0

    left.progress, left.attempt = "reading", 2
    left.save()
    assert reading.take_up_lost() == 0
    left.refresh_from_db()
    assert left.progress == "failed"
    assert "stopped twice" in left.problem


def test_a_reading_taken_up_is_carried_out(capture: Capture):
    left = left_behind(capture)
    reading.take_up_lost()
    reading.carry_out(left.pk)
    left.refresh_from_db()
    assert (left.progress, left.attempt) == ("done", 2)
    assert capture.statements.count() == 3


def test_a_reading_that_a_living_worker_holds_is_left_alone(
    another_worker: Callable[[int], psycopg.Connection],
):
    capture = article()
    left = left_behind(capture)
    worker = another_worker(left.pk)
    assert reading.take_up_lost() == 0
    left.refresh_from_db()
    assert left.progress == "reading"
    # The worker is killed: its connection goes, and the lock with it.
    worker.close()
    assert reading.take_up_lost() == 1


def test_no_second_worker_reads_what_one_is_reading(
    another_worker: Callable[[int], psycopg.Connection], engine: Engine
):
    waiting = Reading.objects.create(capture=article())
    another_worker(waiting.pk)
    reading.carry_out(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.progress == "waiting"
    assert not engine.asked


def test_a_reading_is_carried_out_once_though_its_task_runs_twice(capture: Capture, engine: Engine):
    waiting = Reading.objects.create(capture=capture)
    reading.carry_out(waiting.pk)
    reading.carry_out(waiting.pk)
    assert len(engine.asked) == 1


def test_the_lock_is_let_go_of_after_a_reading(another_worker: Callable[[int], psycopg.Connection]):
    waiting = Reading.objects.create(capture=article())
    reading.carry_out(waiting.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON database = pg_database.oid"
            " WHERE datname = current_database() AND locktype = 'advisory' AND classid = %s",
            [0x4845],
        )
        assert cursor.fetchone() == (0,)


def test_a_waiting_reading_that_was_never_handed_out_is_handed_out(capture: Capture):
    """Its web process died between saving it and handing it out."""
    waiting = Reading.objects.create(capture=capture)
    assert reading.take_up_lost() == 0  # it may only just have been asked for
    Reading.objects.filter(pk=waiting.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    assert reading.take_up_lost() == 1
    waiting.refresh_from_db()
    assert DBTaskResult.objects.get(pk=waiting.task_id).status == "READY"
    assert reading.take_up_lost() == 0


WORKER = """
import sys, time, types
import django
django.setup()
stand_in = types.ModuleType("claims.attribution")
stand_in.is_english = lambda text: True
stand_in.read = lambda text, **about: time.sleep(60)
sys.modules["claims.attribution"] = stand_in
from claims.reading import carry_out
carry_out(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_it_reads_is_noticed():
    waiting = Reading.objects.create(capture=article())
    name = quote(str(connection.settings_dict["NAME"]))
    there = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(waiting.pk)],
        cwd=places.PROJECT,
        env=os.environ | {"DATABASE_URL": there, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    try:
        wait_until(lambda: Reading.objects.get().progress == "reading" or worker.poll() is not None)
        assert worker.poll() is None
        assert reading.take_up_lost() == 0
    finally:
        worker.kill()
        worker.wait()
    wait_until(lambda: reading.take_up_lost() == 1)
    assert Reading.objects.get().progress == "waiting"


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
