"""Flags: named weaknesses, raised by a rule or a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Case as Choice
from django.db.models import IntegerField, Q, Value, When
from django.utils import timezone

from claims.flags import CODES, Article, Case, Claimed, Raised, load, raise_all, raise_flags

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models.hop import Hop
    from claims.models.statement import Statement
    from sources.models import Capture


class FlagState(models.TextChoices):
    """Open, then what a person or the text made of it."""

    OPEN = "open", "open"
    CONFIRMED = "confirmed", "confirmed"
    DISMISSED = "dismissed", "dismissed"
    WAIVED = "waived", "waived"
    CLOSED = "closed", "closed: its ground is gone"


class Severity(models.TextChoices):
    """How much a flag weighs."""

    BLOCK = "block", "blocks"
    WARN = "warn", "warning"
    INFO = "info", "for information"


NEAR = 16  # sentences; no rule looks further for another statement

WORST_FIRST = Choice(
    When(severity=Severity.BLOCK, then=Value(0)),
    When(severity=Severity.WARN, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags by state, and the rules' own."""

    def standing(self) -> FlagQuerySet:
        """Those that say something about the statement now: open or confirmed."""
        return self.filter(state__in=[FlagState.OPEN, FlagState.CONFIRMED])

    def worst_first(self) -> FlagQuerySet:
        """Blocking ones first."""
        return self.order_by(WORST_FIRST, "raised_at", "pk")

    @transaction.atomic
    def raise_by_hand(
        self, statement: Statement, by: User, code: str, why: str, severity: str, hop: Hop | None = None
    ) -> Flag:
        """A person's flag. One of that code that was settled or closed opens again with this reason.

        Raises ``ValueError`` when one of that code stands on it already.
        """
        there = self.select_for_update().filter(statement=statement, hop=hop, code=code).first()
        if there is None:
            try:
                with transaction.atomic():
                    return self.create(
                        statement=statement,
                        hop=hop,
                        code=code,
                        severity=severity,
                        why=why.strip(),
                        raised_by=by,
                    )
            except IntegrityError:
                there = self.select_for_update().get(statement=statement, hop=hop, code=code)
        if there.state in (FlagState.OPEN, FlagState.CONFIRMED):
            raise ValueError(f"“{there.title}” stands on this already. Confirm it, or write a note.")
        there.state, there.why, there.severity = FlagState.OPEN, why.strip(), severity
        there.raised_by, there.raised_at = by, timezone.now()
        there.decided_by = there.decided_at = None
        there.reason = ""
        there.save()
        return there

    def renew(self, statement: Statement) -> None:
        """Run the rules over a statement as it stands, and over those near it, which it may bear out or deny.

        The same twice changes nothing. A rule's flag whose ground is gone closes; one whose ground is back
        opens
        again. What a person confirmed, dismissed or waived stays as it is, and so does what a person raised.
        """
        statements, article = read_again(statement.capture)
        at = article.sentence_number(statement.start)
        near = [
            (each, claimed)
            for each, claimed in zip(statements, article.statements, strict=True)
            if each.pk == statement.pk or abs(article.sentence_number(claimed.start) - at) <= NEAR
        ]
        self.settle([(each, list(raise_flags(Case(article, claimed), load()))) for each, claimed in near])

    def renew_all(self, capture: Capture) -> None:
        """Run the rules over every statement of a capture."""
        statements, article = read_again(capture)
        self.settle(list(zip(statements, raise_all(article, load()), strict=True)))

    def settle(self, raised: Sequence[tuple[Statement, Sequence[Raised]]]) -> None:
        """Bring the rules' flags on these statements to what the rules raise now."""
        there: dict[int, dict[tuple[int | None, str], Flag]] = {each.pk: {} for each, _ in raised}
        for flag in self.filter(statement__in=list(there)):
            there[flag.statement_id][flag.hop_id, flag.code] = flag
        for statement, found in raised:
            self._settle_one(statement, found, there[statement.pk])

    def _settle_one(
        self, statement: Statement, found: Sequence[Raised], there: dict[tuple[int | None, str], Flag]
    ) -> None:
        for each in found:
            flag = there.get((None, each.code))
            if flag is None:
                self.create(statement=statement, code=each.code, **columns(each))
            elif flag.raised_by_id is None and flag.state in (FlagState.OPEN, FlagState.CLOSED):
                now = {"state": FlagState.OPEN, **columns(each)}
                if any(getattr(flag, name) != value for name, value in now.items()):
                    for name, value in now.items():
                        setattr(flag, name, value)
                    flag.save(update_fields=list(now))
        codes = {each.code for each in found}
        for (hop, code), flag in there.items():
            if (
                (hop is not None or code not in codes)
                and flag.raised_by_id is None
                and flag.state == FlagState.OPEN
            ):
                flag.state = FlagState.CLOSED
                flag.save(update_fields=["state"])


def columns(raised: Raised) -> dict[str, Any]:
    """What a rule says, as a flag's columns hold it."""
    return {
        "severity": raised.severity,
        "why": raised.why,
        "places": [list(place) for place in raised.places],
        "question": raised.question,
    }


def read_again(capture: Capture) -> tuple[list[Statement], Article]:
    """A capture's standing statements, and the article that the rules read, in the same order."""
    from claims.models.hop import Hop

    statements = list(
        capture.statements.filter(deleted_at__isnull=True)
        .prefetch_related(models.Prefetch("hops", Hop.objects.standing().select_related("source")))
        .order_by("start", "end", "pk")
    )
    links = None
    if not capture.media_type.startswith("text/plain"):
        links = [(link["start"], link["end"]) for link in capture.structure.get("links", [])]
    article = Article(
        capture.text,
        [Claimed(s.start, s.end, s.chains(), s.hearsay, s.stance) for s in statements],
        capture.document.title,
        links,
    )
    return statements, article


@pghistory.track()
class Flag(models.Model):
    """A named weakness of a statement or of one of its hops."""

    statement = models.ForeignKey("claims.Statement", on_delete=models.PROTECT, related_name="flags")
    hop = models.ForeignKey(
        "claims.Hop", null=True, blank=True, on_delete=models.PROTECT, related_name="flags"
    )
    code = models.CharField(max_length=24)
    severity = models.CharField(max_length=5, choices=Severity.choices, default=Severity.WARN)
    why = models.TextField()
    places = models.JSONField(
        default=list, help_text="The words that it rests on: [start, end] over the text."
    )
    question = models.BooleanField(default=False, help_text="The rule isn’t sure enough to say; it asks.")
    state = models.CharField(max_length=9, choices=FlagState.choices, default=FlagState.OPEN)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="flags_raised"
    )
    raised_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="flags_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why it was dismissed.")

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "hop", "code"], nulls_distinct=False, name="flag_one_of_a_code"
            ),
            models.CheckConstraint(condition=Q(code__in=list(CODES)), name="flag_code_known"),
            models.CheckConstraint(condition=Q(state__in=FlagState.values), name="flag_state_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="flag_severity_known"),
        ]
        # The lists filter statements by a flag that stands.
        indexes = [
            models.Index(
                fields=["code", "statement"],
                condition=Q(state__in=["open", "confirmed"]),
                name="flag_standing_of_code",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What editors call this weakness."""
        return CODES[self.code]

    @property
    def settled_by_person(self) -> bool:
        """Whether its state is somebody's decision, not a rule's doing."""
        return self.state in (FlagState.CONFIRMED, FlagState.DISMISSED) and self.decided_by_id is not None

    def decide(self, state: str, by: User, reason: str = "") -> None:
        """Confirm, dismiss or open again. Raises ``ValueError`` for a dismissal without a reason."""
        if state == FlagState.DISMISSED and not reason.strip():
            raise ValueError("Say why you dismiss this flag.")
        self.state, self.reason = state, reason.strip()
        self.decided_by, self.decided_at = by, timezone.now()
        self.save(update_fields=["state", "reason", "decided_by", "decided_at"])
