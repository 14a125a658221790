"""What of a deed there is to take back, and who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from claims.deeds import Change, Deed, columns, flags_of_people

# Who last changed it and what the engine thought of it: put back where nobody changed it since, and no reason
# to refuse where somebody did.
TRAIL = ("edited_by_id", "edited_at", "corrected_by_id", "confidence")
# What follows from other columns, or is looked at in another way.
FOLLOWS: dict[str, frozenset[str]] = {
    "Statement": frozenset({"version", *TRAIL}),
    "Document": frozenset({"version"}),
    "Claim": frozenset({"version"}),
    "Annotation": frozenset({"version", "edited_at"}),
    "Hop": frozenset({"pattern", "parent_id", "position"}),
    "Flag": frozenset({"places", "ground", "severity", "question"}),
}
# Rows of these stay when the deed that made them is taken back: nobody's words are lost, and a source that
# nothing rests on harms nobody.
STAY = ("Annotation", "Claim", "Source")
# What a note says and who sees it is its author's alone: they change it back on the note itself.
OF_ITS_AUTHOR = {"body", "private", "withdrawn_at"}


def undoable(deed: Deed, known: Mapping[UUID, Deed] | None = None) -> list[Change]:
    """The changes that taking the deed back puts right; none when it isn't to be undone.

    ``known`` are deeds that are at hand, in case this one took another one back.
    """
    if carried(deed) or deed.user is None or any(c.made for c in deed.of("Document")):
        return []
    if any(OF_ITS_AUTHOR & set(c.changed()) for c in deed.of("Annotation")):
        return []
    mine = flags_of_people(deed, known)
    made = {c.pk for c in deed.of("Statement") if c.made}
    made_sources = {c.pk for c in deed.of("Source") if c.made}
    found = []
    for change in deed.changes:
        if change.before is None and change.after is None:
            continue
        if change.made and change.kind in STAY:
            continue
        if change.kind == "Flag" and change.pk not in mine:
            continue
        if change.kind != "Statement" and change.made and change.statement_id in made:
            # It goes and comes with its statement.
            continue
        if change.kind == "SourceAlias" and change.events[-1].source_id in made_sources:
            continue
        found.append(change)
    return found if any(map(substantial, found)) else []


def by_the_rules(deed: Deed) -> list[Change]:
    """What the rules did to flags in the course of the deed."""
    mine = flags_of_people(deed)
    made = {c.pk for c in deed.of("Statement") if c.made}
    flags = [c for c in deed.of("Flag") if c.pk not in mine and c.statement_id not in made]
    return [c for c in flags if c.before is not None or c.after is not None]


def substantial(change: Change) -> bool:
    """Whether more changed than what follows from something else."""
    return change.before is None or change.after is None or bool(compared(change) or moved(change))


def carried(deed: Deed) -> bool:
    """Whether claims or notes went over to another version of their article."""
    return any("capture_id" in c.changed() for c in deed.of("Statement") + deed.of("Annotation"))


def why_not(deed: Deed) -> str:
    """What to say of a deed that isn't to be undone."""
    if carried(deed):
        return "A version of an article can’t be taken back: claims and notes went over to it."
    return "This can’t be taken back."


def decides(change: Change) -> bool:
    """Whether this is what only an editor may do."""
    changed = set(change.changed())
    if change.kind == "Flag":
        return bool({"decided_by_id", "decided_at"} & changed) and "raised_by_id" not in changed
    if change.kind == "Statement":
        return "claim_id" in changed
    if change.kind == "Document":
        return "withdrawn_at" in changed
    return change.kind in ("Verdict", "Claim")


def compared(change: Change) -> list[str]:
    """The columns that have to be as the deed left them."""
    names = columns(change.kind) if change.made else change.changed()
    return [name for name in names if name not in FOLLOWS.get(change.kind, ())]


def moved(change: Change) -> bool:
    """Whether a hop has another place in its tree."""
    return change.kind == "Hop" and (
        change.made or bool({"parent_id", "position", "removed_at"} & set(change.changed()))
    )


def standing(deeds: Sequence[Deed]) -> set[UUID]:
    """Those of the deeds that nobody took back, as far as these tell."""
    takers: dict[UUID, list[UUID]] = {}
    for deed in deeds:
        for undone in deed.undoes:
            if deed.context:
                takers.setdefault(undone, []).append(deed.context)

    def stands(context: UUID) -> bool:
        return not any(map(stands, takers.get(context, [])))

    return {deed.context for deed in deeds if deed.context and stands(deed.context)}
