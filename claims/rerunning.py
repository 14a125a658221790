"""Running the rules over many articles, in the worker: an article at a time, from where it was left.

As with readings, a worker holds an advisory lock on its rerun, which goes with its connection.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.flags.policy import FOLDER as POLICIES
from claims.models import PolicyChoice, Rerun
from claims.models.renewal import GROUND_GONE, renew_all
from claims.models.rerun import RerunProgress
from claims.reading import MOST_ATTEMPTS, held, task_waits, tasks_of
from sources.models import Capture

log = logging.getLogger(__name__)

LOCK_SPACE = 0x5255  # "RU": our advisory locks on reruns
NEW_RULES = "the rules were renewed"
RULES = Path(__file__).parent / "flags"


def carry_out(pk: int) -> None:
    """Run the rules over the articles of a waiting rerun; runs in the worker."""
    with held(pk, LOCK_SPACE) as mine:
        if not mine:
            return
        with transaction.atomic():
            rerun = Rerun.objects.select_for_update().get(pk=pk)
            if rerun.progress != RerunProgress.WAITING:
                return
            rerun.progress, rerun.attempt = RerunProgress.RUNNING, rerun.attempt + 1
            rerun.total = rerun.done + rerun.captures().filter(pk__gt=rerun.last).count()
            rerun.save(update_fields=["progress", "attempt", "total"])
        if PolicyChoice.objects.usable() is None:
            end(rerun, RerunProgress.FAILED, "The saved policy fits the rules no longer, so none ran.")
            return
        try:
            while step(rerun):
                pass
        except Exception:
            log.exception("Rerun %s failed", pk)
            end(rerun, RerunProgress.FAILED, "Something went wrong; the worker’s log says what.")


def step(rerun: Rerun) -> bool:
    """Do the next article of a rerun; False when there is nothing left of it."""
    if not rerun.source_id and not rerun.document_id:
        if Rerun.objects.over_all().filter(pk__gt=rerun.pk).exists():
            end(rerun, RerunProgress.OVERTAKEN)
            return False
    left = rerun.captures().filter(pk__gt=rerun.last)
    capture = left.select_related("document").defer("data").first()
    if capture is None:
        end(rerun, RerunProgress.DONE, rerun.problem)
        return False
    try:
        with transaction.atomic():
            renew_all(capture, rerun.because or GROUND_GONE)
            went_on(rerun, capture)
    except Exception:
        # One article that the rules break on must not keep the others from being flagged.
        log.exception("The rules failed on capture %s", capture.pk)
        rerun.problem = f"The rules failed on “{capture.document.title}”; the worker’s log says why."
        went_on(rerun, capture)
    return True


def went_on(rerun: Rerun, capture: Capture) -> None:
    """Note that an article is done with."""
    rerun.last, rerun.done, rerun.attempt = capture.pk, rerun.done + 1, 1
    rerun.save(update_fields=["last", "done", "attempt", "problem"])


def end(rerun: Rerun, progress: str, problem: str = "") -> None:
    """Note how a rerun ended."""
    now: dict[str, Any] = {"progress": progress, "problem": problem, "ended_at": timezone.now()}
    Rerun.objects.filter(pk=rerun.pk).update(**now)


def take_up_lost() -> int:
    """Hand out again the reruns that a killed worker left behind; how many that were."""
    taken = 0
    for pk in Rerun.objects.going_on().values_list("pk", flat=True):
        with held(pk, LOCK_SPACE) as free, transaction.atomic():
            if not free:
                continue
            rerun = Rerun.objects.select_for_update().get(pk=pk)
            if not rerun.going_on or (rerun.progress == RerunProgress.WAITING and task_waits(rerun)):
                continue
            if rerun.attempt >= MOST_ATTEMPTS:
                end(rerun, RerunProgress.FAILED, "The worker was stopped twice at the same article.")
                continue
            tasks_of(rerun).filter(status="RUNNING").update(
                status="FAILED", finished_at=timezone.now(), traceback="The worker was killed."
            )
            rerun.progress = RerunProgress.WAITING
            rerun.save(update_fields=["progress"])
            rerun.enqueue()
            taken += 1
    return taken


@transaction.atomic
def ask_after_upgrade() -> Rerun | None:
    """Have the rules run over all articles where they are others than when they last did."""
    now = digest()
    if Rerun.objects.over_all().filter(rules=now).exists():
        return None
    return Rerun.objects.ask(NEW_RULES, rules=now)


def digest() -> str:
    """What the installed rules, their lexicons and the packs are, in one figure."""
    made = hashlib.sha256()
    files = [
        path
        for folder in (RULES, POLICIES)
        for ending in ("py", "toml")
        for path in folder.rglob(f"*.{ending}")
    ]
    for path in sorted(files):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()
