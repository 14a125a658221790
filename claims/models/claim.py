"""Claims: what is said, independent of where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from sources.models.announcing import announces

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import User

    from claims.models.statement import Statement


class ChangedClaim(Exception):
    """Somebody else reworded the claim after the person looked at it."""

    def __init__(self, claim: Claim) -> None:
        super().__init__("Somebody reworded this claim while you were at it.")
        self.claim = claim


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Making claims."""

    @transaction.atomic
    def join(self, statements: Collection[Statement], wording: str, by: User) -> Claim:
        """One claim of these statements: the one that they have already, else a new one.

        Raises ``ValueError`` with fewer than two statements, or when they belong to several claims.
        """
        if len(statements) < 2:
            raise ValueError("Choose at least two claims to join.")
        there = {s.claim_id for s in statements if s.claim_id}
        if len(there) > 1:
            raise ValueError("These are part of different joined claims already; take them out of one first.")
        if there:
            claim: Claim = self.get(pk=there.pop())
        else:
            claim = self.create(
                wording=" ".join(wording.split()) or statements_wording(statements), made_by=by
            )
        for statement in statements:
            if statement.claim_id != claim.pk:
                statement.claim = claim
                statement.save(update_fields=["claim"])
        return claim

    @transaction.atomic
    def reword(self, pk: int, wording: str, version: int) -> None:
        """Put a claim in other words. Raises ``ChangedClaim`` when it is past ``version``."""
        claim = self.select_for_update(no_key=True).get(pk=pk)
        if claim.version != version:
            raise ChangedClaim(claim)
        claim.wording, claim.version = wording, version + 1
        claim.save(update_fields=["wording", "version"])


def statements_wording(statements: Collection[Statement]) -> str:
    """The shortest wording among the statements, for a claim that nobody has worded yet."""
    return min((s.wording for s in statements), key=len)


@pghistory.track()
class Claim(models.Model):
    """What is said, independent of where: statements that say the same thing belong to one claim."""

    wording = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    version = models.PositiveIntegerField(
        default=1, help_text="Rises with each change; guards against lost updates."
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(wording=""), name="claim_has_wording")]
        triggers = [
            announces(
                "claim",
                "SELECT c.document_id, s.id, NULL::bigint FROM claims_statement s"
                " JOIN sources_capture c ON c.id = s.capture_id WHERE s.claim_id = it.id",
                operation=pgtrigger.Update,
            )
        ]

    def __str__(self) -> str:
        return self.wording
