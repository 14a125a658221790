"""What a page shows of the versions of an article: what changed since, the tray, and what went on."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from claims import access
from claims.carrying_over import changed, notes_changed, notes_in_tray, tray
from claims.models import Annotation, Carried, Flag, Statement
from claims.models.carried import How
from claims.models.verdict import State
from claims.note_forms import place_form
from claims.revision import differences
from claims.version_form import PlaceForm
from sources.models import Capture, Document


def since(
    request: HttpRequest, document: Document, capture: Capture, captures: list[Capture]
) -> dict[str, Any]:
    """For the article page: the changed claims, the tray and, on an earlier capture, what went on."""
    if len(captures) < 2:
        return {}
    latest = captures[0].pk == capture.pk
    notes = access.notes(request.user)
    claims_there = in_tray(document, notes) if latest else []
    notes_there = notes_placed(document, notes) if latest else []
    return {
        "changed": changed(capture),
        "notes_changed": [beside(row) for row in notes_changed(capture, notes).values()],
        "tray": claims_there,
        "notes_in_tray": notes_there,
        "in_tray": len(claims_there) + len(notes_there),
        "went_on": [] if latest else went_on(capture),
    }


def in_tray(document: Document, notes: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """The claims whose words are gone, each with what it carries and a form to put it on other words."""
    rows = (
        tray(document)
        .for_a_list()
        .prefetch_related(
            Prefetch("flags", Flag.objects.standing(), to_attr="standing_flags"),
            Prefetch("carried", Carried.objects.filter(how=How.DELETED)),
            Prefetch("annotations", notes.filter(withdrawn_at__isnull=True)),
        )
    )
    return [
        {
            "statement": statement,
            "flags": statement.standing_flags,
            "notes": len(statement.annotations.all()),
            "rivals": any(row.rivals for row in statement.carried.all()),
            "decided": statement.state != State.UNREVIEWED,
            "form": PlaceForm(initial={"version": statement.version}, auto_id=f"place-{statement.pk}-%s"),
        }
        for statement in rows
    ]


def notes_placed(document: Document, notes: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """The notes on words that are gone, each with a form to put it on others."""
    rows = (
        notes_in_tray(document, notes)
        .select_related("author")
        .prefetch_related(
            Prefetch("replies", notes), Prefetch("carried", Carried.objects.filter(how=How.DELETED))
        )
    )
    return [
        {
            "note": note,
            "replies": len(note.replies.all()),
            "rivals": any(row.rivals for row in note.carried.all()),
            "form": place_form(note),
        }
        for note in rows
    ]


def went_on(capture: Capture) -> list[Carried]:
    """The claims that stood on an earlier capture and are on a later one now."""
    rows = Carried.objects.filter(from_capture=capture, statement__deleted_at__isnull=True)
    return list(rows.exclude(how=How.DELETED).select_related("statement").order_by("old_start", "pk"))


def since_panel(statement: Statement) -> dict[str, Any]:
    """For the panel of a claim: its words then and now, where they changed and nobody decided since."""
    if statement.state != State.UNREVIEWED:
        return {}
    rows = statement.carried.filter(how__in=[How.REWORDED, How.PLACED]).select_related("from_capture", "by")
    row = rows.defer("from_capture__data", "from_capture__text", "from_capture__structure").first()
    return {"since": beside(row)} if row else {}


def beside(row: Carried) -> dict[str, Any]:
    """A change as it is shown: old and new words beside each other, with what differs."""
    return {"row": row, "runs": differences(row.old_words, row.words)}
