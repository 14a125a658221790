"""Flags: named weaknesses, raised by a rule or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Case as Choice
from django.db.models import IntegerField, Q, Value, When
from django.utils import timezone

from claims.flags import CODES
from claims.models.announced import ON_STATEMENT
from claims.models.review import keeps_review
from claims.questions import QUESTIONS
from sources.models.announcing import announces

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
    CLOSED = "closed", "closed by itself"


class Severity(models.TextChoices):
    """How much a flag weighs."""

    BLOCK = "block", "blocks"
    WARN = "warn", "warning"
    INFO = "info", "for information"


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
        """Run the rules over a statement as it stands and over those near it; see ``renewal``."""
        from claims.models import renewal

        renewal.renew(statement)

    def renew_all(self, capture: Capture) -> None:
        """Run the rules over every statement of a capture."""
        from claims.models import renewal

        renewal.renew_all(capture)


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
    ground = models.CharField(
        max_length=64, blank=True, help_text="Digest of the words that a rule’s flag rests on."
    )
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
    reason = models.TextField(
        blank=True, help_text="Why it was dismissed or waived, closed by itself, or opened anew."
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "hop", "code"], nulls_distinct=False, name="flag_one_of_a_code"
            ),
            # What a composite foreign key points at: the flag that a note is on is of the same statement.
            models.UniqueConstraint(fields=["id", "statement"], name="flag_and_its_statement"),
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
            ),
            # The queue, and how often each code was confirmed or dismissed.
            models.Index(fields=["code", "state"], name="flag_of_code_and_state"),
        ]
        triggers = [
            *keeps_review(
                "id, statement_id, state, severity",
                "SELECT c.document_id, s.id AS statement_id FROM changed f "
                "JOIN claims_statement s ON s.id = f.statement_id "
                "JOIN sources_capture c ON c.id = s.capture_id",
            ),
            announces("flag", ON_STATEMENT),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What editors call this weakness; where its rule only proposes it, as a question."""
        return QUESTIONS.get(self.code, CODES[self.code]) if self.question else CODES[self.code]

    @property
    def plain_title(self) -> str:
        """What editors call this weakness, where it heads others of its code."""
        return CODES[self.code]

    @property
    def settled_by_person(self) -> bool:
        """Whether its state is somebody's decision, not a rule's doing."""
        settled = (FlagState.CONFIRMED, FlagState.DISMISSED, FlagState.WAIVED)
        return self.state in settled and self.decided_by_id is not None

    def decide(self, state: str, by: User, reason: str = "") -> None:
        """Confirm, dismiss, waive or open again. Raises ``ValueError`` for a dismissal without a reason."""
        if state == FlagState.DISMISSED and not reason.strip():
            raise ValueError("Say why you dismiss this flag.")
        self.state, self.reason = state, reason.strip()
        self.decided_by, self.decided_at = by, timezone.now()
        self.save(update_fields=["state", "reason", "decided_by", "decided_at"])
