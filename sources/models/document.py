"""Documents: articles, posts and reports as published by a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from sources.models.announcing import ITSELF, announces

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from sources.models.capture import Capture


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents by whether they are hidden."""

    def standing(self) -> DocumentQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


@pghistory.track(exclude=["search"])
class Document(models.Model):
    """An article, post or report as published by a source. Its words are in its captures."""

    title = models.CharField(max_length=500)
    publisher = models.ForeignKey(
        "sources.Source", null=True, blank=True, on_delete=models.PROTECT, related_name="published"
    )
    byline = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    url_normal = models.CharField(max_length=2000, blank=True, editable=False)
    desk = models.CharField(
        max_length=60, blank=True, help_text="The part of the newsroom whose article it is, as a label."
    )
    sample = models.BooleanField(default=False, help_text="An invented sample of the demo.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="documents_taken_in"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(
        default=1, help_text="Rises with each change; guards against lost updates."
    )
    # Its words are searched in Capture.search.
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("byline", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["url_normal"], condition=~Q(url_normal=""), name="document_one_for_each_address"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="document_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            # The list of articles: the standing ones, newest first.
            models.Index(
                fields=["-made_at", "-id"],
                condition=Q(withdrawn_at__isnull=True),
                name="document_standing_newest",
            ),
            # The same list by letters of the title; Django compares with UPPER where case doesn't count.
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="document_title_letters"),
            # The labels in use, and the articles of one.
            models.Index(fields=["desk"], condition=~Q(desk=""), name="document_of_desk"),
            # Full-text search.
            GinIndex(fields=["search"], name="document_search"),
        ]
        triggers = [announces("document", ITSELF, operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.title

    @property
    def latest_capture(self) -> Capture | None:
        """What we saw of it last, without its bytes."""
        return self.captures.defer("data").order_by("-taken_at", "-pk").first()

    def withdraw(self, by: User) -> None:
        """Hide it; nothing is deleted."""
        self.withdrawn_at, self.withdrawn_by = timezone.now(), by
        self.save(update_fields=["withdrawn_at", "withdrawn_by"])

    def restore(self) -> None:
        """Show it again."""
        self.withdrawn_at = self.withdrawn_by = None
        self.save(update_fields=["withdrawn_at", "withdrawn_by"])
