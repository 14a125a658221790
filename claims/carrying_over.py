"""Carrying claims and notes over to a new version of their article.

A claim keeps its row, and with it chain, flags, notes, verdicts, history and address: its anchor goes to the
new capture, and a ``Carried`` row keeps where it was, in which words and with which verdict. What is gone
from the text keeps its anchor, on the earlier capture, and stands in the article's tray.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, Field, JSONField, Model, OuterRef, Q, QuerySet

from claims.models import Annotation, Carried, Flag, Hop, Statement
from claims.models.anchor import anchor
from claims.models.carried import How
from claims.models.renewal import hold
from claims.models.statement import StatementQuerySet
from claims.models.verdict import State
from claims.revision import Fate, Place, Revision

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from sources.models import Capture, Document

ANCHOR = ["capture", "start", "end", "exact", "prefix", "suffix"]
AT_ONCE = 500  # rows of one statement to the database


def carry_over(new: Capture, by: User | None) -> Counter[str]:
    """Find the words of every claim and note of the article in its ``new`` capture; how many became what.

    In the caller's transaction, which holds the document's row. What waits in the tray is looked for again.
    """
    tally: Counter[str] = Counter()
    earlier = new.document.captures.exclude(pk=new.pk).defer("data").order_by("-taken_at", "-pk")
    for number, old in enumerate(earlier):
        mine = Statement.objects.filter(capture=old)
        notes = Annotation.objects.filter(capture=old, statement__isnull=True, parent__isnull=True)
        if number:
            # Of the captures before the last one only what is in the tray.
            mine = mine.filter(deleted_at__isnull=True).filter(gone("statement"))
            notes = notes.filter(gone("annotation"))
        statements = list(mine.select_for_update(of=("self",), no_key=True).order_by("pk"))
        annotations = list(notes.select_for_update(of=("self",), no_key=True).order_by("pk"))
        if statements or annotations:
            tally += Step(old, new, by, again=bool(number)).take(statements, annotations)
    return tally


def write(model: type[Model], rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these columns of many rows in one statement.

    Django's ``bulk_update`` writes a CASE of every row for every column: over a minute for 5,000 claims.
    """
    if not rows:
        return
    fields: list[Field] = [model._meta.get_field(name) for name in ["id", *names]]  # type: ignore[misc]
    columns = [connection.ops.quote_name(field.column or field.name) for field in fields]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    changes = ", ".join(f"{column} = v.{column}" for column in columns[1:])
    table = connection.ops.quote_name(model._meta.db_table)
    values = [
        [
            json.dumps(value) if isinstance(field, JSONField) else value
            for value in (getattr(row, field.attname) for row in rows)
        ]
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            # The names are the models' own, never a request's.
            f"UPDATE {table} SET {changes} FROM unnest({arrays}) AS v({', '.join(columns)}) "  # noqa: S608
            f"WHERE {table}.id = v.id",
            values,
        )


def gone(what: str) -> Exists:
    """Whether the words of a ``statement`` or ``annotation`` were gone when a later version came in."""
    same = {what: OuterRef("pk"), "from_capture": OuterRef("capture"), "how": How.DELETED}
    return Exists(Carried.objects.filter(**same))


class Step:
    """The way from one capture to a later one."""

    def __init__(self, old: Capture, new: Capture, by: User | None, *, again: bool = False) -> None:
        self.old, self.new, self.by, self.again = old, new, by, again
        self.revision = Revision(old.text, new.text)
        self.rows: list[Carried] = []

    def take(self, statements: list[Statement], annotations: list[Annotation]) -> Counter[str]:
        """Carry these over; how many became what. The caller has locked the rows."""
        hold(self.old)
        went = [s for s in statements if self.carry_statement(s)]
        own = ["wording", "state", "confidence", "version"]
        write(Statement, went, [*ANCHOR, *own])
        self.carry_hops(went)
        self.carry_flags(went)
        self.carry_notes(went)
        notes = [note for note in annotations if self.carry_note(note)]
        write(Annotation, notes, ANCHOR)
        Annotation.objects.filter(parent__in=notes).update(capture=self.new)
        Carried.objects.bulk_create(self.rows, batch_size=AT_ONCE)
        standing = {s.pk for s in statements if s.deleted_at is None}
        # Of another person's private note nobody is told that it is there.
        mine = self.by.pk if self.by else None
        told = {note.pk for note in annotations if not note.private or note.author_id == mine}
        return Counter(
            row.how for row in self.rows if row.annotation_id in told or row.statement_id in standing
        )

    def carry_statement(self, statement: Statement) -> bool:
        """Anchor a claim to the new capture; False when it stays where it is."""
        found = self.revision.place(statement.start, statement.end)
        if statement.deleted_at and not found.same_words:
            # A person took it off the page: that holds for those words and for no others.
            found = Place(Fate.DELETED)
        if not self.note_down(found, statement, statement=statement, state=statement.state):
            return False
        before = " ".join(statement.exact.split())
        self.move_anchor(statement, found)
        if statement.wording == before:
            statement.wording = " ".join(statement.exact.split())
        if not found.same_words:
            statement.state, statement.confidence = State.UNREVIEWED, None
        statement.version += 1
        return True

    def carry_note(self, note: Annotation) -> bool:
        """Anchor a note on words, or on the whole article, to the new capture; False when it stays."""
        if note.start is None or note.end is None:
            note.capture = self.new
            return True
        found = self.revision.place(note.start, note.end)
        if not self.note_down(found, note, annotation=note):
            return False
        self.move_anchor(note, found)
        return True

    def carry_notes(self, statements: Iterable[Statement]) -> None:
        """Notes and replies go along with their claim; of its words those that a note is on, or were."""
        Annotation.objects.filter(statement__in=statements, start__isnull=True).update(capture=self.new)
        notes = list(Annotation.objects.filter(statement__in=statements, start__isnull=False).order_by("pk"))
        for note in notes:
            if not self.carry_note(note):
                # What it was on is kept as a quotation.
                note.capture, note.start, note.end, note.prefix, note.suffix = self.new, None, None, "", ""
        write(Annotation, notes, ANCHOR)

    def note_down(self, found: Place, what: Statement | Annotation, **about: Any) -> bool:
        """Keep what became of it; False when its words are gone."""
        stands = found.start is not None and found.end is not None
        if stands or not self.again:
            self.rows.append(
                Carried(
                    from_capture=self.old,
                    to_capture=self.new,
                    how=found.fate,
                    old_start=what.start or 0,
                    old_end=what.end or 0,
                    old_words=what.exact,
                    words=self.new.text[found.start : found.end] if stands else "",
                    likeness=found.likeness,
                    rivals=found.rivals,
                    by=self.by,
                    **about,
                )
            )
        return stands

    def move_anchor(self, what: Statement | Annotation, found: Place) -> None:
        """Tie it to the words that were found."""
        at = anchor(self.new.text, found.start or 0, found.end or 0)
        what.capture, what.start, what.end = self.new, at.start, at.end
        what.exact, what.prefix, what.suffix = at.exact, at.prefix, at.suffix

    def carry_hops(self, statements: Iterable[Statement]) -> None:
        """The words that hops stand on go along where they are the same; else the hop has none."""
        hops = list(Hop.objects.filter(statement__in=statements))
        for hop in hops:
            hop.start, hop.end = self.same(hop.start, hop.end)
            hop.cue_start, hop.cue_end = self.same(hop.cue_start, hop.cue_end)
        write(Hop, hops, ["start", "end", "cue_start", "cue_end"])

    def carry_flags(self, statements: Iterable[Statement]) -> None:
        """The words that flags rest on go along where they are the same."""
        flags = list(Flag.objects.filter(statement__in=statements).exclude(places=[]))
        for flag in flags:
            places = [self.same(start, end) for start, end in flag.places]
            flag.places = [[start, end] for start, end in places if start is not None]
        write(Flag, flags, ["places"])

    def same(self, start: int | None, end: int | None) -> tuple[int | None, int | None]:
        """Where words that stand unchanged are now; nowhere otherwise."""
        if start is None or end is None:
            return None, None
        try:
            found = self.revision.place(start, end)
        except ValueError:
            return None, None
        return (found.start, found.end) if found.same_words else (None, None)


def tray(document: Document) -> StatementQuerySet:
    """The claims of an article whose words are gone from its latest version."""
    latest = document.latest_capture
    there = Statement.objects.filter(capture__document=document, deleted_at__isnull=True)
    return there.exclude(capture=latest).filter(gone("statement")).order_by("start", "pk")


def notes_in_tray(document: Document, among: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """Those of these notes whose words are gone from the latest version of an article."""
    latest = document.latest_capture
    there = among.filter(capture__document=document, statement__isnull=True, parent__isnull=True)
    there = there.filter(withdrawn_at__isnull=True)
    return there.exclude(capture=latest).filter(gone("annotation")).order_by("start", "pk")


def changed(capture: Capture) -> dict[int, Carried]:
    """By claim, the words that changed since somebody last decided; the latest change of each.

    A claim whose words change is reopened, so one that has a verdict now was looked at since.
    """
    rows = Carried.objects.filter(
        Q(how=How.REWORDED) | Q(how=How.PLACED),
        statement__capture=capture,
        statement__state=State.UNREVIEWED,
        statement__deleted_at__isnull=True,
    )
    return {row.statement_id: row for row in rows.order_by("at", "pk") if row.statement_id}


def notes_changed(capture: Capture, among: QuerySet[Annotation]) -> dict[int, Carried]:
    """By note, of these, how the words that it is on changed; the latest change of each."""
    rows = Carried.objects.filter(
        Q(how=How.REWORDED) | Q(how=How.PLACED), annotation__in=among.filter(capture=capture)
    ).order_by("at", "pk")
    return {row.annotation_id: row for row in rows if row.annotation_id}


def put_on(statement: Statement, capture: Capture, start: int, end: int, by: User) -> None:
    """Take a claim out of the tray and put it on words of the latest version; its verdict is reopened.

    The caller has locked the row. Raises ``ValueError`` for words that aren't in the text, and for a claim
    that is not of an earlier capture of the same article.
    """
    if capture.document_id != statement.capture.document_id or capture.pk == statement.capture_id:
        raise ValueError("This claim is on the latest version already.")
    at = anchor(capture.text, start, end)
    step = Step(statement.capture, capture, by)
    hold(step.old)
    likeness = step.revision.likeness(statement.exact, at.exact)
    found = Place(Fate.REWORDED, at.start, at.end, likeness)
    step.note_down(found, statement, statement=statement, state=statement.state)
    step.rows[0].how = How.PLACED
    step.rows[0].save()
    before = " ".join(statement.exact.split())
    step.move_anchor(statement, found)
    if statement.wording == before:
        statement.wording = " ".join(statement.exact.split())
    statement.state = State.UNREVIEWED
    statement.save()
    step.carry_hops([statement])
    step.carry_flags([statement])
    step.carry_notes([statement])
    Carried.objects.bulk_create(step.rows[1:])
    statement.corrected(by)


def put_note_on(note: Annotation, capture: Capture, start: int, end: int, by: User) -> None:
    """Take a note out of the tray and put it on words of the latest version, with its replies.

    The caller has locked the row. Raises ``ValueError`` for words that aren't in the text, and for a note
    that is not of an earlier capture of the same article.
    """
    if capture.document_id != note.capture.document_id or capture.pk == note.capture_id:
        raise ValueError("This note is on the latest version already.")
    at = anchor(capture.text, start, end)
    step = Step(note.capture, capture, by)
    found = Place(Fate.REWORDED, at.start, at.end, step.revision.likeness(note.exact, at.exact))
    step.note_down(found, note, annotation=note)
    step.rows[0].how = How.PLACED
    step.rows[0].save()
    step.move_anchor(note, found)
    note.version += 1
    note.save(update_fields=[*ANCHOR, "version"])
    note.replies.update(capture=capture)


# What reading a text has to know of what was carried over to it, or away from it.


def spans_left(capture: Capture) -> set[tuple[int, int]]:
    """Where claims stood that went on to a later version: reading an old one again doesn't double them."""
    rows = Carried.objects.filter(from_capture=capture, statement__isnull=False)
    return set(rows.values_list("old_start", "old_end"))


def carried_from_or_to(capture: Capture) -> set[int]:
    """The claims here that came over from an earlier version, or that a later one had no place for."""
    rows = Carried.objects.filter(statement__capture=capture)
    return {pk for pk in rows.values_list("statement", flat=True) if pk}


def carried_to(capture: Capture) -> set[int]:
    """The claims that came over to this capture, by id."""
    rows = Carried.objects.filter(to_capture=capture, statement__capture=capture)
    return {pk for pk in rows.values_list("statement", flat=True) if pk}
