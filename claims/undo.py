"""Taking a deed back: every row that it changed is again what it was before, or nothing is.

A deed is what one person did in one request (``claims/deeds.py``). Taking it back is a deed too: it leaves
its trace, says in its context what it undoes, and can be taken back itself. What the rules did to flags in
the course of a deed never stands in the way: it goes with the deed where it can, and the rules run again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, ProtectedError
from django.utils import timezone

from claims import access
from claims.deeds import (
    TRACKED,
    UNDOES,
    Change,
    Deed,
    columns,
    deed_of,
    model_of,
    versioned,
)
from claims.models import Flag, Statement, renewal
from claims.sentences import Names, taken_back
from claims.undo_checks import Refused, check, check_chains, check_verdicts
from claims.undoable import FOLLOWS, TRAIL, by_the_rules, decides, undoable, why_not
from sources.models import Capture, Document, Source

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOBODY = UUID(int=0)
READ_BY_RULES = {"start", "end", "stance", "hearsay", "deleted_at"}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What was taken back: the deed, and the statements and documents that it was about."""

    deed: Deed
    by: int
    statements: list[int]
    documents: list[int]

    def said(self) -> str:
        """What was taken back, or done again, as a sentence."""
        deed, known = self.deed, {self.deed.context or NOBODY: self.deed}
        while deed.undoes and (earlier := deed_of(deed.undoes[0])):
            known[deed.undoes[0]] = deed = earlier
        taking_back = Deed(None, self.by, self.deed.at, (self.deed.context or NOBODY,))
        return taken_back(taking_back, Names.for_deeds([*known.values()]), known)


def take_back(context: UUID | str, by: User) -> TakenBack:
    """Put every row that the deed of this context changed back to what it was before, in one transaction.

    Raises ``LookupError`` when there is no such deed for this person to see, ``PermissionDenied`` when they
    may not take it back, and ``Refused`` when somebody changed the same since, or it isn't to be undone.
    Nothing is written then.
    """
    deed = deed_of(UUID(str(context)))
    if deed is None:
        raise LookupError("There is nothing to take back.")
    try:
        with transaction.atomic():
            return _take_back(deed, by)
    except (IntegrityError, ProtectedError):
        raise Refused("Something else rests on it by now; look at it first.") from None


def _take_back(deed: Deed, by: User) -> TakenBack:
    changes = undoable(deed)
    statements = {s.pk: s for s in lock_statements(changes)}
    documents = {s.capture.document_id for s in statements.values()} | {c.document_id or 0 for c in changes}
    documents.discard(0)
    if not seen_by(by, changes, documents):
        raise LookupError("There is nothing to take back.")
    if not access.takes_back(by, deed.user, decides=any(map(decides, changes))):
        raise PermissionDenied("Only an editor may take this back.")
    if not changes:
        raise Refused(why_not(deed))
    followed = by_the_rules(deed)
    for pk in captures_of(read_again(changes) | read_again(followed)):
        renewal.hold(Capture(pk=pk))
    now = lock_rows([*changes, *followed])
    check_verdicts(changes, by)
    for change in changes:
        check(change, now.get((change.kind, change.pk)), deed, by)
    check_chains(changes, deed, by)
    with pghistory.context(user=by.pk) as now_doing:
        # One request may take back several: what a long work was made of.
        undoes = now_doing.metadata.setdefault(UNDOES, [])
        undoes.append(str(deed.context))
        put_back(changes, now, by)
        put_flags_back(followed, now, by)
        rules_again(changes, statements)
    return TakenBack(deed, by.pk, sorted(statements), sorted(documents))


def seen_by(by: User, changes: Iterable[Change], documents: set[int]) -> bool:
    """Whether the person may see all of it."""
    notes = {c.pk for c in changes if c.kind == "Annotation"}
    if access.documents(by).filter(pk__in=documents).count() < len(documents):
        return False
    return access.notes(by).filter(pk__in=notes).count() == len(notes) if notes else True


# Locking: documents, statements, captures, then the rest, as everywhere


def lock_statements(changes: Iterable[Change]) -> list[Statement]:
    """The statements that are changed, or whose hops, verdicts or flags are, locked after the documents."""
    changes = list(changes)
    documents = {c.document_id or 0 for c in changes if c.document_id}
    if documents:
        list(Document.objects.select_for_update().filter(pk__in=documents).order_by("pk").values_list("pk"))
    wanted = {c.statement_id for c in changes if c.statement_id is not None}
    locked = Statement.objects.select_for_update(of=("self",), no_key=True)
    return list(locked.filter(pk__in=wanted).select_related("capture").defer(*HEAVY).order_by("pk"))


HEAVY = ("capture__data", "capture__text", "capture__structure", "capture__search")


def lock_rows(changes: Iterable[Change]) -> dict[tuple[str, int], Model]:
    """The rows of the changes as they are now, locked to the end of the transaction."""
    found: dict[tuple[str, int], Model] = {}
    wanted = defaultdict(set)
    for change in changes:
        wanted[change.kind].add(change.pk)
    for kind in TRACKED:
        if wanted[kind]:
            locked = model_of(kind)._base_manager.select_for_update(no_key=True)
            rows = locked.filter(pk__in=wanted[kind]).order_by("pk")
            found |= {(kind, row.pk): row for row in rows}
    return found


def captures_of(statements: set[int]) -> list[int]:
    """The captures that these statements are of."""
    found = Statement.objects.filter(pk__in=statements).order_by("capture").values_list("capture", flat=True)
    return list(found.distinct())


# Putting it back


def put_back(changes: Iterable[Change], now: dict[tuple[str, int], Model], by: User) -> None:
    """Write what was before; rows that the deed made go the way of their model."""
    # Alike changes of many rows are written at once: a deed may be a verdict on hundreds of claims.
    alike: dict[tuple[str, str], tuple[dict[str, Any], list[int]]] = {}
    gone: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        values = values_before(change, now.get((change.kind, change.pk)), by)
        if values is None:
            gone[change.kind].append(change.pk)
        elif change.after is None:
            bring_back(change)
        elif values:
            alike.setdefault((change.kind, repr(sorted(values.items()))), (values, []))[1].append(change.pk)
    for (kind, _), (values, pks) in alike.items():
        model_of(kind)._base_manager.filter(pk__in=pks).update(**values)
    for kind, pks in gone.items():
        model_of(kind)._base_manager.filter(pk__in=pks).delete()
    touched = {c.statement_id or 0 for c in changes if c.kind in ("Statement", "Hop", "Verdict")}
    Statement.objects.filter(pk__in=touched).update(version=F("version") + 1)
    for kind in {change.kind for change in changes} - {"Statement"}:
        if versioned(kind):
            rows = model_of(kind)._base_manager.filter(pk__in=[c.pk for c in changes if c.kind == kind])
            rows.update(version=F("version") + 1)
    with connection.cursor() as cursor:
        # What is only looked at on commit is looked at here, where there is a sentence for it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def put_flags_back(followed: Iterable[Change], now: dict[tuple[str, int], Model], by: User) -> None:
    """As ``put_back``, for what the rules did: where nothing else happened to a flag since."""
    for change in followed:
        flag = now.get(("Flag", change.pk))
        if change.after is None:
            same = {name: getattr(change.before, name) for name in ("statement_id", "hop_id", "code")}
            if not Flag.objects.filter(**same).exists():
                bring_back(change)
        elif flag is not None and all(
            getattr(flag, name) == getattr(change.after, name) for name in columns("Flag")
        ):
            values = values_before(change, flag, by)
            if values:
                Flag.objects.filter(pk=change.pk).update(**values)
            elif values is None:
                with suppress(ProtectedError), transaction.atomic():
                    Flag.objects.filter(pk=change.pk).delete()


def values_before(change: Change, now: Any, by: User) -> dict[str, Any] | None:
    """The columns to write so that the row is what it was before; None when the row is to go."""
    if change.before is None:
        if change.kind == "Statement":
            return {"deleted_at": timezone.now(), "deleted_by_id": by.pk}
        if change.kind == "Hop":
            return {"removed_at": timezone.now(), "position": -change.pk, "parent_id": None}
        return None
    if change.after is None:
        return {}
    names = set(change.changed()) - {"version"}
    trail = set(TRAIL) if change.kind == "Statement" else FOLLOWS.get(change.kind, frozenset())
    if change.kind != "Hop" and any(
        getattr(now, name) != getattr(change.after, name) for name in trail & names
    ):
        names -= trail
    return {name: getattr(change.before, name) for name in names}


def bring_back(change: Change) -> None:
    """A row that the deed took out of the database, as it was."""
    said = {name: getattr(change.before, name) for name in columns(change.kind)}
    # Raw: its times are those of then.
    model_of(change.kind)(pk=change.pk, **said).save_base(raw=True, force_insert=True)


def read_again(changes: Iterable[Change]) -> set[int]:
    """The statements that the rules have to be run over."""
    return {
        change.statement_id
        for change in changes
        if change.statement_id is not None
        and (change.kind in ("Hop", "Flag") or (change.kind == "Statement" and by_rules(change)))
    }


def by_rules(change: Change) -> bool:
    """Whether the rules read what changed of a statement."""
    return change.made or bool(READ_BY_RULES & set(change.changed()))


def rules_again(changes: Iterable[Change], statements: dict[int, Statement]) -> None:
    """Have the flags follow what was put back."""
    of_capture: dict[int, list[int]] = defaultdict(list)
    for pk in read_again(changes):
        if pk in statements:
            of_capture[statements[pk].capture_id].append(pk)
    for capture, pks in sorted(of_capture.items()):
        if len(pks) == 1:
            Flag.objects.renew(Statement.objects.with_article().get(pk=pks[0]))
        else:
            Flag.objects.renew_all(Capture.objects.defer("data").select_related("document").get(pk=capture))
    for change in changes:
        if change.kind == "Source" and {"name", "kind"} & set(change.changed()):
            source = Source.objects.get(pk=change.pk)
            renewal.follow(f"the correction of {source.name} was taken back", source=source)
        if change.kind == "Document" and "title" in change.changed():
            document = Document.objects.get(pk=change.pk)
            renewal.follow("the correction of the title was taken back", document=document)
