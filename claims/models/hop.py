"""Hops: the steps of citation chains."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from claims import certainty
from claims.models.anchor import inside_the_text
from claims.models.announced import ON_STATEMENT
from sources.models.announcing import announces

MOST_SAID = 500  # characters, of how a source knows, why it isn't named, what its interest is


class Naming(models.TextChoices):
    """How far a source is identified where it is cited."""

    NAMED = "named", "named"
    DESCRIBED = "described", "described"
    PSEUDONYMOUS = "pseudonymous", "pseudonymous"
    ANONYMOUS = "anonymous", "anonymous"


class Certainty(models.TextChoices):
    """How sure the citing one makes what the source says; the grades of claims/certainty.py."""

    CLAIMED = certainty.CLAIMED, "told at a distance"
    SAID = certainty.SAID, "passed on"
    CONFIRMED = certainty.CONFIRMED, "vouched for"


# What rests on a source, as every list counts it: nothing removed, deleted or withdrawn.
RESTING = Count(
    "hops__statement",
    filter=Q(
        hops__removed_at__isnull=True,
        hops__statement__deleted_at__isnull=True,
        hops__statement__capture__document__withdrawn_at__isnull=True,
    ),
    distinct=True,
)


class HopQuerySet(models.QuerySet["Hop"]):
    """Hops by whether they still count."""

    def standing(self) -> HopQuerySet:
        """Those that nobody removed."""
        return self.filter(removed_at__isnull=True)


@pghistory.track()
class Hop(models.Model):
    """One step of a chain: a source, the cue that attributes, the words it stands on.

    The hops of a statement form a tree: a root is nearest the reader, a leaf is an origin. A hop
    that a person removes is kept, out of the tree, so that notes and flags on it keep their place.
    """

    statement = models.ForeignKey("claims.Statement", on_delete=models.CASCADE, related_name="hops")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    position = models.IntegerField(
        default=0, help_text="Among the hops of the same parent; below nought once removed."
    )
    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="hops")
    naming = models.CharField(max_length=12, choices=Naming.choices, default=Naming.NAMED)
    cue = models.CharField(max_length=300, blank=True)
    cue_start = models.PositiveIntegerField(null=True, blank=True)
    cue_end = models.PositiveIntegerField(null=True, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    link = models.CharField(max_length=2000, blank=True)
    certainty = models.CharField(
        max_length=9, choices=Certainty.choices, blank=True, help_text="Empty: as its cue puts it."
    )
    # What the text or the reporter says of the source. The rules that ask for it are content with it.
    basis = models.CharField(max_length=MOST_SAID, blank=True, help_text="How it knows.")
    reason = models.CharField(max_length=MOST_SAID, blank=True, help_text="Why it isn’t named.")
    interest = models.CharField(max_length=MOST_SAID, blank=True, help_text="What it has to gain or lose.")
    pattern = models.CharField(
        max_length=40,
        blank=True,
        help_text="The rule that put it there, a code of lexicons/patterns.toml; empty once a person did.",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = HopQuerySet.as_manager()

    class Meta:
        ordering = ["statement", "position", "pk"]
        constraints = [
            # Deferred, so that a chain can be put in another order within one transaction.
            models.UniqueConstraint(
                fields=["statement", "parent", "position"],
                name="hop_position_unique_among_siblings",
                nulls_distinct=False,
                deferrable=models.Deferrable.DEFERRED,
            ),
            # What the composite foreign keys of migration 0003 point at: a parent, a flag's hop and a
            # note's hop are of the same statement.
            models.UniqueConstraint(fields=["id", "statement"], name="hop_and_its_statement"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, position__gte=0)
                | Q(removed_at__isnull=False, position__lt=0, parent__isnull=True),
                name="hop_removed_is_out_of_the_tree",
            ),
            models.CheckConstraint(condition=Q(naming__in=Naming.values), name="hop_naming_known"),
            models.CheckConstraint(
                condition=Q(certainty__in=["", *Certainty.values]), name="hop_certainty_known"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="hop_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="hop_start_before_end",
            ),
            models.CheckConstraint(
                condition=Q(cue_start__isnull=True, cue_end__isnull=True)
                | Q(cue_start__isnull=False, cue_end__isnull=False, cue_end__gt=F("cue_start")),
                name="hop_cue_start_before_end",
            ),
        ]
        # The page of a source lists the statements that rest on it.
        indexes = [
            models.Index(
                fields=["source", "statement"],
                condition=Q(removed_at__isnull=True),
                name="hop_standing_of_source",
            )
        ]
        triggers = [
            inside_the_text(
                "hop",
                "(SELECT s.capture_id FROM claims_statement s WHERE s.id = NEW.statement_id)",
                ["end", "cue_end"],
            ),
            announces("hop", ON_STATEMENT),
        ]

    def __str__(self) -> str:
        return self.source.name

    @property
    def name(self) -> str:
        """The source's name, as chains.py and the flags read it."""
        return self.source.name

    @property
    def kind(self) -> str:
        """The source's kind, as chains.py and the flags read it."""
        return self.source.kind

    @property
    def key(self) -> int:
        """Which source this is, whatever it is called."""
        return self.source_id

    @property
    def sureness(self) -> str:
        """How sure its claim is made: as a person graded it, else as its cue puts it; "" without either."""
        return self.certainty or certainty.certainty(self.cue)

    @property
    def sureness_said(self) -> str:
        """The same in words."""
        return Certainty(self.sureness).label if self.sureness else ""

    def mark_removed(self) -> None:
        """Take it out of the tree; its children are for the caller to settle first."""
        self.removed_at, self.position, self.parent = timezone.now(), -self.pk, None
        self.save(update_fields=["removed_at", "position", "parent"])
