"""Annotations: notes anchored to words, a hop, a flag, a statement or a whole article, with replies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils import timezone

from claims.models.anchor import anchor, inside_the_text
from claims.models.announced import on_capture
from sources.models.announcing import announces

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models.flag import Flag
    from claims.models.hop import Hop
    from claims.models.statement import Statement
    from sources.models import Capture


MOST_TAG = 40  # characters


class NoteChanged(Exception):
    """The note was changed after the person looked at it, in another window of theirs."""

    def __init__(self, note: Annotation) -> None:
        super().__init__("This note was changed while you were writing.")
        self.note = note


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """Writing notes, and taking one in hand."""

    def threads(self) -> AnnotationQuerySet:
        """Those that no other note stands above: each begins a thread."""
        return self.filter(parent__isnull=True)

    def lock(self, pk: int, version: int | None = None) -> Annotation:
        """The note, locked to the end of the transaction.

        Raises ``NoteChanged`` when it is past ``version``; ``None`` asks for no such look.
        """
        note = self.select_for_update(of=("self",), no_key=True).select_related("capture").get(pk=pk)
        if version is not None and note.version != version:
            raise NoteChanged(note)
        return note

    def write(
        self,
        by: User,
        body: str,
        capture: Capture,
        *,
        statement: Statement | None = None,
        hop: Hop | None = None,
        flag: Flag | None = None,
        start: int | None = None,
        end: int | None = None,
        private: bool = False,
        tags: Sequence[str] = (),
    ) -> Annotation:
        """A note on chosen words, a hop, a flag, a statement or the whole article.

        Raises ``ValueError`` for an empty note or words that aren't in the text.
        """
        if not body.strip():
            raise ValueError("Write a note first.")
        words: dict[str, Any] = {}
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
            author=by,
            body=body.strip(),
            capture=capture,
            statement=statement,
            hop=hop,
            flag=flag,
            private=private,
            tags=list(tags),
            **words,
        )


@pghistory.track(exclude=["search"])
class Annotation(models.Model):
    """A note that a person wrote, or a reply to one. Its words are never lost: the history keeps them."""

    capture = models.ForeignKey("sources.Capture", on_delete=models.PROTECT, related_name="annotations")
    statement = models.ForeignKey(
        "claims.Statement", null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    hop = models.ForeignKey(
        "claims.Hop", null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    flag = models.ForeignKey(
        "claims.Flag", null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    body = models.TextField(help_text="Markdown; see claims/markdown.py.")
    tags = ArrayField(models.CharField(max_length=MOST_TAG), default=list, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations")
    made_at = models.DateTimeField(auto_now_add=True)
    private = models.BooleanField(default=False, help_text="Only its author sees it, and the replies to it.")
    edited_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="By its author; its words stay.")
    version = models.PositiveIntegerField(
        default=1, help_text="Rises with each change of its words, tags or readers."
    )
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
            models.CheckConstraint(
                condition=Q(flag__isnull=True) | Q(statement__isnull=False, hop__isnull=True),
                name="annotation_flag_has_statement",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(tags=[], resolved_at__isnull=True),
                name="annotation_thread_has_tags_and_end",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="annotation_resolved_by_somebody",
            ),
            # What a composite foreign key points at, so that a reply is as private as what it answers.
            models.UniqueConstraint(fields=["id", "private"], name="annotation_and_who_sees_it"),
        ]
        indexes = [
            # The notes of a statement in the order they were written.
            models.Index(fields=["statement", "made_at"], name="annotation_of_statement"),
            # The list of threads, newest first.
            models.Index(
                fields=["-made_at", "-id"],
                condition=Q(parent__isnull=True, withdrawn_at__isnull=True),
                name="annotation_threads",
            ),
            # Threads by tag.
            GinIndex(fields=["tags"], name="annotation_tags"),
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

    # What a person does to it. Each verb is one transaction.

    @transaction.atomic
    def reply(self, by: User, body: str) -> Annotation:
        """An answer in the same thread, seen by the same people; a resolved thread is open again.

        Raises ``ValueError`` for an empty one.
        """
        if not body.strip():
            raise ValueError("Write a reply first.")
        # Locked, so that its author can't hide it in the same moment.
        thread = Annotation.objects.lock(self.parent_id or self.pk)
        thread.reopen()
        return Annotation.objects.create(
            author=by,
            body=body.strip(),
            capture=thread.capture,
            statement=thread.statement,
            hop=thread.hop,
            flag=thread.flag,
            parent=thread,
            private=thread.private,
        )

    def answered_by_others(self) -> bool:
        """Whether anybody but its author replied: then it can't be hidden from them any more."""
        return self.replies.exclude(author=self.author_id).exists()

    @transaction.atomic
    def amend(self, body: str, *, tags: Sequence[str] | None = None, private: bool | None = None) -> None:
        """Other words and, for the note that begins a thread, other tags or readers. The caller locked it.

        Replies are seen by whom the thread is seen: the database takes them along. Raises ``ValueError`` for
        an empty note, and for hiding one that somebody else has answered.
        """
        body = body.strip()
        if not body:
            raise ValueError("Write a note first.")
        if private and not self.private and self.answered_by_others():
            raise ValueError("Somebody has answered this note, so it stays with the desk.")
        said: dict[str, Any] = {"body": body, "tags": self.tags if tags is None else list(tags)}
        said["private"] = self.private if private is None else private
        if all(getattr(self, name) == value for name, value in said.items()):
            return
        if body != self.body:
            self.edited_at = timezone.now()
        for name, value in said.items():
            setattr(self, name, value)
        self.version += 1
        self.save(update_fields=[*said, "edited_at", "version"])

    def resolve(self, by: User) -> None:
        """Say that the thread is settled. It is folded, and stays."""
        if self.resolved_at is None:
            self.resolved_by, self.resolved_at = by, timezone.now()
            self.save(update_fields=["resolved_by", "resolved_at"])

    def reopen(self) -> None:
        """Say that the thread isn't settled after all."""
        if self.resolved_at is not None:
            self.resolved_by = self.resolved_at = None
            self.save(update_fields=["resolved_by", "resolved_at"])

    def withdraw(self) -> None:
        """Take it back, leaving a trace: its words are folded away, and replies stay."""
        if self.withdrawn_at is None:
            self.withdrawn_at, self.version = timezone.now(), self.version + 1
            self.save(update_fields=["withdrawn_at", "version"])

    def restore(self) -> None:
        """Put a withdrawn note back."""
        if self.withdrawn_at is not None:
            self.withdrawn_at, self.version = None, self.version + 1
            self.save(update_fields=["withdrawn_at", "version"])
