"""Notes on a claim or on one of its sources, and replies."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from claims import access
from claims.access import WRITE, needs, person
from claims.forms import NoteForm, ReplyForm
from claims.models import Annotation, Statement
from claims.views.article import article_again, to_capture
from claims.views.page import GONE
from claims.views.panel import done, show


@require_POST
@needs(WRITE)
def note_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A note on a claim, on one of its sources, or on words chosen while it is open."""
    found = access.statement_or_404(request.user, pk)
    form = NoteForm(request.POST, hops=found.hops.standing(), auto_id="note-%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                Annotation.objects.write(
                    person(request),
                    said["body"],
                    found.capture,
                    statement=Statement.objects.lock(found.pk, None),
                    hop=said["hop"],
                    start=said["start"],
                    end=said["end"],
                )
        except Statement.DoesNotExist:
            raise Http404(GONE) from None
        except ValueError as problem:
            form.add_error("body", str(problem))
    if form.errors:
        return show(request, found, 422, note_form=form)
    return done(request, found)


@require_POST
@needs(WRITE)
def note_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer to a note."""
    note = access.annotation_or_404(request.user, pk)
    form = ReplyForm(request.POST, auto_id=False)
    statement = access.statement_or_404(request.user, note.statement_id) if note.statement_id else None
    if form.is_valid():
        note.reply(person(request), form.cleaned_data["body"])
    elif statement:
        return show(request, statement, 422, reply_form=form, replying_to=note.pk)
    else:
        return article_again(request, note.capture, reply_form=form, replying_to=note.pk)
    return done(request, statement) if statement else to_capture(note.capture)
