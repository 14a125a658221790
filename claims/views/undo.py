"""Undo: taking back what somebody did in one request, from the history or with the key for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from claims import access, undo
from claims.access import WRITE, needs, person
from claims.middleware import page_of
from claims.models import Statement
from claims.undo import Refused, TakenBack
from claims.views.article import path_of
from claims.views.chain import show_editor
from claims.views.panel import show

# What stands in the text itself, so that the panel alone isn't enough.
IN_THE_TEXT = {"start", "end", "deleted_at"}


@require_POST
@needs(WRITE)
def deed_undo(request: HttpRequest, context: UUID) -> HttpResponse:
    """Take a deed back. ``statement`` is the claim whose panel has the button, where one has it."""
    shown = request.POST.get("statement", "")
    statement = access.statement_or_404(request.user, int(shown)) if is_id(shown) else None
    try:
        taken = undo.take_back(context, person(request))
    except LookupError as nothing:
        raise Http404(str(nothing)) from None
    except Refused as problem:
        if statement:
            return shown_again(request, statement, 409, problem=str(problem))
        messages.error(request, str(problem))
        return HttpResponseRedirect(back(request), status=303)
    htmx = request.headers.get("HX-Request") == "true"
    to = chosen(taken, statement)
    if to and htmx and not in_the_text(taken) and statement and to.pk == statement.pk:
        return shown_again(request, to, said=said_of(taken))
    messages.success(request, said_of(taken))
    where = page_for(request, taken, to)
    if htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where, status=303)


def opened(request: HttpRequest) -> str:
    """What of the panel was open, and stays so: "history", "chain" for its editor, or nothing."""
    asked = request.POST.get("open", "")
    return asked if asked in ("history", "chain") else ""


def shown_again(request: HttpRequest, statement: Statement, status: int = 200, **bound: Any) -> HttpResponse:
    """The panel as it was open."""
    if opened(request) == "chain":
        return show_editor(said=bound.get("said", ""))(request, statement, status, **bound)
    return show(request, statement, status, opened=opened(request), **bound)


def said_of(taken: TakenBack) -> str:
    """What was taken back, as a sentence of its own."""
    said = taken.said()
    return f"{said[0].upper()}{said[1:]}."


def is_id(typed: str) -> bool:
    """Whether this can be the id of a row: digits that fit into one."""
    return typed.isdecimal() and len(typed) < 19


def chosen(taken: TakenBack, statement: Statement | None) -> Statement | None:
    """The claim to show: the one that was open if it is concerned, else the first that is."""
    pks = taken.statements
    if statement and (statement.pk in pks or not pks):
        pks = [statement.pk]
    return Statement.objects.with_article().select_related("claim").filter(pk__in=pks[:1]).first()


def in_the_text(taken: TakenBack) -> bool:
    """Whether other words are marked now than before."""
    changes = taken.deed.of("Statement")
    return any(change.made or IN_THE_TEXT & set(change.changed()) for change in changes)


def page_for(request: HttpRequest, taken: TakenBack, to: Statement | None) -> str:
    """Where to go: to the claim, to its article when it is deleted, back for anything else."""
    if to is None or len(taken.statements) > 1:
        return back(request)
    if to.deleted_at:
        return path_of(to.capture)
    address = reverse("statement", args=[to.capture.document_id, to.pk])
    if opened(request) == "chain":
        return reverse("chain", args=[to.pk])
    return f"{address}?open=history#history" if opened(request) else address


def back(request: HttpRequest) -> str:
    """The page that the form names as the one to come back to, else the one that it is on."""
    named = request.POST.get("next", "")
    return named if url_has_allowed_host_and_scheme(named, {request.get_host()}) else page_of(request)
