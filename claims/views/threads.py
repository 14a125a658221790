"""Threads of notes as the pages show them: words as HTML, earlier versions, forms, and what they are on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from claims import access
from claims.access import person
from claims.markdown import rendered
from claims.marks import Span, Stand
from claims.models import Annotation, Statement
from claims.models.annotation import AnnotationQuerySet
from claims.note_forms import EditReplyForm, edit_form
from claims.views.narrowing import is_id
from sources.models import Capture


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a note said before, from when on."""

    at: datetime
    body: SafeString


@dataclass(frozen=True, slots=True)
class Editing:
    """The form over a note that came back; ``theirs`` is what was saved meanwhile, where that is why."""

    pk: int
    form: EditReplyForm
    theirs: Annotation | None = None

    @property
    def theirs_shown(self) -> SafeString:
        """What was saved meanwhile, as the page shows notes."""
        return html(self.theirs.body) if self.theirs else SafeString()


@dataclass(slots=True)
class Said:
    """A note or a reply. ``mine`` is whether the person who looks wrote it: only they may change it."""

    note: Annotation
    body: SafeString
    mine: bool
    earlier: list[Earlier]
    form: EditReplyForm | None = None
    editing: Editing | None = None


@dataclass(slots=True)
class Thread(Said):
    """A note that begins a thread, and its replies; ``chosen`` is whether the address asks for it."""

    path: str = ""
    replies: list[Said] = field(default_factory=list)
    chosen: bool = False

    @property
    def folded(self) -> bool:
        """Whether it is settled or withdrawn, and nobody asks for it."""
        return bool(self.note.resolved_at or (self.note.withdrawn_at and not self.replies)) and not (
            self.chosen or self.form or any(reply.form for reply in self.replies)
        )


def threads_of_statement(
    request: HttpRequest, statement: Statement, editing: Editing | None = None
) -> list[Thread]:
    """The threads on a claim that this person may see."""
    path = reverse("statement", args=[statement.capture.document_id, statement.pk])
    return threads(request, access.notes(request.user).filter(statement=statement), path, editing)


def threads_of_capture(
    request: HttpRequest, capture: Capture, path: str, editing: Editing | None = None
) -> list[Thread]:
    """The threads on an article, or on words of it, that this person may see."""
    found = access.notes(request.user).filter(capture=capture, statement__isnull=True)
    return threads(request, found, path, editing)


def threads(
    request: HttpRequest, notes: AnnotationQuerySet, path: str, editing: Editing | None = None
) -> list[Thread]:
    """The threads among these notes, on the page at ``path``. Three queries, however many there are.

    ``?note=`` chooses one, ``?edit=`` asks for the form over one.
    """
    by = person(request)
    replies = Prefetch("replies", access.notes(by).select_related("author"))
    found = list(
        notes.threads()
        .select_related("author", "hop__source", "flag", "resolved_by")
        .prefetch_related(replies)
    )
    earlier = earlier_versions(by.pk, [each for note in found for each in (note, *note.replies.all())])
    chosen, edit = asked(request, "note"), asked(request, "edit")

    def said(note: Annotation) -> dict[str, Any]:
        mine = note.author_id == by.pk
        back = editing if editing and editing.pk == note.pk else None
        form = back.form if back else edit_form(note) if mine and edit == note.pk else None
        shown = {"note": note, "body": html(note.body), "mine": mine, "earlier": earlier.get(note.pk, [])}
        return shown | {"form": form, "editing": back}

    return [
        Thread(
            **said(note),
            path=path,
            replies=[Said(**said(reply)) for reply in note.replies.all()],
            chosen=note.pk == chosen,
        )
        for note in found
    ]


def html(body: str) -> SafeString:
    """A note as HTML, cleaned."""
    return mark_safe(rendered(body))  # noqa: S308


def asked(request: HttpRequest, name: str) -> int | None:
    """The note that the address asks for."""
    value = request.GET.get(name, "")
    return int(value) if is_id(value) else None


def earlier_versions(by: int, notes: Iterable[Annotation]) -> dict[int, list[Earlier]]:
    """By note, what it said before, the latest first. What its author said to nobody else stays with them."""
    edited = {note.pk: note for note in notes if note.edited_at}
    if not edited:
        return {}
    events = apps.get_model("claims", "AnnotationEvent").objects.filter(pgh_obj_id__in=list(edited))
    versions: dict[int, list[tuple[datetime, str]]] = {pk: [] for pk in edited}
    for pk, at, body, private in events.order_by("pgh_id").values_list(
        "pgh_obj_id", "pgh_created_at", "body", "private"
    ):
        there = versions[pk]
        hidden = private and edited[pk].author_id != by
        if not hidden and (not there or there[-1][1] != body):
            there.append((at, body))
    return {
        pk: [Earlier(at, html(body)) for at, body in reversed(there[:-1])] for pk, there in versions.items()
    }


def words_of_thread(found: Iterable[Thread], length: int) -> list[Stand]:
    """Where the words of the chosen thread stand in a text of this length."""
    return [
        Stand(thread.note.start, thread.note.end, "note")
        for thread in found
        if thread.chosen and thread.note.start is not None and thread.note.end is not None
        if thread.note.end <= length
    ]


@dataclass(frozen=True, slots=True)
class Noted:
    """A note on words, as the text shows it."""

    pk: int
    start: int
    end: int
    statement: int | None
    author: str
    path: str

    @property
    def span(self) -> Span:
        """Where it is, for ``marks.lay_out``."""
        return Span(self.pk, self.start, self.end)


def noted_words(request: HttpRequest, capture: Capture, path: str) -> list[Noted]:
    """The words of a capture, shown at ``path``, that open threads are on which this person may see."""
    found = access.notes(request.user).filter(
        capture=capture, start__isnull=False, resolved_at__isnull=True, withdrawn_at__isnull=True
    )
    return [
        Noted(
            pk, start, end, on, author, reverse("statement", args=[capture.document_id, on]) if on else path
        )
        for pk, start, end, on, author in found.threads()
        .exclude(statement__deleted_at__isnull=False)
        .order_by("start", "end", "pk")
        .values_list("pk", "start", "end", "statement_id", "author__username")
    ]
