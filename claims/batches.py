"""Doing one thing to many claims or articles: one at a time, each locked and looked at, none overwritten.

Few are done in the request, many by the worker, where as with readings an advisory lock on the batch says
that somebody is at it. Either way all of it is one deed, or one for each attempt, and is taken back as one.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from claims import access, undo
from claims.models import Assignment, Batch, Flag, Statement
from claims.models.assignment import Taken
from claims.models.batch import BatchProgress, Does
from claims.models.flag import FlagState
from claims.models.statement import Changed
from claims.reading import MOST_ATTEMPTS, held, task_waits, tasks_of
from sources.models import Document

log = logging.getLogger(__name__)

LOCK_SPACE = 0x4241  # "BA": our advisory locks on batches
AT_ONCE = 50  # more than that, and the worker does it, not the request
MOST = 2_000


class PassedOver(Exception):
    """One that is left alone; the message says why."""


def work_on(batch: Batch) -> None:
    """Carry out the rest of a batch that nobody else is at, an item in each transaction."""
    by = batch.by
    with pghistory.context(user=by.pk, batch=batch.pk) as context:
        if str(context.id) not in batch.contexts:
            batch.contexts.append(str(context.id))
        batch.progress, batch.attempt = BatchProgress.RUNNING, batch.attempt + 1
        batch.save(update_fields=["contexts", "progress", "attempt"])
        for item in batch.items[batch.done :]:
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        do(batch, by, *item)
                except PassedOver as why:
                    batch.passed_over.append([item[0], str(why)])
                batch.done += 1
                batch.attempt = 1
                batch.save(update_fields=["done", "passed_over", "attempt"])
    batch.progress, batch.ended_at = BatchProgress.DONE, timezone.now()
    batch.save(update_fields=["progress", "ended_at"])


def do(batch: Batch, by: User, pk: int, version: int, holder: int) -> None:
    """Do it to one. Raises ``PassedOver`` when it isn't as the person saw it, or isn't there."""
    what: Document | Statement | None
    if batch.claims:
        what = locked(by, pk, None if batch.does == Does.ASSIGN else version)
    else:
        what = access.documents(by).filter(pk=pk).first()
    if what is None:
        raise PassedOver("it is gone")
    said = batch.said
    if batch.does == Does.ASSIGN:
        assign(what, by, said, holder)
    elif isinstance(what, Statement) and batch.does == Does.VERDICT:
        access.must_decide(by)
        what.decide(by, said["decision"], said["reason"])
    elif isinstance(what, Statement):
        access.must_decide(by)
        dismiss(what, by, said["code"], said["reason"])


def locked(by: User, pk: int, version: int | None) -> Statement | None:
    """The claim, locked; None when it is gone or not this person's to see."""
    if not access.statements(by).filter(pk=pk).exists():
        return None
    try:
        statement = Statement.objects.lock(pk, version)
    except Statement.DoesNotExist:
        return None
    except Changed:
        raise PassedOver("it was changed meanwhile") from None
    return None if statement.deleted_at else statement


def assign(what: Document | Statement, by: User, said: dict[str, Any], holder: int) -> None:
    """Give it to the person that was chosen, or to oneself."""
    to = access.people().filter(pk=said["to"]).first()
    if to is None:
        raise PassedOver("there is no such person here")
    deadline = datetime.fromisoformat(said["deadline"]) if said["deadline"] else None
    try:
        access.may_give(by, to, holder)
        Assignment.objects.give(what, to, by, deadline, seen=holder)
    except Taken as taken:
        raise PassedOver(str(taken)) from None
    except PermissionDenied as problem:
        raise PassedOver(str(problem)) from None


def dismiss(statement: Statement, by: User, code: str, reason: str) -> None:
    """Dismiss the open flags of that code, and raise the version of the claim that they are on."""
    mine = Flag.objects.select_for_update().filter(statement=statement, code=code, state=FlagState.OPEN)
    flags = list(mine.order_by("pk"))
    if not flags:
        raise PassedOver("no such flag is open on it")
    for flag in flags:
        flag.decide(FlagState.DISMISSED, by, reason)
    statement.version += 1
    statement.save(update_fields=["version"])


def take_back(batch: Batch, by: User) -> None:
    """Undo all that a batch did, the last first. Raises ``undo.Refused`` where it was changed since."""
    with transaction.atomic():
        mine = Batch.objects.select_for_update().get(pk=batch.pk)
        if mine.undone_at or mine.going_on:
            raise undo.Refused("It goes on still." if mine.going_on else "It is taken back already.")
        for context in reversed(mine.contexts):
            try:
                undo.take_back(context, by)
            except LookupError:
                # An attempt that came to nothing.
                continue
        mine.undone_at = timezone.now()
        mine.save(update_fields=["undone_at"])


# In the worker


def carry_out(pk: int) -> None:
    """Carry out a waiting batch; runs in the worker."""
    with held(pk, LOCK_SPACE) as mine:
        if not mine:
            return
        batch = Batch.objects.select_related("by").get(pk=pk)
        if batch.progress != BatchProgress.WAITING:
            return
        try:
            work_on(batch)
        except Exception:
            log.exception("Batch %s failed", pk)
            fail(pk, "Something went wrong; the worker’s log says what.")


def fail(pk: int, problem: str) -> None:
    """Note that a batch ended before its end."""
    now: dict[str, Any] = {"progress": BatchProgress.FAILED, "problem": problem, "ended_at": timezone.now()}
    Batch.objects.filter(pk=pk).update(**now)


def take_up_lost() -> int:
    """Hand out again the batches that a killed worker left behind; how many that were."""
    taken = 0
    for pk in Batch.objects.going_on().values_list("pk", flat=True):
        with held(pk, LOCK_SPACE) as free, transaction.atomic():
            if not free:
                continue
            batch = Batch.objects.select_for_update().get(pk=pk)
            if not batch.going_on or (batch.progress == BatchProgress.WAITING and task_waits(batch)):
                continue
            if batch.attempt >= MOST_ATTEMPTS:
                fail(pk, "The worker was stopped twice at the same place.")
                continue
            tasks_of(batch).filter(status="RUNNING").update(
                status="FAILED", finished_at=timezone.now(), traceback="The worker was killed."
            )
            batch.progress = BatchProgress.WAITING
            batch.save(update_fields=["progress"])
            batch.enqueue()
            taken += 1
    return taken
