"""What a person does to a statement's citation chains.

Each verb works on a statement that the caller has locked, in the caller's transaction, and ends
with ``statement.corrected(by)`` (``edited``, where what the engine had read stays): version, history
and flags follow. They raise ``ValueError`` with a sentence for the person when the edit makes no sense.

A hop's pattern is the engine's reason. It goes when a person changes the words that it was read from, or
the neighbour that it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from claims import patterns
from claims.models import renewal
from claims.models.anchor import anchor
from claims.models.hop import Hop, Naming
from sources.models import Source
from sources.names import normal_name

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models.statement import Statement
    from sources.models import Document

UNNAMED = (Naming.ANONYMOUS, Naming.DESCRIBED)


@dataclass(frozen=True, slots=True)
class HopWords:
    """What a person says of one hop. Offsets are code points over the capture's text, or None."""

    name: str
    kind: str
    naming: str
    cue: str = ""
    start: int | None = None
    end: int | None = None
    link: str = ""
    certainty: str = ""
    basis: str = ""
    reason: str = ""
    interest: str = ""


def source_for(name: str, kind: str, naming: str, document: Document) -> Source:
    """The source that a hop of this document means; made when nobody by that name is known.

    An unnamed source is looked for in this document alone, whatever it is called elsewhere.
    """
    unnamed = naming in UNNAMED
    if not unnamed:
        known = Source.objects.known_as(name).first()
        if known:
            return known
    return Source.objects.find_or_make(name, kind, within=document if unnamed else None)


def fields_of(statement: Statement, words: HopWords) -> dict[str, Any]:
    """The columns of a hop that says ``words``."""
    start = end = None
    if words.start is not None and words.end is not None:
        at = anchor(statement.capture.text, words.start, words.end)
        start, end = at.start, at.end
    return {
        "source": source_for(words.name, words.kind, words.naming, statement.capture.document),
        "naming": words.naming,
        "cue": words.cue.strip(),
        "start": start,
        "end": end,
        "link": words.link.strip(),
        "certainty": words.certainty,
        "basis": " ".join(words.basis.split()),
        "reason": " ".join(words.reason.split()),
        "interest": " ".join(words.interest.split()),
    }


def roots(statement: Statement) -> list[Hop]:
    """The standing hops nearest the reader."""
    return list(statement.hops.standing().filter(parent__isnull=True).order_by("position"))


def children(hop: Hop) -> list[Hop]:
    """The standing hops one step further from the reader."""
    return list(hop.children.filter(removed_at__isnull=True).order_by("position"))


def forget_patterns(hops: Iterable[Hop | None]) -> None:
    """Take the engine's reason off these hops where it speaks of who stands beside them."""
    for hop in hops:
        if hop and patterns.speaks_of_another(hop.pattern):
            hop.pattern = ""
            hop.save(update_fields=["pattern"])


@transaction.atomic
def correct_source(source: Source, name: str, kind: str) -> None:
    """Another name or kind of a source, in every article; the flags of what rests on it follow.

    Raises ``ValueError`` when the name is another source's.
    """
    source.rename(name, kind)
    renewal.follow(f"{source.name} was corrected", source=source)


@transaction.atomic
def add_hop(
    statement: Statement, by: User, words: HopWords, *, after: Hop | None = None, own_chain: bool = False
) -> Hop:
    """A new hop: between ``after`` and what followed it; nearest the reader when ``after`` is None.

    With ``own_chain`` what followed stays where it is, and the new hop starts a chain beside it.
    """
    followed = children(after) if after else roots(statement)
    hop = Hop(statement=statement, parent=after, made_by=by, **fields_of(statement, words))
    hop.position = followed[-1].position + 1 if followed else 0
    hop.save()
    if not own_chain:
        for position, other in enumerate(followed):
            other.parent, other.position = hop, position
            other.save(update_fields=["parent", "position"])
        hop.position = 0
        hop.save(update_fields=["position"])
        forget_patterns(followed)
    forget_patterns([after])
    statement.corrected(by)
    return hop


@transaction.atomic
def amend_hop(statement: Statement, by: User, hop: Hop, words: HopWords) -> None:
    """Another source in its place, or other words for how it is cited."""
    changed = fields_of(statement, words)
    source = changed["source"]
    read_otherwise = source.pk != hop.source_id or any(
        changed[name] != getattr(hop, name) for name in ("start", "end", "cue")
    )
    corrects = read_otherwise or words.naming != hop.naming
    if source.pk == hop.source_id:
        respelt = normal_name(words.name) == normal_name(source.name)
        name = words.name if respelt else source.name
        if (name, words.kind) != (source.name, source.kind):
            correct_source(source, name, words.kind)
            corrects = True
    if changed["cue"] != hop.cue:
        # The old place was that of the old cue.
        changed |= {"cue_start": None, "cue_end": None}
    if read_otherwise:
        changed["pattern"] = ""
        forget_patterns([hop.parent, *children(hop)])
    for name, value in changed.items():
        setattr(hop, name, value)
    hop.save(update_fields=list(changed))
    # A link and what is known of a source stand beside the reading: adding them corrects nothing.
    if corrects:
        statement.corrected(by)
    else:
        statement.edited(by)


@transaction.atomic
def remove_hop(statement: Statement, by: User, hop: Hop) -> None:
    """Take a hop out; what followed it moves up into its place."""
    further = children(hop)
    siblings = children(hop.parent) if hop.parent else roots(statement)
    parent = hop.parent
    order: list[Hop] = []
    for sibling in siblings:
        order += further if sibling.pk == hop.pk else [sibling]
    hop.mark_removed()
    for position, other in enumerate(order):
        other.parent, other.position = parent, position
        other.save(update_fields=["parent", "position"])
    forget_patterns([parent, *further])
    statement.corrected(by)


@transaction.atomic
def move_hop(statement: Statement, by: User, hop: Hop, *, nearer: bool) -> None:
    """Swap a hop with the one before it (``nearer`` the reader) or the one after it."""
    if nearer:
        upper, lower = hop.parent, hop
        if upper is None:
            raise ValueError("This source is nearest the reader already.")
    else:
        further = children(hop)
        if not further:
            raise ValueError("This source is the origin already.")
        upper, lower = hop, further[0]
    if len(children(upper)) > 1:
        raise ValueError(f"Two chains part at {upper.name}; moving past it would change both of them.")
    below = children(lower)
    for position, other in enumerate(below):
        other.parent, other.position = upper, position
        other.save(update_fields=["parent", "position"])
    lower.parent, lower.position = upper.parent, upper.position
    upper.parent, upper.position = lower, 0
    lower.save(update_fields=["parent", "position"])
    upper.save(update_fields=["parent", "position"])
    forget_patterns([lower.parent, lower, upper, *below])
    statement.corrected(by)
