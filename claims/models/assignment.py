"""Assignments: who has an article or a single claim to review, given by whom, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from claims.models.announced import ON_STATEMENT
from claims.models.review import keeps_review
from sources.models.announcing import ITS_DOCUMENT, announces

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models.statement import Statement
    from sources.models import Document


class Taken(Exception):
    """Somebody else has it by now than the person saw."""

    def __init__(self, now: Assignment | None) -> None:
        super().__init__(f"{now.to} has it meanwhile." if now else "It was given back or finished meanwhile.")
        self.now = now


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments by whether they still hold, and giving one."""

    def open(self) -> AssignmentQuerySet:
        """Those that nobody finished or gave back."""
        return self.filter(ended_at__isnull=True)

    def of(self, what: Document | Statement) -> Assignment | None:
        """Who has it now."""
        return self.open().filter(**about(what)).select_related("to", "by").first()

    @transaction.atomic
    def give(
        self,
        what: Document | Statement,
        to: User,
        by: User,
        deadline: datetime | None = None,
        *,
        seen: int | None = None,
    ) -> Assignment:
        """Give an article or a claim to a person, in place of whoever had it.

        ``seen`` is the id of whoever had it when ``by`` looked, 0 for nobody, None for not to look: raises
        ``Taken`` when it is somebody else now. The caller's ``what`` is locked for the time being.
        """
        there = self.held(what, seen)
        if there is None:
            return self.create(to=to, by=by, deadline=deadline, **about(what))
        there.to, there.by, there.deadline, there.at = to, by, deadline, timezone.now()
        there.save(update_fields=["to", "by", "deadline", "at"])
        return there

    @transaction.atomic
    def end(self, what: Document | Statement, by: User, *, done: bool, seen: int | None = None) -> None:
        """Note that it is done, or given back. Raises ``Taken`` as ``give`` does, or if nobody has it."""
        there = self.held(what, seen)
        if there is None:
            raise Taken(None)
        there.ended_at, there.ended_by, there.done = timezone.now(), by, done
        there.save(update_fields=["ended_at", "ended_by", "done"])

    def held(self, what: Document | Statement, seen: int | None) -> Assignment | None:
        """The open assignment, when it is that of whom was ``seen``; one at a time gets to this point."""
        type(what)._default_manager.select_for_update(of=("self",), no_key=True).only("pk").get(pk=what.pk)
        there = self.of(what)
        if seen is not None and (there.to_id if there else 0) != seen:
            raise Taken(there)
        return there


def about(what: Document | Statement) -> dict[str, object]:
    """The column that says what is assigned."""
    return {type(what)._meta.model_name or "": what}


@pghistory.track()
class Assignment(models.Model):
    """An article or a claim that a person has to review. Once ended it stays, and another can be made."""

    document = models.ForeignKey(
        "sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    statement = models.ForeignKey(
        "claims.Statement", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done = models.BooleanField(default=False, help_text="Finished, and not only given back.")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, statement__isnull=False)
                | Q(document__isnull=False, statement__isnull=True),
                name="assignment_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, done=False)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="assignment_ended_by_somebody",
            ),
            # One person at a time has a thing; these also find who.
            models.UniqueConstraint(
                fields=["document"], condition=Q(ended_at__isnull=True), name="assignment_one_for_a_document"
            ),
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(ended_at__isnull=True),
                name="assignment_one_for_a_statement",
            ),
        ]
        triggers = [
            *keeps_review(
                "id, document_id, statement_id, to_id, deadline, ended_at",
                "SELECT COALESCE(a.document_id, c.document_id) AS document_id, a.statement_id FROM changed a "
                "LEFT JOIN claims_statement s ON s.id = a.statement_id "
                "LEFT JOIN sources_capture c ON c.id = s.capture_id",
            ),
            announces("assignment", f"{ITS_DOCUMENT} WHERE it.document_id IS NOT NULL UNION {ON_STATEMENT}"),
        ]

    def __str__(self) -> str:
        return f"to {self.to} by {self.by}"
