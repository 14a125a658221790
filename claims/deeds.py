"""Deeds: what somebody did in one request, as the database's triggers kept it.

Each request runs in one context of pghistory, and each change of a tracked row leaves an event that is a
copy of the row as it was then. A deed is all the events of one context.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, OuterRef, Subquery
from pghistory.models import Context

UNDOES = "undoes"  # in a context's metadata: the deeds that it took back

# Each tracked model that people work on, by its app; in the order in which rows are locked.
TRACKED = {
    "Document": "sources",
    "Statement": "claims",
    "Assignment": "claims",
    "Claim": "claims",
    "Source": "sources",
    "SourceAlias": "sources",
    "Hop": "claims",
    "Verdict": "claims",
    "Annotation": "claims",
    "Flag": "claims",
}


@dataclass(slots=True)
class Change:
    """What one deed did to one row: its events, the oldest first, and the event before them."""

    kind: str
    events: list[Any]
    previous: Any | None

    @property
    def pk(self) -> int:
        """The id of the row."""
        found: int = self.events[0].pgh_obj_id
        return found

    @property
    def made(self) -> bool:
        """Whether the deed made the row."""
        return bool(self.events[0].pgh_label == "insert")

    @property
    def removed(self) -> bool:
        """Whether the deed took the row out of the database."""
        return bool(self.events[-1].pgh_label == "delete")

    @property
    def before(self) -> Any | None:
        """The row before the deed; None when there was none."""
        return None if self.made else self.previous

    @property
    def after(self) -> Any | None:
        """The row as the deed left it; None when it left none."""
        return None if self.removed else self.events[-1]

    @property
    def statement_id(self) -> int | None:
        """The statement that the row is, or is of."""
        if self.kind == "Statement":
            return self.pk
        found: int | None = getattr(self.events[-1], "statement_id", None)
        return found

    @property
    def document_id(self) -> int | None:
        """The article that the row is, or is of; None where it is of a statement."""
        if self.kind == "Document":
            return self.pk
        found: int | None = self.events[-1].document_id if self.kind == "Assignment" else None
        return found

    def changed(self) -> list[str]:
        """The columns that are not as they were before."""
        if self.before is None or self.after is None:
            return []
        return [c for c in columns(self.kind) if getattr(self.before, c) != getattr(self.after, c)]

    def by_a_person(self) -> bool:
        """Whether a person did it, rather than a rule in the course of what a person was doing."""
        if self.kind != "Flag":
            return True
        pairs = zip(self.events, [self.previous, *self.events], strict=False)
        return any(not by_a_rule(event, previous) for event, previous in pairs)


@dataclass(slots=True)
class Deed:
    """What somebody did in one context."""

    context: UUID | None
    user: int | None
    at: datetime
    undoes: tuple[UUID, ...] = ()
    changes: list[Change] = field(default_factory=list)

    def of(self, kind: str) -> list[Change]:
        """Its changes to rows of this model."""
        return [change for change in self.changes if change.kind == kind]


def model_of(kind: str) -> type[Model]:
    """The tracked model of that name."""
    return apps.get_model(TRACKED[kind], kind)


def events_of(kind: str) -> Any:
    """The events of that model."""
    return apps.get_model(TRACKED[kind], f"{kind}Event")._default_manager


def columns(kind: str) -> list[str]:
    """The columns of that model that its events keep, the id left out."""
    kept = {f.attname for f in events_of(kind).model._meta.concrete_fields}
    return [
        f.attname for f in model_of(kind)._meta.concrete_fields if f.attname in kept and not f.primary_key
    ]


def versioned(kind: str) -> bool:
    """Whether the rows of that model count their changes."""
    return "version" in columns(kind)


def by_a_rule(event: Any, previous: Any) -> bool:
    """Whether a rule did this to a flag, in the course of whatever a person was changing."""
    if previous is not None and (event.statement_id, event.hop_id) != (
        previous.statement_id,
        previous.hop_id,
    ):
        return False
    if event.raised_by_id is not None:
        return False
    # A rule that opens a flag anew takes the decision off it.
    return event.decided_at is None or (previous is not None and event.decided_at == previous.decided_at)


def undone_by(context: Context) -> tuple[UUID, ...]:
    """The deeds that this context took back: one, or those that a long work was made of."""
    return tuple(map(UUID, context.metadata.get(UNDOES, [])))


Row = tuple[str, Any, Any]  # the kind, an event, and the event of the same row before it


def deed_of(context: UUID) -> Deed | None:
    """What was done in a context, with all its changes; None when nothing was.

    Two queries for each tracked model, however much was done.
    """
    rows: list[Row] = []
    for kind in TRACKED:
        rows += with_previous(kind, events_of(kind).filter(pgh_context_id=context))
    return next(iter(deeds_from(rows)), None)


def deeds_from(rows: Iterable[Row]) -> list[Deed]:
    """Deeds of these rows, in the order in which they began; within each its changes as the rows come.

    What has no context, because no request did it, is one deed for each transaction.
    """
    deeds: dict[UUID | datetime, Deed] = {}
    changes: dict[tuple[UUID | datetime, str, int], Change] = {}
    for kind, event, previous in rows:
        context = event.pgh_context
        key = context.pk if context else event.pgh_created_at
        if key not in deeds:
            user = context.metadata.get("user") if context else None
            undoes = undone_by(context) if context else ()
            deeds[key] = Deed(context.pk if context else None, user, event.pgh_created_at, undoes)
        # Only what a request did to a row is one thing, however many times it wrote it.
        row = event.pgh_obj_id if context else -event.pgh_id
        change = changes.get((key, kind, row))
        if change:
            change.events.append(event)
        else:
            changes[key, kind, row] = made = Change(kind, [event], previous)
            deeds[key].changes.append(made)
    return sorted(deeds.values(), key=lambda deed: deed.at)


def whole(kind: str, events: Any) -> list[Row]:
    """These events, which are all that there are of some rows, each with the one before it."""
    rows: list[Row] = []
    last: dict[int, Any] = {}
    for event in events.select_related("pgh_context").order_by("pgh_id"):
        rows.append((kind, event, last.get(event.pgh_obj_id)))
        last[event.pgh_obj_id] = event
    return rows


def with_previous(kind: str, events: Any) -> list[Row]:
    """Some events of some rows, each with the one before it, which may be none of these."""
    model = events_of(kind).model
    earlier = model._default_manager.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    ).order_by("-pgh_id")
    before_id = Subquery(earlier.values("pgh_id")[:1])
    found = list(events.select_related("pgh_context").annotate(before_id=before_id).order_by("pgh_id"))
    known = {event.pgh_id: event for event in found}
    missing = {event.before_id for event in found} - {None, *known}
    if missing:
        known |= {event.pgh_id: event for event in events_of(kind).filter(pgh_id__in=missing)}
    return [(kind, event, known.get(event.before_id)) for event in found]


def roots_of(deed: Deed, known: Mapping[UUID, Deed] | None = None) -> list[Deed]:
    """The deeds that all this taking back and doing again is about; ``known`` are those that are at hand."""
    if not deed.undoes:
        return [deed]
    earlier = [known.get(context) if known is not None else deed_of(context) for context in deed.undoes]
    return [root for each in earlier if each for root in roots_of(each, known)]


def flags_of_people(deed: Deed, known: Mapping[UUID, Deed] | None = None) -> set[int]:
    """The flags that a person raised or decided on in it, or in what it took back."""
    flags = (change for root in roots_of(deed, known) for change in root.of("Flag"))
    return {change.pk for change in flags if change.by_a_person()}


def after_it(change: Change) -> Sequence[Any]:
    """What happened to the row after the deed, the oldest first."""
    last = change.events[-1].pgh_id
    found = events_of(change.kind).filter(pgh_obj_id=change.pk, pgh_id__gt=last)
    return list(found.select_related("pgh_context").order_by("pgh_id"))
