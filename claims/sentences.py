"""What happened, in words: each change of a row as a clause, and a deed as clauses that make one sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils.timezone import localtime

from claims.deeds import Change, Deed
from claims.flags import CODES
from claims.models.flag import FlagState
from claims.models.statement import Stance
from claims.models.verdict import State
from sources.models import Source
from sources.models.source import Kind

MACHINE = "Hearsay"
WORDS_CHANGED = "changed the words"
MOVED = "moved "
DECIDED = {
    State.ACCEPTED: "accepted it",
    State.WEAK: "called it weak",
    State.NEEDS_SOURCE: "asked for a source",
    State.REJECTED: "rejected it",
}
OF_AN_ARTICLE = {"byline": "byline", "published_on": "date", "url": "address"}


@dataclass(frozen=True, slots=True)
class Names:
    """What accounts and sources are called, asked for once."""

    people: dict[int, str]
    sources: dict[int, str]

    @classmethod
    def for_deeds(cls, deeds: Iterable[Deed]) -> Names:
        """All that these deeds speak of: two queries."""
        deeds = list(deeds)
        users = {deed.user for deed in deeds if deed.user}
        users |= {c.events[-1].to_id for deed in deeds for c in deed.of("Assignment")}
        events = [e for d in deeds for c in d.changes for e in (*c.events, c.previous) if e is not None]
        return cls(
            {user.pk: user.get_username() for user in User.objects.filter(pk__in=users)}, sources_of(events)
        )

    def who(self, user: int | None) -> str:
        """An account’s name; that of the machine where nobody acted."""
        return self.people.get(user, "Somebody") if user else MACHINE


def sources_of(events: Iterable[Any]) -> dict[int, str]:
    """What the sources are called that these events speak of."""
    ids = {getattr(event, name, None) or 0 for event in events for name in ("source_id", "publisher_id")}
    return dict(Source.objects.filter(pk__in=ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a deed was: what the person did, and what the rules did in the course of it."""

    person: list[str]
    rules: list[str]


def clauses(deed: Deed, names: Names, known: Mapping[UUID, Deed]) -> Clauses:
    """A deed in words; ``known`` are other deeds that are at hand, of which it may have taken one back."""
    if deed.undoes:
        return Clauses([taken_back(deed, names, known)], [])
    # With a new version the words of hops only went along.
    carrying = any("capture_id" in change.changed() for change in deed.of("Statement"))
    of_rows: dict[str, list[str]] = defaultdict(list)
    raised, rules = [], []
    for change in deed.changes:
        said = clause(change, names)
        if not said or change.kind == "Hop" or own_name(change, deed):
            continue
        if change.by_a_person():
            of_rows[change.kind].append(said)
        elif change.made:
            raised.append(f"“{CODES.get(change.events[0].code, change.events[0].code)}”")
        else:
            rules.append(said)
    hops = [
        said for said in of_chain(deed.of("Hop"), names) if not (carrying and said.startswith(WORDS_CHANGED))
    ]
    person = of_rows.pop("Statement", []) + hops + [said for kind in of_rows.values() for said in kind]
    # What was done to many at once is said once.
    person = list(dict.fromkeys(person))
    return Clauses(person, ([f"raised {listed(raised)}"] if raised else []) + rules)


def own_name(change: Change, deed: Deed) -> bool:
    """Whether this is the name that a source was made with, or renamed to, in the same deed."""
    if change.kind != "SourceAlias":
        return False
    alias = change.events[-1]
    return any(c.pk == alias.source_id and alias.name == c.events[-1].name for c in deed.of("Source"))


def taken_back(deed: Deed, names: Names, known: Mapping[UUID, Deed]) -> str:
    """What a deed took back, or did again by taking back that taking back."""
    root, back = deed, False
    while root.undoes:
        earlier = [known[context] for context in root.undoes if context in known]
        if not earlier:
            return "took something back"
        # Where there are several they are parts of one long work, and each claim is in one of them.
        root, back = earlier[0], not back
    did = listed(clauses(root, names, {}).person) or "changed something"
    whose = f", by {names.who(root.user)}" if root.user != deed.user else ""
    return f"{'took back' if back else 'did again'}: {did}{whose}"


def clause(change: Change, names: Names) -> str:
    """What a deed did to one row, without who did it; "" where there is nothing to say."""
    event = change.events[0] if change.made else change.events[-1]
    if change.kind == "Assignment":
        return of_assignment(event, None if change.made else change.previous, names)
    return sentence(change.kind, event, None if change.made else change.previous, names.sources)


def of_chain(hops: Sequence[Change], names: Names) -> list[str]:
    """What a deed did to the sources of a chain: some put in, some taken out, or only their order changed."""
    of_each: dict[int | None, list[Change]] = defaultdict(list)
    for change in hops:
        of_each[change.statement_id].append(change)
    said: list[str] = []
    for changes in of_each.values():
        put_in = [c for c in changes if c.made and not c.removed and c.events[-1].removed_at is None]
        if put_in:
            named = [names.sources.get(c.events[-1].source_id, "a source") for c in put_in]
            said.append(f"put {listed(named)} into the chain")
        others = [(c, clause(c, names)) for c in changes if not c.made]
        apart = [what for _, what in others if what and not what.startswith(MOVED)]
        said += apart
        if not put_in and not apart and any(what for _, what in others):
            said.append(reordered([c for c, what in others if what], names))
    return said


def reordered(changes: Sequence[Change], names: Names) -> str:
    """Which source came nearer the reader."""
    by_pk = {change.pk: change for change in changes}
    for change in changes:
        other = by_pk.get((change.events[-1].pgh_obj_id and getattr(change.previous, "parent_id", None)) or 0)
        if other and other.events[-1].parent_id == change.pk:
            name = names.sources.get(change.events[-1].source_id, "a source")
            past = names.sources.get(other.events[-1].source_id, "a source")
            return f"moved {name} nearer the reader, before {past}"
    name = names.sources.get(changes[0].events[-1].source_id, "a source")
    return f"moved {name} in the chain" if len(changes) == 1 else "put the sources into another order"


def listed(parts: Sequence[str]) -> str:
    """Parts of a sentence, one after the other."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def sentence(kind: str, event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to one row, as a clause without who did it; "" where there is nothing to say."""
    return SENTENCE[kind](event, previous, sources) if kind in SENTENCE else ""


def changed(event: Any, previous: Any, *fields: str) -> bool:
    """Whether any of the fields differs from the event before."""
    return previous is not None and any(getattr(event, f) != getattr(previous, f) for f in fields)


def of_statement_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to the statement's own row."""
    if event.pgh_label == "insert":
        return f"split “{shortened(event.exact)}” off" if event.split_from_id else "marked this claim"
    said = []
    if changed(event, previous, "merged_into_id") and event.merged_into_id:
        return f"merged “{shortened(event.exact)}” into another claim"
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


def of_annotation_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to a note."""
    what, said = "reply" if event.parent_id else "note", shortened(event.body)
    if event.pgh_label == "insert":
        return f"{'replied' if event.parent_id else 'noted'}: {said}"
    if previous is None or changed(event, previous, "private"):
        if event.parent_id:
            return ""
        return (
            f"hid this note from the desk: {said}" if event.private else f"let the desk see the note: {said}"
        )
    if changed(event, previous, "body"):
        return f"edited the {what} “{shortened(previous.body)}” to “{said}”"
    if changed(event, previous, "withdrawn_at"):
        return f"{'withdrew' if event.withdrawn_at else 'put back'} the {what} “{said}”"
    if changed(event, previous, "resolved_at"):
        return f"{'resolved' if event.resolved_at else 'reopened'} the note “{said}”"
    return f"tagged the note “{said}”" if changed(event, previous, "tags") else ""


def of_verdict_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """A verdict."""
    reason = f": {event.reason}" if event.reason else ""
    return f"{DECIDED[event.decision]}{reason}" if event.pgh_label == "insert" else ""


def of_document_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to an article as a whole."""
    if event.pgh_label == "insert":
        return "took this article in"
    if changed(event, previous, "withdrawn_at"):
        return "withdrew this article" if event.withdrawn_at else "brought this article back"
    said = []
    if changed(event, previous, "title"):
        said.append(f"changed the title from “{shortened(previous.title)}” to “{shortened(event.title)}”")
    if changed(event, previous, "publisher_id"):
        name = sources.get(event.publisher_id, "")
        said.append(f"set the publisher to {name}" if name else "took the publisher off")
    for column, what in OF_AN_ARTICLE.items():
        if changed(event, previous, column):
            now = getattr(event, column)
            said.append(f"set the {what} to {now}" if now else f"took the {what} off")
    return listed(said)


def of_source_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to a source, in all articles."""
    said = []
    if changed(event, previous, "name"):
        said.append(f"renamed {previous.name} to {event.name}")
    if changed(event, previous, "kind"):
        was, now = Kind(previous.kind).label, Kind(event.kind).label
        said.append(f"changed the kind of {event.name} from {was} to {now}")
    return listed(said)


def of_alias_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """Another name of a source."""
    if event.pgh_label == "insert":
        return f"wrote down that {sources.get(event.source_id, 'it')} is {event.name} too"
    return (
        f"took the name {event.name} off {sources.get(event.source_id, 'it')}"
        if event.pgh_label == "delete"
        else ""
    )


def of_assignment(event: Any, previous: Any, names: Names) -> str:
    """Who has it to review now."""
    if changed(event, previous, "ended_at") and event.ended_at:
        return "finished its review" if event.done else f"took it off {names.who(event.to_id)}"
    until = f", until {localtime(event.deadline):%-d %b %H:%M}" if event.deadline else ""
    return "" if event.pgh_label == "delete" else f"gave it to {names.who(event.to_id)}{until}"


def of_claim_row(event: Any, previous: Any, sources: dict[int, str]) -> str:
    """What happened to a joined claim."""
    if not changed(event, previous, "wording"):
        return ""
    return f"reworded the joined claim from “{shortened(previous.wording)}” to “{shortened(event.wording)}”"


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
    "Document": of_document_row,
    "Source": of_source_row,
    "SourceAlias": of_alias_row,
    "Claim": of_claim_row,
}
