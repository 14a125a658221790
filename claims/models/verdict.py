"""Verdicts: what an editor decided."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.announced import ON_STATEMENT
from sources.models.announcing import announces


class State(models.TextChoices):
    """Where a statement stands: no verdict yet, or its latest one."""

    UNREVIEWED = "unreviewed", "unreviewed"
    ACCEPTED = "accepted", "accepted"
    WEAK = "weak", "weak"
    NEEDS_SOURCE = "needs_source", "needs source"
    REJECTED = "rejected", "rejected"


DECISIONS = [choice for choice in State.choices if choice[0] != State.UNREVIEWED]


@pghistory.track()
class Verdict(models.Model):
    """An editor's decision on a statement. The latest one stands; the earlier ones stay."""

    statement = models.ForeignKey("claims.Statement", on_delete=models.PROTECT, related_name="verdicts")
    decision = models.CharField(max_length=12, choices=DECISIONS)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=[value for value, _ in DECISIONS]), name="verdict_decision_known"
            )
        ]
        # The panel shows the latest verdict of a statement.
        indexes = [models.Index(fields=["statement", "-at"], name="verdict_latest")]
        triggers = [announces("verdict", ON_STATEMENT)]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} by {self.by}"
