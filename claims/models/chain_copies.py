"""Chains that go to another claim: copied in the place of its own, or united with them.

As in chain_edits.py each verb works on statements that the caller has locked, in the caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from claims.models.chain_edits import children, roots
from claims.models.hop import Hop

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models.statement import Statement

# What a hop says, its place in the tree apart. Offsets count in the text, which both claims share.
SAID = ("source_id", "naming", "cue", "cue_start", "cue_end", "start", "end", "link")
TOLD = ("certainty", "basis", "reason", "interest")


def same_text(statement: Statement, other: Statement) -> None:
    """Raise ``ValueError`` unless these are two standing claims of one text."""
    if statement.pk == other.pk:
        raise ValueError("Choose another claim.")
    if statement.capture_id != other.capture_id:
        raise ValueError("Those claims are not of the same text.")
    if other.deleted_at:
        raise ValueError("That claim is deleted.")


def copy_of(hop: Hop, to: Statement, parent: Hop | None, by: User, pattern: str = "") -> Hop:
    """The same step in another claim's chain, behind ``parent`` and beside what is there."""
    beside = children(parent) if parent else roots(to)
    return Hop.objects.create(
        statement=to,
        parent=parent,
        position=beside[-1].position + 1 if beside else 0,
        made_by=by,
        pattern=pattern,
        **{name: getattr(hop, name) for name in (*SAID, *TOLD)},
    )


def copy_hops(statement: Statement, to: Statement, by: User, *, with_reasons: bool = False) -> dict[int, Hop]:
    """Copy all chains, partings and all; the copies by the ids of what they are of.

    ``with_reasons``: the engine's pattern still holds, since the copy is for some of the same words.
    """
    copies: dict[int, Hop] = {}
    for chain in statement.chains():
        parent: Hop | None = None
        for hop in chain:
            if hop.pk not in copies:
                copies[hop.pk] = copy_of(hop, to, parent, by, hop.pattern if with_reasons else "")
            parent = copies[hop.pk]
    return copies


@transaction.atomic
def copy_chains(statement: Statement, by: User, to: Statement) -> None:
    """Put this claim's chains in the place of another's; what is replaced is kept, out of the tree.

    Raises ``ValueError`` when there is nothing to copy, or the other is not a claim of the same text.
    """
    same_text(statement, to)
    if not statement.hops.standing().exists():
        raise ValueError("This claim has no chain to copy.")
    for hop in to.hops.standing():
        hop.mark_removed()
    copy_hops(statement, to, by)
    to.corrected(by)


def unite(statement: Statement, other: Statement, by: User) -> dict[int, Hop]:
    """Add another claim's chains to this one's, each step once; the steps that they are, by the other's ids.

    A step of the same source at the same place is the same step: what it doesn't say yet, it takes over.
    """
    kept: dict[int, Hop] = {}
    for chain in other.chains():
        parent: Hop | None = None
        for hop in chain:
            if hop.pk not in kept:
                beside = children(parent) if parent else roots(statement)
                there = next((each for each in beside if each.source_id == hop.source_id), None)
                if there:
                    fill_in(there, hop)
                kept[hop.pk] = there or copy_of(hop, statement, parent, by)
            parent = kept[hop.pk]
    return kept


def fill_in(hop: Hop, other: Hop) -> None:
    """Take over what the other says and this one doesn't."""
    now = [name for name in ("cue", "link", *TOLD) if not getattr(hop, name) and getattr(other, name)]
    if hop.start is None and other.start is not None:
        now += ["start", "end"]
    if "cue" in now:
        now += ["cue_start", "cue_end"]
    for name in now:
        setattr(hop, name, getattr(other, name))
    if now:
        hop.save(update_fields=now)


def removed_copy(hop: Hop, to: Statement, by: User) -> Hop:
    """A step that was taken out, in another claim: for a note or a flag that is on it."""
    made = copy_of(hop, to, None, by)
    made.mark_removed()
    return made
