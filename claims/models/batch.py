"""Batches: one thing done to many claims or articles at once, with what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Does(models.TextChoices):
    """What is done to each of them."""

    ASSIGN = "assign", "assign"
    VERDICT = "verdict", "decide"
    DISMISS = "dismiss", "dismiss a flag"


class BatchProgress(models.TextChoices):
    """How far a batch is."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches by whether they go on, and asking for one."""

    def going_on(self) -> BatchQuerySet:
        """Those that a worker still has to finish."""
        return self.filter(progress__in=[BatchProgress.WAITING, BatchProgress.RUNNING])

    @transaction.atomic
    def ask(
        self, by: User, does: str, said: dict[str, Any], items: list[list[int]], *, claims: bool, now: bool
    ) -> Batch:
        """A batch over these: the id of each, the version and the holder (0: nobody) that the person saw.

        Handed to the workers unless it is carried out ``now``.
        """
        batch = self.create(by=by, does=does, said=said, items=items, claims=claims)
        if not now:
            transaction.on_commit(batch.enqueue)
        return batch


class Batch(models.Model):
    """What a person asked to be done to many at once. It remembers where it is, and what it passed over."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    does = models.CharField(max_length=7, choices=Does.choices)
    said = models.JSONField(help_text="What the person gave: decision and reason, person and deadline, code.")
    claims = models.BooleanField(help_text="Of claims, not of articles.")
    items = models.JSONField(help_text="Each with the version and the holder that the person saw.")
    done = models.PositiveIntegerField(default=0, help_text="How many of the items it has come past.")
    passed_over = models.JSONField(
        default=list, help_text="Ids of items that were left alone, each with why."
    )
    contexts = models.JSONField(default=list, help_text="Of the history; what undoing takes back.")
    progress = models.CharField(max_length=7, choices=BatchProgress.choices, default=BatchProgress.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    task_id = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(does__in=Does.values), name="batch_does_known"),
            models.CheckConstraint(
                condition=Q(progress__in=BatchProgress.values), name="batch_progress_known"
            ),
        ]
        # The worker's look for what was left behind, every few seconds.
        indexes = [
            models.Index(
                fields=["id"], condition=Q(progress__in=["waiting", "running"]), name="batch_going_on"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_does_display()}: {self.done} of {len(self.items)}"

    @property
    def going_on(self) -> bool:
        """Whether the page should look again."""
        return self.progress in (BatchProgress.WAITING, BatchProgress.RUNNING)

    @property
    def total(self) -> int:
        """How many it is over."""
        return len(self.items)

    @property
    def changed(self) -> int:
        """How many it changed so far."""
        return self.done - len(self.passed_over)

    def enqueue(self) -> None:
        """Hand it to the workers."""
        from claims.tasks import carry_out_batch

        result = carry_out_batch.enqueue(self.pk)
        Batch.objects.filter(pk=self.pk).update(task_id=str(result.id))
