"""Sources: who says something."""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Upper

from sources.models.announcing import announces
from sources.names import normal_name

MOST_NAME = 300  # characters


class Kind(models.TextChoices):
    """What sort of a source it is (DESIGN.md)."""

    OUTLET = "outlet", "outlet"
    AGENCY = "agency", "agency"
    SOCIAL = "social", "channel or account"
    ORGANISATION = "organisation", "organisation"
    DOCUMENT = "document", "document"
    PERSON = "person", "person"
    GROUP = "group", "group"
    UNKNOWN = "unknown", "unknown"


def recognised(name: str) -> str:
    """The normal form of a name as the aliases hold it: that of what fits into the database."""
    return normal_name(name[:MOST_NAME])[:MOST_NAME]


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources by name."""

    def known_as(self, name: str, *, within: Any = None) -> SourceQuerySet:
        """Sources with this name or alias: those of ``within`` first, then the newsroom's own."""
        aliases = Q(aliases__normal=recognised(name))
        scope = Q(aliases__within__isnull=True)
        if within is not None:
            scope |= Q(aliases__within=within)
        return self.filter(aliases & scope).order_by(models.F("within").asc(nulls_last=True), "pk").distinct()

    def find_or_make(self, name: str, kind: str = Kind.UNKNOWN, *, within: Any = None) -> Source:
        """The source of that name in that scope, made with its first alias when there is none.

        ``within`` is the document of an unnamed source: "a US official" here is not the one there,
        so such a source is known by its name in that document alone. Raises ``ValueError`` for a
        name without letters or digits.
        """
        name = " ".join(name.split())[:MOST_NAME]
        normal = recognised(name)
        if not normal:
            raise ValueError("A source needs a name.")
        scoped: Any = Q(aliases__within=within) if within else Q(aliases__within__isnull=True)
        found = self.filter(scoped, aliases__normal=normal).first()
        if found:
            return found
        with transaction.atomic():
            made = self.create(name=name, kind=kind, within=within)
            alias, new = SourceAlias.objects.get_or_create(
                normal=normal, within=within, defaults={"source": made, "name": name}
            )
            if not new:
                # Somebody else made it between the look and the making: theirs stands.
                made.delete()
                return alias.source
        return made


@pghistory.track()
class Source(models.Model):
    """Who says something: an outlet, a channel, an official, an unnamed person."""

    name = models.CharField(max_length=MOST_NAME)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.UNKNOWN)
    # Unnamed sources of different documents are different sources until a person joins them.
    within = models.ForeignKey(
        "sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="unnamed_sources"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="source_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="source_has_name"),
        ]
        indexes = [
            # The list of sources filters by kind and orders by name.
            models.Index(fields=["kind", "name"], name="source_kind_name"),
            # The list of articles by letters of the publisher's name.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="source_name_letters"),
        ]
        # An unnamed source is known to its article alone; any other may stand on every page.
        triggers = [
            announces("source", "SELECT it.within_id, NULL::bigint, it.id", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.name

    def goes_by(self, name: str) -> bool:
        """Whether this is one of its names, in whatever spelling."""
        return self.aliases.filter(normal=recognised(name)).exists()

    def rename(self, name: str, kind: str) -> None:
        """Give it another name or kind; the old name stays as an alias."""
        self.name, self.kind = " ".join(name.split())[:MOST_NAME], kind
        with transaction.atomic():
            self.save(update_fields=["name", "kind"])
            self.add_alias(self.name)

    def add_alias(self, name: str) -> SourceAlias:
        """Another name of this source. Raises ``ValueError`` when it is another source's or empty."""
        name = " ".join(name.split())[:MOST_NAME]
        normal = recognised(name)
        if not normal:
            raise ValueError("An alias needs a name.")
        alias, _ = SourceAlias.objects.get_or_create(
            normal=normal, within=self.within, defaults={"source": self, "name": name}
        )
        if alias.source_id != self.pk:
            raise ValueError(f"“{alias.name}” is already a name of {alias.source.name}.")
        return alias


@pghistory.track(exclude=["search"])
class SourceAlias(models.Model):
    """A name that a source goes by; unique when case, accents, article and quotes are put aside."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=MOST_NAME)
    normal = models.CharField(max_length=MOST_NAME, editable=False)
    within = models.ForeignKey(
        "sources.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search = models.GeneratedField(
        expression=SearchVector("normal", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name_plural = "source aliases"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["normal", "within"],
                name="alias_unique_when_normal",
                nulls_distinct=False,
                violation_error_message="Another source has this name.",
            ),
            models.CheckConstraint(condition=~Q(normal=""), name="alias_has_name"),
        ]
        indexes = [
            # The list of sources and the type-ahead, by letters anywhere in a name.
            GinIndex(fields=["normal"], opclasses=["gin_trgm_ops"], name="alias_letters"),
            # Full-text search.
            GinIndex(fields=["search"], name="alias_search"),
        ]

    def __str__(self) -> str:
        return self.name
