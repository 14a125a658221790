"""How often editors here confirmed and dismissed what a rule raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from claims.models import Flag
from claims.models.flag import FlagState

ENOUGH = 10  # decisions, before anything is said of a rule
MOSTLY = 0.9  # the share of dismissals at which a rule is called one that this newsroom doesn't want


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a code's flags here, as far as rules raised them."""

    code: str
    open: int
    confirmed: int
    dismissed: int
    waived: int

    @property
    def decided(self) -> int:
        """How often somebody said whether it holds."""
        return self.confirmed + self.dismissed

    @property
    def mostly_dismissed(self) -> bool:
        """Whether nine in ten of enough decisions were dismissals."""
        return self.decided >= ENOUGH and self.dismissed >= MOSTLY * self.decided


def records(statements: Any) -> dict[str, Record]:
    """By code, over the flags of these statements that rules raised."""
    states = {
        state: Count("pk", filter=Q(state=state))
        for state in (FlagState.OPEN, FlagState.CONFIRMED, FlagState.DISMISSED, FlagState.WAIVED)
    }
    by_rules = Flag.objects.filter(raised_by__isnull=True, statement__in=statements.values("pk"))
    counted = by_rules.order_by().values("code").annotate(**{s.value: n for s, n in states.items()})
    return {row["code"]: Record(**row) for row in counted}  # type: ignore[call-arg]
