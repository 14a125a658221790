"""The history of a statement as sentences, read from what the database's triggers kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User

from claims.flags import CODES
from claims.models import Statement
from claims.models.flag import FlagState
from claims.models.statement import Stance
from claims.models.verdict import State
from sources.models import Source

MACHINE = "Hearsay"
WORDS_CHANGED = "changed the words"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, who did it ("Hearsay" for the machine) and what, as a clause."""

    at: datetime
    who: str
    what: str


def of_statement(statement: Statement, since: datetime | None = None) -> list[Entry]:
    """What happened to a statement, its chain, its flags, notes and verdicts; the latest first.

    ``since`` leaves out what happened up to that moment.
    """
    pk = statement.pk
    rows: list[tuple[Any, Any, str]] = []
    for name, mine in (
        ("Statement", {"pgh_obj_id": pk}),
        ("Hop", {"statement_id": pk}),
        ("Flag", {"statement_id": pk}),
        ("Annotation", {"statement_id": pk}),
        ("Verdict", {"statement_id": pk}),
    ):
        events = apps.get_model("claims", f"{name}Event").objects.filter(**mine)
        before: dict[int, Any] = {}
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            rows.append((event, before.get(event.pgh_obj_id), name))
            before[event.pgh_obj_id] = event
    people = {
        user.pk: user.get_username() for user in User.objects.filter(pk__in=actors(e for e, _, _ in rows))
    }
    sources = dict(
        Source.objects.filter(pk__in={e.source_id for e, _, n in rows if n == "Hop"}).values_list(
            "pk", "name"
        )
    )
    # With a new version the words of hops only went along.
    carryings = {e.pgh_created_at for e, p, n in rows if n == "Statement" and changed(e, p, "capture_id")}
    entries = []
    for event, previous, name in rows:
        if since and event.pgh_created_at <= since:
            continue
        what = SENTENCE[name](event, previous, sources)
        if name == "Hop" and event.pgh_created_at in carryings and what.startswith(WORDS_CHANGED):
            continue
        if what:
            by_a_rule = name == "Flag" and no_person_s(event, previous)
            who = MACHINE if by_a_rule else people.get(actor(event) or 0, MACHINE)
            entries.append(Entry(event.pgh_created_at, who, what))
    # One transaction has one time: within it, too, what came last is first.
    entries.reverse()
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def moment_of_version(statement: Statement, version: int) -> datetime | None:
    """When the statement got to this version; None when the history does not say.

    The first event of it: a change writes what it changes while the row still has the old version.
    """
    events = apps.get_model("claims", "StatementEvent").objects
    event = events.filter(pgh_obj_id=statement.pk, version=version).order_by("pgh_id").first()
    return event.pgh_created_at if event else None


def actor(event: Any) -> int | None:
    """The id of the account that acted, as the request's context has it."""
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def actors(events: Iterable[Any]) -> set[int]:
    """The accounts that acted in any of these."""
    return {user for user in map(actor, events) if user}


def changed(event: Any, previous: Any, *fields: str) -> bool:
    """Whether any of the fields differs from the event before."""
    return previous is not None and any(getattr(event, f) != getattr(previous, f) for f in fields)


def of_statement_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to the statement's own row."""
    if event.pgh_label == "insert":
        return "marked this claim"
    said = []
    if changed(event, previous, "deleted_at"):
        return "deleted this claim" if event.deleted_at else "brought this claim back"
    if changed(event, previous, "capture_id"):
        return carried(event, previous)
    if changed(event, previous, "start", "end"):
        said.append(f"moved its bounds to “{shortened(event.exact)}”")
    followed = said and event.wording == " ".join(event.exact.split())
    if changed(event, previous, "wording") and not followed:
        said.append(f"reworded it from “{shortened(previous.wording)}” to “{shortened(event.wording)}”")
    if changed(event, previous, "stance"):
        said.append(f"set down that the source {Stance(event.stance).label}")
    if changed(event, previous, "claim_id"):
        said.append("joined it with other claims" if event.claim_id else "took it out of a joined claim")
    return " and ".join(said)


def carried(event: Any, previous: Any) -> str:
    """What became of the statement in a new version of its article."""
    said = "carried it over to a new version"
    if previous.exact.split() != event.exact.split():
        said += f", where “{shortened(previous.exact)}” is “{shortened(event.exact)}”"
    return f"{said}, and opened the verdict again" if changed(event, previous, "state") else said


# What can be written down of a source, as a clause that its name ends.
OF_A_SOURCE = {
    "certainty": "graded the certainty of",
    "basis": "wrote down how they know, of",
    "reason": "wrote down why they aren’t named, of",
    "interest": "wrote down the interest of",
}


def told(words: str) -> str:
    """What was written down, behind who it is of."""
    return f": {shortened(words)}" if words else ", to take it out"


def of_hop_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to a hop."""
    name = sources.get(event.source_id, "a source")
    if event.pgh_label == "insert":
        return f"put {name} into the chain"
    if event.pgh_label == "delete" or (changed(event, previous, "removed_at") and event.removed_at):
        return f"took {name} out of the chain"
    if changed(event, previous, "source_id"):
        return f"replaced {sources.get(previous.source_id, 'a source')} by {name}"
    said = []
    if changed(event, previous, "naming"):
        said.append(f"changed the naming of {name} from {previous.naming} to {event.naming}")
    if changed(event, previous, "cue"):
        said.append(f"changed the cue of {name} from “{previous.cue}” to “{event.cue}”")
    if changed(event, previous, "link"):
        said.append(f"set the link of {name} to {event.link}" if event.link else f"took the link off {name}")
    said += [
        f"{clause} {name}{told(getattr(event, field))}"
        for field, clause in OF_A_SOURCE.items()
        if changed(event, previous, field)
    ]
    if changed(event, previous, "start", "end") and not said:
        said.append(f"{WORDS_CHANGED} that {name} stands on")
    if changed(event, previous, "parent_id") and not said:
        said.append(f"moved {name} in the chain")
    return " and ".join(said)


def of_flag_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to a flag."""
    title = CODES.get(event.code, event.code)
    if event.pgh_label == "insert":
        return f"raised “{title}”"
    if not changed(event, previous, "state"):
        return ""
    if event.state == FlagState.CLOSED:
        return f"closed “{title}” by itself: {event.reason or 'its ground is gone'}"
    reason = f": {event.reason}" if event.reason else ""
    if event.state == FlagState.OPEN and reason and event.decided_at is None:
        return f"opened “{title}” anew, because its ground changed. {event.reason}"
    verb = {
        FlagState.CONFIRMED: "confirmed",
        FlagState.DISMISSED: "dismissed",
        FlagState.WAIVED: "waived",
        FlagState.OPEN: "reopened",
    }[event.state]
    return f"{verb} “{title}”{reason}"


def no_person_s(event: Any, previous: Any) -> bool:
    """Whether a rule did this to a flag, in the course of whatever a person was changing."""
    if event.raised_by_id is not None:
        return False
    # A rule that opens a flag anew takes the decision off it.
    return event.decided_at is None or (previous is not None and not changed(event, previous, "decided_at"))


def of_annotation_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to a note."""
    if event.pgh_label != "insert":
        return ""
    return f"{'replied' if event.parent_id else 'noted'}: {shortened(event.body)}"


def of_verdict_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """A verdict."""
    reason = f": {event.reason}" if event.reason else ""
    return f"decided “{State(event.decision).label}”{reason}" if event.pgh_label == "insert" else ""


def sentence(kind: str, event: Any, previous: Any) -> str:
    """What happened to one row, as a clause without who did it; "" where there is nothing to say."""
    if kind not in SENTENCE:
        return ""
    ids = {e.source_id for e in (event, previous) if e is not None and kind == "Hop"}
    return SENTENCE[kind](event, previous, dict(Source.objects.filter(pk__in=ids).values_list("pk", "name")))


def shortened(words: str, most: int = 90) -> str:
    """Words cut to fit a line."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


SENTENCE = {
    "Statement": of_statement_row,
    "Hop": of_hop_row,
    "Flag": of_flag_row,
    "Annotation": of_annotation_row,
    "Verdict": of_verdict_row,
}
