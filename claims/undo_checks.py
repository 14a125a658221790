"""Whether a deed can still be taken back: what it changed has to be as it left it.

Only the columns that the deed changed count, and a chain as a whole: what somebody else did beside it since
is no reason to refuse, and stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from claims import access
from claims.deeds import Change, Deed, after_it, deeds_from, events_of, undone_by
from claims.models import Hop, Verdict
from claims.models.verdict import State
from claims.sentences import DECIDED, MACHINE, Names, clause
from claims.undoable import compared, moved

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Refused(ValueError):
    """The deed can't be taken back; the message is a sentence for the person."""


def check(change: Change, now: Model | None, deed: Deed, by: User) -> None:
    """Raise ``Refused`` where the row is another one by now than the deed left it."""
    left = change.after
    if left is None or now is None:
        if (left is None) != (now is None):
            raise Refused(blame(change, [], deed, by))
        return
    names = compared(change)
    if change.kind == "Hop" and "removed_at" not in names:
        # Nobody sees what becomes of a source that was taken out since.
        names = [*names, "removed_at"]
    otherwise = [name for name in names if getattr(now, name) != getattr(left, name)]
    if otherwise:
        raise Refused(blame(change, otherwise, deed, by))


def check_chains(changes: Iterable[Change], deed: Deed, by: User) -> None:
    """Raise ``Refused`` where a chain that the deed put in another order has yet another one by now."""
    ordered = [change for change in changes if moved(change)]
    ids = {change.statement_id for change in ordered if change.statement_id is not None}
    if not ids:
        return
    events = events_of("Hop").filter(statement_id__in=ids).select_related("pgh_context").order_by("pgh_id")
    last = {pk: max(c.events[-1].pgh_id for c in ordered if c.statement_id == pk) for pk in ids}
    left: dict[int, Any] = {}
    since: dict[int, list[Any]] = defaultdict(list)
    for event in events:
        if event.pgh_id <= last[event.statement_id]:
            left[event.pgh_obj_id] = event
        else:
            since[event.statement_id].append(event)
    then = {(e.statement_id, pk, e.parent_id, e.position) for pk, e in left.items() if stands(e)}
    hops = Hop.objects.standing().filter(statement_id__in=ids)
    now = set(hops.values_list("statement_id", "pk", "parent_id", "position"))
    for pk in sorted({row[0] for row in then ^ now}):
        raise Refused(refusal(since[pk][-1] if since[pk] else None, "changed the chain", deed, by))


def stands(event: Any) -> bool:
    """Whether a hop was in its chain then."""
    return event.removed_at is None and event.pgh_label != "delete"


def check_verdicts(changes: Iterable[Change], by: User) -> None:
    """Raise ``Refused`` where somebody decided after the verdict that goes or comes back."""
    for change in changes:
        if change.kind != "Verdict":
            continue
        verdict = change.events[-1]
        later = Verdict.objects.filter(statement=verdict.statement_id, at__gte=verdict.at).exclude(
            pk=change.pk
        )
        newest = later.select_related("by").first()
        if newest:
            who = "You" if newest.by_id == by.pk else newest.by.get_username()
            said = f"{who} {DECIDED[State(newest.decision)]} since; "
            raise Refused(said + ("take that back first." if newest.by_id == by.pk else "look at it first."))


def blame(change: Change, otherwise: list[str], deed: Deed, by: User) -> str:
    """Who changed the row since, and what they did to it."""
    previous, found, said = change.events[-1], None, "changed it"
    for event in after_it(change):
        gone = event.pgh_label != "update"
        if gone or any(getattr(event, name) != getattr(previous, name) for name in otherwise):
            found, said = event, in_words(change.kind, event, previous) or "changed it"
        previous = event
    return refusal(found, said, deed, by)


def in_words(kind: str, event: Any, previous: Any) -> str:
    """What happened to one row."""
    names = Names.for_deeds(deeds_from([(kind, event, previous)]))
    return clause(Change(kind, [event], previous), names)


def refusal(event: Any | None, said: str, deed: Deed, by: User) -> str:
    """The sentence of a refusal: who did what since."""
    context = event.pgh_context if event is not None else None
    user = context.metadata.get("user") if context else None
    mine = user == by.pk
    who = "You" if mine else access.username_of(user) if user else MACHINE
    if context and deed.context in undone_by(context):
        return f"{who} took this back already."
    return f"{who} {said} since; {'take that back' if mine else 'look at it'} first."
