"""What the streams ask of the database, for all of a process at once: who may still look, and who is here.

Runs in one thread of its own; every call gives its connection back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from claims import access
from claims.live.stream import Stream
from claims.models import Presence

Here = dict[int, list[dict[str, Any]]]


def moment() -> int:
    """The oldest transaction that may not be seen yet: whatever comes later has its number or a higher."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        found: int = cursor.fetchone()[0]
    return found


def arrive(stream: Stream) -> None:
    """Set down that this page is open."""
    Presence.objects.create(
        key=stream.key,
        document_id=stream.document,
        user_id=stream.user,
        statement=stream.statement,
        seen_at=Now(),
    )


def leave(key: UUID) -> None:
    """Set down that this page is closed."""
    Presence.objects.filter(key=key).delete()


def look_round(streams: Collection[Stream]) -> tuple[set[UUID], Here]:
    """Vouch for the open pages, forget those nobody vouches for.

    Returns the streams of those who may not look any more, and who is here.
    A row that is gone, with the database’s crash or a slow process, comes back.
    """
    may_not = {stream.key for stream in streams} - access.may_still_look(
        (stream.key, stream.session, stream.user, stream.document) for stream in streams
    )
    Presence.objects.filter(key__in=may_not).delete()
    Presence.objects.bulk_create(
        [
            Presence(
                key=stream.key,
                document_id=stream.document,
                user_id=stream.user,
                statement=stream.statement,
                seen_at=Now(),
            )
            for stream in streams
            if stream.key not in may_not
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["seen_at"],
    )
    Presence.objects.gone().delete()
    return may_not, here({stream.document for stream in streams})


def here(documents: Iterable[int]) -> Here:
    """Who has each of these articles open, with the claims that are chosen; by article, then by person."""
    found: Here = defaultdict(list)
    people: dict[tuple[int, int], dict[str, Any]] = {}
    rows = Presence.objects.fresh().filter(document__in=set(documents)).select_related("user")
    for row in rows.order_by("user__username", "seen_at"):
        person = people.get((row.document_id, row.user_id))
        if person is None:
            name = row.user.get_username()
            person = {"user": row.user_id, "name": name, "claims": []}
            people[row.document_id, row.user_id] = person
            found[row.document_id].append(person)
        if row.statement and row.statement not in person["claims"]:
            person["claims"].append(row.statement)
    for person in people.values():
        person["claims"].sort()
    return found
