"""What others did while somebody was away, on what is theirs or what they reviewed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.models import Assignment, Member, Statement, Verdict
from claims.recent import Told, deeds_since
from sources.models import Document

AT_FIRST = timedelta(days=7)
AT_MOST = timedelta(days=30)
MOST = 30  # lines


def since_when(user: User) -> datetime:
    """Since when: the moment up to which they have seen it, but no longer than a month ago."""
    now = timezone.now()
    seen = Member.objects.filter(user=user).values_list("desk_seen_at", flat=True).first()
    return max(seen or now - AT_FIRST, now - AT_MOST)


def while_away(user: User, since: datetime) -> list[Told]:
    """What others did since then, the latest first: a line for each claim or article, with its address."""
    had = Assignment.objects.filter(to=user)
    # What was theirs until somebody took it off them lately is among it, else they would never hear of that.
    had = had.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since))
    documents = Document.objects.filter(Exists(had.filter(document=OuterRef("pk"))))
    statements = Statement.objects.filter(
        Exists(Verdict.objects.filter(statement=OuterRef("pk"), by=user))
        | Exists(had.filter(statement=OuterRef("pk")))
    )
    return deeds_since(user, since, statements=statements, documents=documents, most=MOST)


def seen(user: User, until: datetime) -> None:
    """Note that they have seen what was done until then; never earlier than they said before."""
    mine = Member.objects.filter(user=user)
    earlier = Q(desk_seen_at__isnull=True) | Q(desk_seen_at__lt=until)
    mine.filter(earlier).update(desk_seen_at=min(until, timezone.now()))
