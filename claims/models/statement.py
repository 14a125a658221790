"""Statements: one claim as it stands in one capture, anchored to its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, SearchVectorField
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from claims.confidence import unsure
from claims.models.anchor import anchor, inside_the_text
from claims.models.announced import on_capture
from claims.models.flag import Flag
from claims.models.hop import Hop
from claims.models.review import keeps_review
from claims.models.verdict import State, Verdict
from sources.models.announcing import announces

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from sources.models import Capture


class Stance(models.TextChoices):
    """What the last source of a chain does with the claim."""

    SAYS = "says", "says it"
    DENIES = "denies", "denies it"
    DOUBTS = "doubts", "doubts it"


class Changed(Exception):
    """Somebody else changed the statement after the person looked at it."""

    def __init__(self, statement: Statement) -> None:
        super().__init__("This claim was changed by somebody else while you were working on it.")
        self.statement = statement


class StatementQuerySet(models.QuerySet["Statement"]):
    """Statements by what a list asks for."""

    def standing(self) -> StatementQuerySet:
        """Those that nobody deleted, of articles that nobody withdrew."""
        return self.filter(deleted_at__isnull=True, capture__document__withdrawn_at__isnull=True)

    def matching(self, words: str) -> StatementQuerySet:
        """Full-text search in PostgreSQL, the best first. ``words`` as in a web search."""
        query = SearchQuery(words, search_type="websearch", config="english")
        return self.filter(search=query).annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "pk")

    def with_article(self) -> StatementQuerySet:
        """With the article of each; the capture's bytes, megabytes of them, stay where they are."""
        return self.select_related("capture__document__publisher").defer("capture__data", "capture__search")

    def for_a_list(self) -> StatementQuerySet:
        """As ``with_article``, without the text of the article either."""
        return self.with_article().defer("capture__text", "capture__structure")

    def touched(self) -> StatementQuerySet:
        """Those that a person put anything on, so that reading again must leave them alone."""
        from claims.models.annotation import Annotation
        from claims.models.assignment import Assignment

        mine = {"statement": OuterRef("pk")}
        return self.filter(
            Q(made_by__isnull=False)
            | Q(edited_by__isnull=False)
            | Q(deleted_by__isnull=False)
            | Q(claim__isnull=False)
            | ~Q(state=State.UNREVIEWED)
            | Exists(Verdict.objects.filter(**mine))
            | Exists(Annotation.objects.filter(**mine))
            | Exists(Assignment.objects.filter(**mine))
            | Exists(Flag.objects.filter(Q(raised_by__isnull=False) | Q(decided_by__isnull=False), **mine))
        )

    def lock(self, pk: int, version: int | None) -> Statement:
        """The statement, locked to the end of the transaction.

        Raises ``Changed`` when it is past ``version``; ``None`` asks for no such look.
        """
        # No key of it changes: who runs the rules over its neighbours may write flags on it meanwhile.
        statement = self.select_for_update(of=("self",), no_key=True).with_article().get(pk=pk)
        if version is not None and statement.version != version:
            raise Changed(statement)
        return statement

    def add(
        self,
        capture: Capture,
        start: int,
        end: int,
        *,
        by: User | None,
        wording: str = "",
        hearsay: bool = False,
        stance: str = Stance.SAYS,
        confidence: float | None = None,
        split_from: Statement | None = None,
    ) -> Statement:
        """A statement over ``capture.text[start:end]``. Raises ``ValueError`` for words that aren't there.

        ``confidence`` is the engine's, 0 to 1; None when a person made it.
        """
        at = anchor(capture.text, start, end)
        return self.create(
            capture=capture,
            start=at.start,
            end=at.end,
            exact=at.exact,
            prefix=at.prefix,
            suffix=at.suffix,
            wording=" ".join((wording or at.exact).split()),
            hearsay=hearsay,
            stance=stance,
            confidence=confidence,
            made_by=by,
            split_from=split_from,
        )


@pghistory.track(exclude=["search"])
class Statement(models.Model):
    """One claim as it stands in one capture. On screen it is called a claim."""

    capture = models.ForeignKey("sources.Capture", on_delete=models.PROTECT, related_name="statements")
    claim = models.ForeignKey(
        "claims.Claim", null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    wording = models.TextField(help_text="As people here put it; at first the words of the text.")
    hearsay = models.BooleanField(default=False, help_text="Said to be so, with nobody named.")
    stance = models.CharField(max_length=6, choices=Stance.choices, default=Stance.SAYS)
    confidence = models.FloatField(
        null=True,
        blank=True,
        help_text="The engine’s chance, 0 to 1, that it read this right; none for a person’s own.",
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNREVIEWED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who last changed what the engine had read: bounds, stance or chain.",
    )
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    # A part that a person split off, and a claim that one merged into another: where it came from and went.
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="split_off"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    version = models.PositiveIntegerField(
        default=1, help_text="Rises with each change; guards against lost updates."
    )
    search = models.GeneratedField(
        expression=SearchVector("wording", "exact", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["capture", "start", "end", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="statement_start_before_end"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="statement_state_known"),
            models.CheckConstraint(condition=~Q(wording=""), name="statement_has_wording"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(deleted_at__isnull=False),
                name="statement_merged_away_is_deleted",
            ),
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="statement_stance_known"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="statement_confidence_is_a_chance",
            ),
        ]
        indexes = [
            # The article page: the statements of a capture in the order of the text.
            models.Index(fields=["capture", "start"], name="statement_in_order_of_text"),
            # The list of statements by state, newest first.
            models.Index(
                fields=["state", "-id"], condition=Q(deleted_at__isnull=True), name="statement_of_state"
            ),
            # The page of a claim.
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="statement_of_claim"),
            # Full-text search.
            GinIndex(fields=["search"], name="statement_search"),
        ]
        triggers = [
            inside_the_text("statement", "NEW.capture_id", ["end"]),
            *keeps_review(
                "id, capture_id, state, deleted_at",
                "SELECT c.document_id, s.id AS statement_id FROM changed s "
                "JOIN sources_capture c ON c.id = s.capture_id",
            ),
            announces("statement", on_capture("it.id")),
        ]

    def __str__(self) -> str:
        return self.wording

    # What it says of itself

    @property
    def unsure(self) -> bool:
        """Whether the page has to call it a reading to check: the engine doubts it, no editor accepted it."""
        return unsure(self.confidence) and self.state != State.ACCEPTED

    def chains(self) -> list[tuple[Hop, ...]]:
        """The chains behind it, each nearest the reader first; none when it has no hop."""
        children: dict[int | None, list[Hop]] = {}
        prefetched = "hops" in getattr(self, "_prefetched_objects_cache", {})
        for hop in self.hops.all() if prefetched else self.hops.select_related("source"):
            if hop.removed_at is None:
                children.setdefault(hop.parent_id, []).append(hop)
        found: list[tuple[Hop, ...]] = []
        waiting: list[tuple[Hop, ...]] = [(hop,) for hop in reversed(in_order(children.get(None, [])))]
        while waiting:
            path = waiting.pop()
            further = in_order(children.get(path[-1].pk, []))
            if further:
                waiting.extend((*path, hop) for hop in reversed(further))
            else:
                found.append(path)
        return found

    # What a person does to it. Each verb is one transaction; the caller has locked the row.

    def edited(self, by: User) -> None:
        """Note who changed it, raise its version and run the rules again."""
        self.edited_by, self.edited_at = by, timezone.now()
        self.version += 1
        self.save(update_fields=["edited_by", "edited_at", "version"])
        Flag.objects.renew(Statement.objects.get(pk=self.pk))

    def corrected(self, by: User) -> None:
        """As ``edited``, where the change is to what the engine had read: its confidence was in that."""
        self.corrected_by, self.confidence = by, None
        self.save(update_fields=["corrected_by", "confidence"])
        self.edited(by)

    @transaction.atomic
    def amend(self, by: User, wording: str, start: int, end: int, stance: str = "") -> None:
        """Other words for it, other bounds or, where ``stance`` is given, another stance.

        Raises ``ValueError`` for words that aren't in the text.
        """
        stance = stance or self.stance
        at = anchor(self.capture.text, start, end)
        moved = (at.start, at.end) != (self.start, self.end)
        otherwise = moved or stance != self.stance
        wording = " ".join(wording.split())
        if moved and wording == " ".join(self.exact.split()):
            # Nobody had put it in other words, so its words follow its bounds.
            wording = ""
        self.start, self.end, self.exact, self.prefix, self.suffix = (
            at.start,
            at.end,
            at.exact,
            at.prefix,
            at.suffix,
        )
        self.wording = wording or " ".join(at.exact.split())
        self.stance = stance
        self.save(update_fields=["start", "end", "exact", "prefix", "suffix", "wording", "stance"])
        if otherwise:
            self.corrected(by)
        else:
            self.edited(by)

    @transaction.atomic
    def discard(self, by: User) -> None:
        """Delete it from the page. The row stays, so that it can come back and isn't proposed again.

        What it bore out or denied near it is looked at again.
        """
        self.deleted_by, self.deleted_at = by, timezone.now()
        self.version += 1
        self.save(update_fields=["deleted_by", "deleted_at", "version"])
        Flag.objects.renew(self)

    @transaction.atomic
    def restore(self, by: User) -> None:
        """Bring a deleted statement back as it was."""
        self.deleted_by = self.deleted_at = self.merged_into = None
        self.save(update_fields=["deleted_by", "deleted_at", "merged_into"])
        self.edited(by)

    @transaction.atomic
    def leave(self) -> None:
        """Take it out of the claim that it was joined to."""
        self.claim = None
        self.version += 1
        self.save(update_fields=["claim", "version"])

    @transaction.atomic
    def decide(self, by: User, decision: str, reason: str = "") -> Verdict:
        """Record a verdict; the earlier ones stay in the history."""
        verdict = Verdict.objects.create(statement=self, decision=decision, reason=reason.strip(), by=by)
        self.state = decision
        self.version += 1
        self.save(update_fields=["state", "version"])
        return verdict


def in_order(hops: list[Hop]) -> list[Hop]:
    """Siblings as they are shown."""
    return sorted(hops, key=lambda hop: (hop.position, hop.pk))
