"""Who chose which policy when, and what they changed of it: the history of the one row, as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from claims.flags import CODES, Policy

MOST = 30
WEIGHTS = {"block": "blocks", "warn": "warning", "info": "for information", "off": "off"}


@dataclass(frozen=True, slots=True)
class Saved:
    """One time that the policy was saved."""

    by: Any
    at: datetime
    lines: list[str]


def policy_history(packs: dict[str, Policy]) -> list[Saved]:
    """The newest first, thirty at most. What changed is told against the one before."""
    events = apps.get_model("claims", "PolicyChoiceEvent")._default_manager
    rows = list(events.filter(version__gt=1).select_related("changed_by").order_by("-pgh_id")[: MOST + 1])
    told = []
    for at, row in enumerate(rows[:MOST]):
        before = rows[at + 1] if at + 1 < len(rows) else None
        told.append(Saved(row.changed_by, row.changed_at, lines(row, before, packs)))
    return told


def lines(row: Any, before: Any, packs: dict[str, Policy]) -> list[str]:
    """What a row has otherwise than the one before it."""
    said = []
    if before is None or row.pack != before.pack:
        pack = packs.get(row.pack)
        said.append(f"follows “{pack.title if pack else row.pack}”")
    earlier = before.changes if before is not None else {}
    for code in CODES:
        now, then = row.changes.get(code, {}), earlier.get(code, {})
        if now != then:
            said.append(f"{CODES[code]}: {change_of(now)}")
    return said or ["saved without a change"]


def change_of(now: dict[str, Any]) -> str:
    """An entry's own settings, in words."""
    parts = []
    if "severity" in now:
        parts.append(WEIGHTS.get(now["severity"], now["severity"]))
    if "question" in now:
        parts.append("only asks" if now["question"] else "doesn’t only ask")
    parts += [f"threshold {in_words(value)}" for value in now.get("thresholds", {}).values()]
    return ", ".join(parts) or "as the pack has it"


def in_words(value: Any) -> str:
    """A threshold's value in words."""
    return ", ".join(map(str, value)) or "nothing" if isinstance(value, list | tuple) else f"{value:g}"
