"""Readings: what the engine is asked to read, and how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from claims.models.announced import on_capture
from sources.models.announcing import announces


class Progress(models.TextChoices):
    """How far a reading is."""

    WAITING = "waiting", "waiting"
    READING = "reading", "reading…"
    DONE = "done", "read"
    UNREAD = "unread", "not read: the text isn’t English"
    FAILED = "failed", "failed"


class Reading(models.Model):
    """One pass of the engine over a capture."""

    capture = models.ForeignKey("sources.Capture", on_delete=models.PROTECT, related_name="readings")
    progress = models.CharField(max_length=8, choices=Progress.choices, default=Progress.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began it.")
    task_id = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(progress__in=Progress.values), name="reading_progress_known"),
            models.UniqueConstraint(
                fields=["capture"],
                condition=Q(progress__in=[Progress.WAITING, Progress.READING]),
                name="reading_one_at_a_time",
            ),
        ]
        indexes = [
            # The latest reading of a capture, on every article page and status poll.
            models.Index(fields=["capture", "-asked_at"], name="reading_latest"),
        ]
        triggers = [announces("reading", on_capture())]

    def __str__(self) -> str:
        return f"{self.capture}: {self.get_progress_display()}"

    @property
    def going_on(self) -> bool:
        """Whether the page should look again."""
        return self.progress in (Progress.WAITING, Progress.READING)
