"""How much of a claim a page has seen, and who changed it since."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.db.models import Q

from claims.history import MACHINE
from claims.models import Hop, Statement

# Written out, since building it takes Django longer than PostgreSQL takes to answer.
COUNT = """
SELECT (SELECT count(*) FROM claims_statementevent WHERE pgh_obj_id = %(pk)s)
  + (SELECT count(*) FROM claims_hopevent WHERE statement_id = %(pk)s)
  + (SELECT count(*) FROM claims_flagevent WHERE statement_id = %(pk)s)
  + (SELECT count(*) FROM claims_annotationevent
      WHERE statement_id = %(pk)s AND (NOT private OR author_id = %(user)s))
  + (SELECT count(*) FROM claims_verdictevent WHERE statement_id = %(pk)s)
  + (SELECT count(*) FROM claims_assignmentevent WHERE statement_id = %(pk)s)
"""
OF_A_CLAIM = ("Statement", "Hop", "Flag", "Annotation", "Verdict", "Assignment")


def seen(user: User | AnonymousUser, statement: Statement, chains: list[tuple[Hop, ...]]) -> str:
    """What tells whether a panel shows the claim as it is now: “12.3f9a…”.

    The events of its history that the user may know of are counted, because a transaction that began earlier
    may be seen later. Its sources’ names and the joined claim’s words have histories of their own.
    """
    around = [(hop.source.name, hop.kind) for chain in chains for hop in chain]
    joined = (statement.claim_id, statement.claim.version) if statement.claim else None
    digest = blake2s(repr((around, joined)).encode(), digest_size=6).hexdigest()
    return f"{count(user, statement)}.{digest}"


def count(user: User | AnonymousUser, statement: Statement) -> int:
    """How many ``events`` there are; every panel asks."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"pk": statement.pk, "user": user.pk})
        return int(cursor.fetchone()[0])


def changed_by(user: User | AnonymousUser, statement: Statement, before: str) -> list[str]:
    """Who did what came after ``before`` (of ``seen``), by name; ``Hearsay`` for the machine alone."""
    known = before.partition(".")[0]
    there = events(user, statement)
    new = there[int(known) :] if known.isdecimal() and len(known) < 9 else there[-1:]
    actors = {who for _, _, who in new if who}
    names = User.objects.filter(pk__in=actors).order_by("username").values_list("username", flat=True)
    return list(names) or ([MACHINE] if new else [])


def events(user: User | AnonymousUser, statement: Statement) -> list[tuple[Any, int, int | None]]:
    """When, in which order and by whom it was changed, the earliest first; others’ private notes left out."""
    asked = []
    for name in OF_A_CLAIM:
        mine = {"pgh_obj_id" if name == "Statement" else "statement_id": statement.pk}
        found = apps.get_model("claims", f"{name}Event").objects.filter(**mine).order_by()
        if name == "Annotation":
            found = found.filter(Q(private=False) | Q(author=user.pk))
        asked.append(found.values_list("pgh_created_at", "pgh_id", "pgh_context__metadata__user"))
    first, *others = asked
    return sorted(first.union(*others, all=True), key=lambda event: (event[0], event[1]))
