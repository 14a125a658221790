"""What another policy would raise and close, for the articles at hand: looked at, never written."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from claims import access
from claims.flags import CODES, Policy
from claims.models import renewal
from claims.models.renewal import ANEW, CLOSES, RAISES, Change
from sources.models import Capture

MOST_ARTICLES = 200
MOST_SECONDS = 8.0
MOST_ROWS = 100  # shown by name; all are counted


@dataclass(slots=True)
class Counted:
    """What it would do to the flags of one code."""

    code: str
    raises: int = 0
    closes: int = 0
    weighs: int = 0

    @property
    def title(self) -> str:
        """What editors call the weakness."""
        return CODES[self.code]


@dataclass(slots=True)
class Preview:
    """The whole of it: by code, by statement (what it does, a title, the change), and how far it looked."""

    looked_at: int = 0
    articles: int = 0
    counted: list[Counted] = field(default_factory=list)
    rows: list[tuple[str, str, Change]] = field(default_factory=list)
    more: int = 0
    raises: int = 0
    closes: int = 0
    weighs: int = 0


def preview(user: Any, policy: Policy) -> Preview:
    """Run the rules under this policy over the newest articles, as many as the bounds allow."""
    documents = access.documents(user).filter(withdrawn_at__isnull=True)
    captures = Capture.objects.filter(document__in=documents.values("pk"), statements__isnull=False)
    newest = captures.order_by("-pk").values_list("pk", "document").distinct()
    found = Preview(articles=captures.order_by().values("document").distinct().count())
    looked_at: set[int] = set()
    counts: dict[str, Counted] = {}
    rows: dict[str, list[tuple[str, str, Change]]] = defaultdict(list)
    until = time.monotonic() + MOST_SECONDS
    for pk, document in newest[:MOST_ARTICLES]:
        if looked_at and time.monotonic() > until:
            break
        capture = Capture.objects.select_related("document__publisher").defer("data").get(pk=pk)
        for change in renewal.under(policy, capture):
            does = what(change)
            if not does:
                continue
            counted = counts.setdefault(change.code, Counted(change.code))
            setattr(counted, does, getattr(counted, does) + 1)
            setattr(found, does, getattr(found, does) + 1)
            if len(rows[does]) < MOST_ROWS:
                change.statement.capture = capture
                rows[does].append((does, CODES[change.code], change))
        looked_at.add(document)
    found.looked_at = len(looked_at)
    found.counted = [counts[code] for code in CODES if code in counts]
    found.rows = [row for does in ("raises", "closes", "weighs") for row in rows[does]][:MOST_ROWS]
    found.more = found.raises + found.closes + found.weighs - len(found.rows)
    return found


def what(change: Change) -> str:
    """What a change does, as it is counted: raises, closes, or weighs otherwise; "" for what nobody sees."""
    if change.does in (RAISES, ANEW):
        return "raises"
    if change.does == CLOSES:
        return "closes"
    flag, now = change.flag, renewal.renewed(change)
    if flag is None:
        return ""
    return "weighs" if (now["severity"], now["question"]) != (flag.severity, flag.question) else ""
