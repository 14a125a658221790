"""Readings: ask for one, carry it out in the worker, notice one that a dead worker left behind.

A worker holds a PostgreSQL advisory lock on its reading for as long as it works. The lock goes with
the connection, so a killed worker is known at once and no clock has to be believed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from claims.carrying_over import carried_from_or_to, carried_to, spans_left
from claims.models import Batch, Flag, Hop, Reading, Rerun, Statement
from claims.models.anchor import anchor
from claims.models.chain_edits import source_for
from claims.models.reading import Progress
from claims.models.renewal import hold
from sources.parsed import Link

if TYPE_CHECKING:
    from claims.attribution.types import Hop as FoundHop
    from claims.attribution.types import Statement as Found
    from sources.models import Capture

log = logging.getLogger(__name__)

LOCK_SPACE = 0x4845  # "HE": our advisory locks, apart from anybody else's in this database
MOST_ATTEMPTS = 2  # the first, and one more when its worker was killed
SAME_WORDS = 0.6  # the share of characters in common at which two spans are the same statement


def ask(capture: Capture) -> Reading:
    """Have a capture read; the reading that is going on already, if there is one."""
    going_on = Q(progress__in=[Progress.WAITING, Progress.READING])
    try:
        with transaction.atomic():
            reading = Reading.objects.create(capture=capture)
    except IntegrityError:
        return capture.readings.get(going_on)
    transaction.on_commit(lambda: enqueue(reading))
    return reading


def enqueue(reading: Reading) -> None:
    """Hand a reading to the workers."""
    from claims.tasks import read_capture

    result = read_capture.enqueue(reading.pk)
    Reading.objects.filter(pk=reading.pk).update(task_id=str(result.id))


@contextmanager
def held(pk: int, space: int = LOCK_SPACE) -> Iterator[bool]:
    """Hold the lock of a reading (or of what ``space`` says) for the time of the block.

    Yields whether nobody else holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, pk])
        got = bool(cursor.fetchone()[0])
        try:
            yield got
        finally:
            if got:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, pk])


def carry_out(reading_id: int) -> None:
    """Read the capture of a waiting reading and keep what was found; runs in the worker."""
    with held(reading_id) as mine:
        if not mine:
            return
        with transaction.atomic():
            reading = Reading.objects.select_for_update().get(pk=reading_id)
            if reading.progress != Progress.WAITING:
                return
            reading.progress, reading.began_at = Progress.READING, timezone.now()
            reading.attempt += 1
            reading.save(update_fields=["progress", "began_at", "attempt"])
        try:
            english = read_and_keep(reading)
        except Exception:
            log.exception("Reading %s failed", reading_id)
            renew_flags(reading)
            end(
                reading,
                Progress.FAILED,
                "Something went wrong; the worker’s log says what.",
            )
            return
        if not english:
            renew_flags(reading)
        end(reading, Progress.DONE if english else Progress.UNREAD)


def renew_flags(reading: Reading) -> None:
    """Bring the flags of a text that wasn't read to its words: what was carried over stands on other ones."""
    try:
        Flag.objects.renew_all(reading.capture)
    except Exception:
        log.exception("The rules failed on capture %s", reading.capture_id)


def end(reading: Reading, progress: str, problem: str = "") -> None:
    """Note how a reading ended."""
    Reading.objects.filter(pk=reading.pk).update(progress=progress, problem=problem, ended_at=timezone.now())


def read_and_keep(reading: Reading) -> bool:
    """Run the engine over the capture and keep the statements; False when the text isn't English."""
    # Imported here: the language model is for the worker, the web process never loads it.
    from claims.attribution import is_english, read

    capture = reading.capture
    if not is_english(capture.text):
        return False
    publisher = capture.document.publisher
    links = [Link(**link) for link in capture.structure.get("links", [])]
    found = read(capture.text, links=links, publisher=publisher.name if publisher else "")
    from claims.pipeline import with_own_claims

    keep(capture, with_own_claims(capture.text, capture.document.title, found.statements))
    return True


def take_up_lost() -> int:
    """Hand out again what a killed worker left behind, once; how many readings that were.

    A waiting reading whose task is gone or failed counts too: its web process may have died between
    saving the reading and handing it out.
    """
    taken = 0
    going_on = Reading.objects.filter(progress__in=[Progress.READING, Progress.WAITING])
    for pk in going_on.values_list("pk", flat=True):
        with held(pk) as free, transaction.atomic():
            if not free:
                continue
            reading = Reading.objects.select_for_update().get(pk=pk)
            if not reading.going_on or (reading.progress == Progress.WAITING and task_waits(reading)):
                continue
            if reading.attempt >= MOST_ATTEMPTS:
                end(reading, Progress.FAILED, "The worker was stopped twice while reading.")
                continue
            tasks_of(reading).filter(status="RUNNING").update(
                status="FAILED", finished_at=timezone.now(), traceback="The worker was killed."
            )
            reading.progress = Progress.WAITING
            reading.save(update_fields=["progress"])
            enqueue(reading)
            taken += 1
    return taken


def task_waits(reading: Reading | Rerun | Batch) -> bool:
    """Whether a worker will still come to what waits, or has only just been asked."""
    just_asked = (timezone.now() - reading.asked_at).total_seconds() < 10
    return just_asked or tasks_of(reading).filter(status="READY").exists()


def tasks_of(reading: Reading | Rerun | Batch) -> QuerySet[DBTaskResult]:
    """The worker's task of a reading or rerun, or nothing when it was never handed out."""
    return DBTaskResult.objects.filter(pk=reading.task_id) if reading.task_id else DBTaskResult.objects.none()


@transaction.atomic
def keep(capture: Capture, found: tuple[Found, ...]) -> None:
    """Renew the statements of a capture.

    What a person edited, decided, noted or flagged stays; what a person deleted isn't proposed
    again; a statement over the same words keeps its place and address; the rest is renewed.
    """
    # In this order everywhere: statements, then the capture's flags.
    locked = Statement.objects.select_for_update(of=("self",), no_key=True)
    all_there = list(locked.filter(capture=capture).order_by("pk"))
    hold(capture)
    touched = set(Statement.objects.filter(capture=capture).touched().values_list("pk", flat=True))
    taken = spans_ever(touched, capture) | spans_left(capture)
    carried = carried_to(capture)
    # Where these were on the earlier capture before a person trimmed them isn't known here.
    covered = [(s.start, s.end) for s in all_there if s.pk in carried and s.pk in touched]
    loose = {(s.start, s.end): s for s in all_there if s.pk not in touched}
    for each in found:
        if any(same_words(each.start, each.end, start, end) for start, end in taken):
            continue
        if any(covers(each.start, each.end, start, end) for start, end in covered):
            continue
        statement = loose.pop((each.start, each.end), None) or came_over(each, loose, carried)
        if statement is None:
            statement = Statement.objects.add(capture, each.start, each.end, by=None, **said_of(each))
            write_chains(statement, each)
        else:
            renew(statement, each)
    # What a later version made of a claim is kept with it: one that it left in the tray stays too.
    stays = carried_from_or_to(capture)
    gone = [s.pk for s in loose.values() if s.pk not in stays]
    Flag.objects.filter(statement__in=gone).delete()
    Statement.objects.filter(pk__in=gone).delete()
    Flag.objects.renew_all(capture)


def spans_ever(statements: set[int], capture: Capture) -> set[tuple[int, int]]:
    """Every place of the text that these have or had: where the engine saw one before a person moved it."""
    events = apps.get_model("claims", "StatementEvent").objects
    mine = events.filter(pgh_obj_id__in=statements, capture=capture)
    return set(mine.values_list("start", "end"))


def came_over(found: Found, loose: dict[tuple[int, int], Statement], carried: set[int]) -> Statement | None:
    """The untouched statement of an earlier version that this is, brought to the words as read now."""
    for place, statement in loose.items():
        if statement.pk in carried and same_words(found.start, found.end, *place):
            del loose[place]
            at = anchor(statement.capture.text, found.start, found.end)
            if statement.wording == " ".join(statement.exact.split()):
                statement.wording = " ".join(at.exact.split())
            statement.start, statement.end, statement.exact = at.start, at.end, at.exact
            statement.prefix, statement.suffix = at.prefix, at.suffix
            statement.save()
            return statement
    return None


def covers(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Whether most of the shorter of two spans is in the longer one."""
    shared = min(end, other_end) - max(start, other_start)
    return shared >= SAME_WORDS * min(end - start, other_end - other_start)


def same_words(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Whether two spans are the same statement: they share most of their characters."""
    shared = min(end, other_end) - max(start, other_start)
    return shared > 0 and shared / (max(end, other_end) - min(start, other_start)) >= SAME_WORDS


def renew(statement: Statement, found: Found) -> None:
    """Bring a statement that nobody touched to what the engine says now; what is the same isn't written."""
    now = {name: value for name, value in said_of(found).items() if getattr(statement, name) != value}
    for name, value in now.items():
        setattr(statement, name, value)
    if now:
        statement.save(update_fields=list(now))
    there = statement.chains()
    same = len(there) == len(found.chains) and all(
        len(hops) == len(steps) and all(map(same_hop, hops, steps))
        for hops, steps in zip(there, found.chains, strict=True)
    )
    if same:
        for hops, steps in zip(there, found.chains, strict=True):
            for hop, step in zip(hops, steps, strict=True):
                renew_pattern(hop, step)
    if not same or "stance" in now:
        # A person may have the panel open: what they send is over the chains as they were.
        statement.version += 1
        statement.save(update_fields=["version"])
    if not same:
        statement.flags.filter(hop__isnull=False).delete()
        statement.hops.all().delete()
        write_chains(statement, found)


def said_of(found: Found) -> dict[str, Any]:
    """What the engine says of a statement, its place and chains apart, as the database holds it."""
    return {"hearsay": found.hearsay, "stance": found.stance, "confidence": found.confidence}


def renew_pattern(hop: Hop, step: FoundHop) -> None:
    """Take over the name of the rule, which a better engine may have split or renamed, and keep the hop."""
    if hop.pattern != step.pattern:
        hop.pattern = step.pattern
        hop.save(update_fields=["pattern"])


def columns(step: FoundHop) -> dict[str, Any]:
    """What the engine says of a hop, its source apart, as the database holds it."""
    return {
        "naming": step.naming,
        "cue": step.cue[:300],
        "cue_start": step.cue_start,
        "cue_end": step.cue_end,
        "start": step.start,
        "end": step.end,
        "link": (step.link or "")[:2000],
    }


def same_hop(hop: Hop, step: FoundHop) -> bool:
    """Whether the engine says of a hop what is there already; its source may go by another name by now."""
    known = hop.source.name == step.name or hop.source.goes_by(step.name)
    return known and all(getattr(hop, name) == value for name, value in columns(step).items())


def write_chains(statement: Statement, found: Found) -> None:
    """Store the engine's chains as a tree: chains that begin with the same hops share them."""
    made: dict[tuple[FoundHop, ...], Hop] = {}
    counted: dict[int | None, int] = {}
    for chain in found.chains:
        parent: Hop | None = None
        for length, step in enumerate(chain, 1):
            path = chain[:length]
            if path not in made:
                above = parent.pk if parent else None
                made[path] = Hop.objects.create(
                    statement=statement,
                    parent=parent,
                    position=counted.get(above, 0),
                    source=source_for(step.name, step.kind, step.naming, statement.capture.document),
                    pattern=step.pattern,
                    **columns(step),
                )
                counted[above] = counted.get(above, 0) + 1
            parent = made[path]
