"""One claim made two, and two made one. Nothing is lost: what goes elsewhere says where, and can come back.

Each verb works on statements that the caller has locked, in the caller's transaction, and raises
``ValueError`` with a sentence for the person when it makes no sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.models.anchor import Anchor, anchor
from claims.models.annotation import Annotation
from claims.models.chain_copies import copy_hops, removed_copy, same_text, unite
from claims.models.flag import Flag, FlagState
from claims.models.hop import Hop
from claims.models.statement import Statement
from claims.models.verdict import State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Bounds = tuple[int, int]

# What stands between two parts and belongs to neither.
BETWEEN = " \t\n,;:–—-"


def parts(statement: Statement, start: int, end: int) -> tuple[Bounds, Bounds]:
    """Where a claim falls in two when somebody chose some of its words: before them, else behind them.

    In its middle where they aren't its words; a claim of one letter doesn't fall in two. Commas and dashes
    between the parts are left out.
    """
    text = statement.capture.text
    middle = (statement.start + statement.end) // 2
    for at in (start, end, text.find(" ", middle, statement.end), middle):
        if not statement.start < at < statement.end:
            continue
        first = statement.start + len(text[statement.start : at].rstrip(BETWEEN))
        second = statement.end - len(text[at : statement.end].lstrip(BETWEEN))
        if statement.start < first and second < statement.end:
            return (statement.start, first), (second, statement.end)
    return (statement.start, statement.end), (statement.start, statement.end)


def put_on(statement: Statement, at: Anchor) -> None:
    """Anchor it to these words, which are its wording now, and open its verdict again; the caller saves."""
    statement.start, statement.end, statement.exact = at.start, at.end, at.exact
    statement.prefix, statement.suffix = at.prefix, at.suffix
    statement.wording = " ".join(at.exact.split())
    statement.state = State.UNREVIEWED


@transaction.atomic
def split(statement: Statement, by: User, one: Bounds, other: Bounds) -> Statement:
    """Make two claims of one; the one that is new, over the later words.

    Both have the chains. Notes go with the part whose words they stand on; all else, notes on flags too,
    stays with the first. The verdict is open again on both.
    """
    text = statement.capture.text
    first, second = sorted((anchor(text, *one), anchor(text, *other)), key=lambda at: (at.start, at.end))
    if (first.start, first.end) == (second.start, second.end):
        raise ValueError("Give each part words of its own.")
    if first.start < statement.start or max(first.end, second.end) > statement.end:
        raise ValueError("Both parts must be words of the claim.")
    made = Statement.objects.add(
        statement.capture,
        second.start,
        second.end,
        by=by,
        hearsay=statement.hearsay,
        stance=statement.stance,
        split_from=statement,
    )
    copies = copy_hops(statement, made, by, with_reasons=True)
    for note in statement.annotations.filter(start__isnull=False, parent__isnull=True, flag__isnull=True):
        if within(note, second) and not within(note, first):
            hop = note.hop and (copies.get(note.hop.pk) or removed_copy(note.hop, made, by))
            for each in (note, *note.replies.all()):
                each.statement, each.hop = made, hop
                each.save(update_fields=["statement", "hop"])
    put_on(statement, first)
    statement.save()
    statement.corrected(by)
    Flag.objects.renew(made)
    return made


def within(note: Annotation, at: Anchor) -> bool:
    """Whether a note stands on words of this part."""
    return note.start is not None and note.end is not None and at.start <= note.start and note.end <= at.end


@transaction.atomic
def merge(statement: Statement, by: User, other: Statement, *, both_words: bool) -> None:
    """Take another claim of the text up into this one, which then has the words of both, or keeps its own.

    Chains are united, notes and people's flags come along, the verdict is open again. The other is deleted
    and says where it went; its verdicts are in the history of this one.
    """
    same_text(statement, other)
    if statement.stance != other.stance:
        raise ValueError(
            f"The source {statement.get_stance_display()} here and {other.get_stance_display()} there. "
            "Set that right first, under “Edit claim”."
        )
    kept = unite(statement, other, by)

    def same_step(hop: Hop | None) -> Hop | None:
        if hop is not None and hop.pk not in kept:
            kept[hop.pk] = removed_copy(hop, statement, by)
        return kept[hop.pk] if hop else None

    def same_flag(flag: Flag | None) -> Flag | None:
        """The flag that a note is on from now on; none for a rule's that isn't on this claim as well."""
        if flag is None or flag.pk in taken:
            return taken[flag.pk] if flag else None
        return Flag.objects.filter(statement=statement, hop=same_step(flag.hop), code=flag.code).first()

    noted = list(other.annotations.select_related("hop", "flag__hop__source").order_by("pk"))
    decided = Q(raised_by__isnull=False) | Q(decided_by__isnull=False)
    flags = other.flags.filter(decided).select_related("hop").order_by("pk")
    taken = {flag.pk: take_over(flag, statement, same_step(flag.hop)) for flag in flags}
    for note in noted:
        note.statement, note.hop, note.flag = statement, same_step(note.hop), same_flag(note.flag)
        note.save(update_fields=["statement", "hop", "flag"])
    other.deleted_by, other.deleted_at, other.merged_into = by, timezone.now(), statement
    other.version += 1
    other.save(update_fields=["deleted_by", "deleted_at", "merged_into", "version"])
    statement.hearsay = statement.hearsay and other.hearsay
    statement.claim = statement.claim or other.claim
    if both_words:
        start, end = min(statement.start, other.start), max(statement.end, other.end)
        put_on(statement, anchor(statement.capture.text, start, end))
    statement.state = State.UNREVIEWED
    statement.save()
    statement.corrected(by)


def take_over(flag: Flag, statement: Statement, hop: Hop | None) -> Flag:
    """Bring a flag that a person raised or decided to another claim; which flag it is there.

    Where one of its code stands there by a rule alone, that one becomes it; beside a person's, its words are
    added.
    """
    there = Flag.objects.filter(statement=statement, hop=hop, code=flag.code).first()
    if there is None:
        flag.statement, flag.hop = statement, hop
        flag.save(update_fields=["statement", "hop"])
        return flag
    if there.raised_by_id is None and there.decided_by_id is None:
        for name in ("raised_by", "raised_at", "decided_by", "decided_at", "state", "reason", "ground"):
            setattr(there, name, getattr(flag, name))
        if flag.raised_by_id:
            there.why, there.severity, there.places = flag.why, flag.severity, flag.places
    else:
        said = there.why + there.reason
        added = [words for words in (flag.why, flag.reason) if words and words not in said]
        there.why = "\n\n".join([there.why, *added])
        if flag.state == FlagState.CONFIRMED and there.state == FlagState.OPEN:
            there.state, there.decided_by, there.decided_at = flag.state, flag.decided_by, flag.decided_at
    there.save()
    return there
