"""What people here corrected of the engine's readings, as gold that bench/ can score it on.

The format is that of ../shared/measure/chains: one row for each capture, offsets in code points over
its ``text``. Nothing of who corrected, when or why, no note, and nothing of a withdrawn article is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, Q

from claims.models import Hop, Statement
from claims.models.verdict import State
from sources.models import Capture

MARKED = Q(made_by__isnull=False, deleted_at__isnull=True)
CORRECTED = Q(corrected_by__isnull=False, deleted_at__isnull=True)
ACCEPTED = Q(state=State.ACCEPTED, deleted_at__isnull=True)
# Wholly the machine's, and a person took it off the page.
REFUSED = Q(made_by__isnull=True, corrected_by__isnull=True, deleted_at__isnull=False)

Span = tuple[int, int]


def rows() -> Iterator[dict[str, Any]]:
    """A row for each capture that a person corrected, in the order in which they were taken in.

    ``claims`` are what a person marked, corrected or accepted, ``rejected`` what the engine had read
    and a person deleted. ``unplaced`` are claims with a source that no word of the text outside the
    claim stands for: the evaluator can't check these, so they are kept apart.
    """
    said = Statement.objects.filter(MARKED | CORRECTED | ACCEPTED | REFUSED)
    said = said.filter(capture__document__withdrawn_at__isnull=True)
    captures = Capture.objects.filter(pk__in=said.values("capture")).defer("data").order_by("pk")
    for capture in captures.iterator(chunk_size=20):
        mine = (
            said.filter(capture=capture)
            .prefetch_related(
                Prefetch("hops", Hop.objects.standing().select_related("source")), "hops__source__aliases"
            )
            .order_by("start", "end", "pk")
        )
        yield row(capture, list(mine))


def row(capture: Capture, statements: list[Statement]) -> dict[str, Any]:
    """What was said of one capture."""
    made: dict[str, Any] = {"file": f"capture-{capture.pk}", "text": capture.text}
    lists: dict[str, list[dict[str, Any]]] = {"claims": [], "rejected": [], "unplaced": []}
    for statement in statements:
        for claim in claims_of(statement, capture.text):
            placed = all(hop["span"] for hop in claim["chain"])
            where = "rejected" if statement.deleted_at else "claims" if placed else "unplaced"
            lists[where].append(claim)
    return made | lists


def claims_of(statement: Statement, text: str) -> list[dict[str, Any]]:
    """A claim for each chain of the statement, with the same span; one with an empty chain if it has none."""
    span = trimmed(text, statement.start, statement.end)
    stance = {} if statement.stance == "says" else {"stance": statement.stance}
    chains = statement.chains() or [()]
    return [
        {"claim": list(span), "chain": [hop_of(hop, span, text) for hop in chain]} | stance
        for chain in chains
    ]


def hop_of(hop: Hop, claim: Span, text: str) -> dict[str, Any]:
    """A hop as the evaluator has it; ``span`` is None where no words outside the claim stand for it."""
    span = None
    if hop.start is not None and hop.end is not None:
        span = trimmed(text, hop.start, hop.end)
    if span is None or meet(span, claim):
        span = nearest_mention(hop, claim, text)
    return {"span": list(span) if span else None, "name": hop.name, "kind": kind_of(hop)}


def kind_of(hop: Hop) -> str:
    """The evaluator's kind: it has no groups, and calls people without a name anonymous."""
    if hop.kind in ("person", "group", "unknown"):
        return "person" if hop.naming == "named" else "anonymous"
    return "official_body" if hop.kind == "organisation" else hop.kind


def nearest_mention(hop: Hop, claim: Span, text: str) -> Span | None:
    """Where the text has the source's name, or another that it goes by, nearest the claim and outside it."""
    names = sorted(
        {hop.name, *(alias.name for alias in hop.source.aliases.all())}, key=lambda n: (-len(n), n)
    )
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.I)
    found = [m.span() for m in pattern.finditer(text) if not meet(m.span(), claim)]
    return min(found, key=lambda at: (max(claim[0] - at[1], at[0] - claim[1]), at), default=None)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without white space at its edges."""
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def meet(a: Span, b: Span) -> bool:
    """Whether two spans share a character."""
    return a[0] < b[1] and b[0] < a[1]
