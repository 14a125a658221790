"""Reruns: what the worker is asked to run the rules over again, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from sources.models import Capture, Document, Source


class RerunProgress(models.TextChoices):
    """How far a rerun is."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    OVERTAKEN = "overtaken", "overtaken by a later one"
    FAILED = "failed", "failed"


class RerunQuerySet(models.QuerySet["Rerun"]):
    """Reruns by whether they go on, and asking for one."""

    def going_on(self) -> RerunQuerySet:
        """Those that a worker still has to finish."""
        return self.filter(progress__in=[RerunProgress.WAITING, RerunProgress.RUNNING])

    def over_all(self) -> RerunQuerySet:
        """Those over every article."""
        return self.filter(source=None, document=None)

    def ask(
        self,
        because: str,
        *,
        by: User | None = None,
        rules: str = "",
        source: Source | None = None,
        document: Document | None = None,
    ) -> Rerun:
        """Have the rules run over all articles, or over those of a source or one document.

        ``because`` is what the history says of the flags that close by it.
        """
        rerun = self.create(because=because, asked_by=by, rules=rules, source=source, document=document)
        transaction.on_commit(rerun.enqueue)
        return rerun

    def ask_once(self, because: str, document: Document) -> None:
        """Have the rules run over a document's articles, unless that is asked for already.

        One that waits is held until this transaction ends, so that it sees what is written here.
        """
        waiting = self.filter(document=document, source=None, progress=RerunProgress.WAITING)
        if not waiting.select_for_update().exists():
            self.ask(because, document=document)


class Rerun(models.Model):
    """One run of the rules over articles. It remembers where it is, so that another worker can go on."""

    source = models.ForeignKey(
        "sources.Source", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    document = models.ForeignKey(
        "sources.Document", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    because = models.CharField(max_length=200)
    rules = models.CharField(
        max_length=64, blank=True, help_text="Digest of the rules, when it was asked for because of them."
    )
    progress = models.CharField(max_length=9, choices=RerunProgress.choices, default=RerunProgress.WAITING)
    total = models.PositiveIntegerField(default=0, help_text="Articles, when it began.")
    done = models.PositiveIntegerField(default=0)
    last = models.BigIntegerField(default=0, help_text="The capture that it came to last, by id.")
    attempt = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker began at the place where it is."
    )
    task_id = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = RerunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress__in=RerunProgress.values), name="rerun_progress_known"
            ),
        ]
        # The worker's look for what was left behind, every few seconds.
        indexes = [
            models.Index(
                fields=["id"], condition=Q(progress__in=["waiting", "running"]), name="rerun_going_on"
            )
        ]

    def __str__(self) -> str:
        return f"{self.because}: {self.get_progress_display()}"

    @property
    def going_on(self) -> bool:
        """Whether the page should look again."""
        return self.progress in (RerunProgress.WAITING, RerunProgress.RUNNING)

    def enqueue(self) -> None:
        """Hand it to the workers."""
        from claims.tasks import rerun_rules

        result = rerun_rules.enqueue(self.pk)
        Rerun.objects.filter(pk=self.pk).update(task_id=str(result.id))

    def captures(self) -> models.QuerySet[Capture]:
        """What it runs over, in the order in which it does."""
        from claims.models.hop import Hop
        from sources.models import Capture

        found = Capture.objects.filter(statements__isnull=False).distinct().order_by("pk")
        if self.document_id:
            found = found.filter(document=self.document_id)
        if self.source_id:
            resting = Hop.objects.standing().filter(source=self.source_id)
            found = found.filter(pk__in=resting.values("statement__capture"))
        return found
