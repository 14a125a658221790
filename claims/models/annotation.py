"""Annotations: notes anchored to words, a hop or a statement, with replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from claims.models.anchor import anchor, inside_the_text
from claims.models.announced import on_capture
from sources.models.announcing import announces

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models.hop import Hop
    from claims.models.statement import Statement
    from sources.models import Capture


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """Writing notes."""

    def write(
        self,
        by: User,
        body: str,
        capture: Capture,
        *,
        statement: Statement | None = None,
        hop: Hop | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> Annotation:
        """A note on chosen words, a hop, a statement or the whole article.

        Raises ``ValueError`` for an empty note or words that aren't in the text.
        """
        if not body.strip():
            raise ValueError("Write a note first.")
        words = {}
        if start is not None and end is not None:
            at = anchor(capture.text, start, end)
            words = {
                "start": at.start,
                "end": at.end,
                "exact": at.exact,
                "prefix": at.prefix,
                "suffix": at.suffix,
            }
        return self.create(
            author=by, body=body.strip(), capture=capture, statement=statement, hop=hop, **words
        )


@pghistory.track(exclude=["search"])
class Annotation(models.Model):
    """A note that a person wrote, or a reply to one."""

    capture = models.ForeignKey("sources.Capture", on_delete=models.PROTECT, related_name="annotations")
    statement = models.ForeignKey(
        "claims.Statement", null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    hop = models.ForeignKey(
        "claims.Hop", null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    body = models.TextField()
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations")
    made_at = models.DateTimeField(auto_now_add=True)
    private = models.BooleanField(default=False, help_text="Only its author sees it.")
    search = models.GeneratedField(
        expression=SearchVector("body", weight="A", config="english")
        + SearchVector(Left("exact", 10_000), weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="annotation_has_body"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="annotation_start_before_end",
            ),
            models.CheckConstraint(
                condition=Q(hop__isnull=True) | Q(statement__isnull=False),
                name="annotation_hop_has_statement",
            ),
        ]
        indexes = [
            # The notes of a statement in the order they were written.
            models.Index(fields=["statement", "made_at"], name="annotation_of_statement"),
            # Full-text search.
            GinIndex(fields=["search"], name="annotation_search"),
        ]
        triggers = [
            inside_the_text("annotation", "NEW.capture_id", ["end"]),
            # Of a private note nobody is told, unless it was the desk’s until now.
            announces(
                "note", on_capture("it.statement_id"), unless="it.private AND OLD.private IS NOT FALSE"
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def reply(self, by: User, body: str) -> Annotation:
        """An answer in the same thread. Raises ``ValueError`` for an empty one."""
        if not body.strip():
            raise ValueError("Write a reply first.")
        return Annotation.objects.create(
            author=by,
            body=body.strip(),
            capture=self.capture,
            statement=self.statement,
            hop=self.hop,
            parent=self.parent or self,
            private=self.private,
        )
