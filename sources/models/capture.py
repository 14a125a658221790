"""Captures: what we saw of a document at one moment."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left, Length

from sources.models.announcing import ITS_DOCUMENT, announces
from sources.models.document import Document

# Code points of a text that are searched, some 16,000 words. PostgreSQL refuses a vector over a megabyte, and
# with it the whole row: a text made of nothing but new words in four-byte letters has to fit.
SEARCHED = 100_000


class CaptureQuerySet(models.QuerySet["Capture"]):
    """Captures by what is read of them."""

    def last_of_each(self) -> CaptureQuerySet:
        """Of each document the last one, which its page shows."""
        later = Capture.objects.filter(
            Q(taken_at__gt=OuterRef("taken_at")) | Q(taken_at=OuterRef("taken_at"), pk__gt=OuterRef("pk")),
            document=OuterRef("document"),
        )
        return self.filter(~Exists(later))


class CaptureManager(models.Manager.from_queryset(CaptureQuerySet)):  # type: ignore[misc]
    """Leaves the search vector, as long as the text itself, where it is."""

    def get_queryset(self) -> Any:
        """As always, without the vector."""
        return super().get_queryset().defer("search")


class Capture(models.Model):
    """What we saw of a document at one moment. The database refuses any change to it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="captures")
    data = models.BinaryField(help_text="The bytes as they came.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes, in hexadecimal.")
    text = models.TextField(help_text="The text that every offset counts in, in code points.")
    text_sha256 = models.CharField(max_length=64, help_text="Of the text, white space folded.")
    length = models.GeneratedField(
        expression=Length("text"), output_field=models.PositiveIntegerField(), db_persist=True
    )
    structure = models.JSONField(help_text="Where the blocks and links of the page lie in the text.")
    media_type = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField(null=True, help_text="The HTTP status, when it was fetched.")
    requested_url = models.CharField(max_length=2000, blank=True)
    final_url = models.CharField(max_length=2000, blank=True)
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    search = models.GeneratedField(
        expression=SearchVector(Left("text", SEARCHED), config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CaptureManager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="capture_same_bytes_once"),
            models.CheckConstraint(condition=~Q(text=""), name="capture_has_text"),
        ]
        indexes = [
            # Taking in looks whether the same words are here already.
            models.Index(fields=["text_sha256"], name="capture_same_words"),
            # The latest capture of a document.
            models.Index(fields=["document", "-taken_at", "-id"], name="capture_latest"),
            # Full-text search.
            GinIndex(fields=["search"], name="capture_search"),
        ]
        triggers = [
            pgtrigger.Protect(name="capture_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
            announces("capture", ITS_DOCUMENT, operation=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.document} as of {self.taken_at:%d %b %Y %H:%M}"
