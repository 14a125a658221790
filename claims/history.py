"""The history of a claim, an article or a source: sentences, read from what the database's triggers kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q

from claims import access
from claims.deeds import Deed, deeds_from, events_of, whole
from claims.sentences import MACHINE, Clauses, Names, clauses, listed
from claims.undoable import decides, standing, undoable

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from claims.models import Statement
    from sources.models import Document, Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, who did it ("Hearsay" for the machine) and what, as a clause."""

    at: datetime
    who: str
    what: str
    # What this person may take back is known by this.
    deed: UUID | None = None
    # It took something back: taking that back does it again.
    again: bool = False
    taken_back: bool = False
    # On how many other claims the same was done in one go.
    others: int = 0


def of_statement(
    statement: Statement, since: datetime | None = None, *, user: User | AnonymousUser | None = None
) -> list[Entry]:
    """What happened to a statement, its chain, its flags, notes and verdicts; the latest first.

    ``since`` leaves out what happened up to that moment. For ``user``: with their own private notes, and with
    what they may take back.
    """
    return told(deeds_on(statement, user), since, user)


def deeds_on(statement: Statement, user: User | AnonymousUser | None = None) -> list[Deed]:
    """All that was ever done to a statement, the oldest first, as far as it is this person's to see."""
    # What was merged into it brings its history along.
    of_it = [statement.pk, *statement.merged_from.values_list("pk", flat=True)]
    notes = access.notes(user) if user else access.notes_of_the_desk()
    rows = whole("Statement", events_of("Statement").filter(pgh_obj_id__in=of_it))
    parts = statement.split_off.values("pk")
    rows += whole("Statement", events_of("Statement").filter(pgh_obj_id__in=parts, pgh_label="insert"))
    for kind in ("Hop", "Verdict", "Flag", "Assignment"):
        rows += whole(kind, events_of(kind).filter(statement_id__in=of_it))
    seen = events_of("Annotation").filter(statement_id__in=of_it, pgh_obj_id__in=notes.values("pk"))
    # A note that is the desk's by now may have said something else while only its author saw it.
    seen = seen.exclude(Q(private=True) & ~Q(author=user.pk if user else None))
    return deeds_from(rows + whole("Annotation", seen))


def of_document(document: Document, user: User | AnonymousUser) -> list[Entry]:
    """What happened to an article as a whole: details, who got it, if it is withdrawn; the latest first."""
    rows = whole("Document", events_of("Document").filter(pgh_obj_id=document.pk))
    rows += whole("Assignment", events_of("Assignment").filter(document=document))
    return told(deeds_from(rows), None, user)


def of_source(source: Source, user: User | AnonymousUser) -> list[Entry]:
    """What happened to a source in all articles: its name, kind and other names; the latest first."""
    rows = whole("Source", events_of("Source").filter(pgh_obj_id=source.pk))
    rows += whole("SourceAlias", events_of("SourceAlias").filter(source_id=source.pk))
    return told(deeds_from(rows), None, user)


def told(deeds: list[Deed], since: datetime | None, user: User | AnonymousUser | None) -> list[Entry]:
    """Deeds as sentences, the latest first; what the rules did in the course of one after it."""
    names = Names.for_deeds(deeds)
    known = {deed.context: deed for deed in deeds if deed.context}
    stands = standing(deeds)
    mine = {deed.context for deed in deeds if user and deed.context in stands and may_undo(deed, known, user)}
    on_others = on_how_many({context for context in mine if context})
    entries: list[Entry] = []
    for deed in deeds:
        if since and deed.at <= since:
            continue
        said = clauses(deed, names, known)
        if deed.user is None:
            said = Clauses(said.person + said.rules, [])
        if said.person:
            undone = deed.context is not None and deed.context not in stands
            entries.append(
                Entry(
                    deed.at,
                    names.who(deed.user),
                    listed(said.person),
                    deed.context if deed.context in mine else None,
                    again=bool(deed.undoes),
                    taken_back=undone,
                    others=max(0, on_others.get(deed.context, 1) - 1),
                )
            )
        if said.rules:
            entries.append(Entry(deed.at, MACHINE, listed(said.rules)))
    entries.reverse()
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def may_undo(deed: Deed, known: dict[UUID, Deed], user: User | AnonymousUser) -> bool:
    """Whether the history offers this person to take the deed back.

    What took a taking back back did the first deed again: that one is the one to take back then.
    """
    undone = [known[context] for context in deed.undoes if context in known]
    if deed.undoes and (not undone or any(each.undoes for each in undone)):
        return False
    changes = undoable(deed, known)
    return bool(changes) and access.takes_back(user, deed.user, decides=any(map(decides, changes)))


def on_how_many(contexts: set[UUID]) -> dict[UUID | None, int]:
    """On how many claims something was done in each context, where it was on more than one."""
    if not contexts:
        return {}
    of_statements = events_of("Statement").filter(pgh_context_id__in=contexts).order_by()
    of_flags = events_of("Flag").filter(pgh_context_id__in=contexts, decided_by__isnull=False).order_by()
    found: dict[UUID | None, int] = {}
    for events, name in ((of_statements, "pgh_obj_id"), (of_flags, "statement_id")):
        for context, count in events.values_list("pgh_context_id").annotate(n=Count(name, distinct=True)):
            found[context] = max(found.get(context, 0), count)
    return found


def moment_of_version(statement: Statement, version: int) -> datetime | None:
    """When the statement got to this version; None when the history does not say.

    The first event of it: a change writes what it changes while the row still has the old version.
    """
    found = events_of("Statement").filter(pgh_obj_id=statement.pk, version=version)
    event = found.order_by("pgh_id").first()
    return event.pgh_created_at if event else None
