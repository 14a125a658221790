"""Notes on a claim, on one of its sources or flags, on words; replies; and what becomes of a thread."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import READ, WRITE, needs, person
from claims.carrying_over import put_note_on
from claims.models import Annotation, Statement
from claims.models.annotation import NoteChanged
from claims.note_forms import NoteForm, ReplyForm, WordsNoteForm, edit_form, place_form
from claims.views.article import article_again, latest_capture, path_of, to_capture
from claims.views.page import GONE
from claims.views.panel import done, show
from claims.views.threads import Editing
from sources.models import Document

MOST_OFFERED = 12


@require_POST
@needs(WRITE)
def note_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A note on a claim, on one of its sources or flags, or on words chosen while it is open."""
    found = access.statement_or_404(request.user, pk)
    hops = found.hops.standing().select_related("source")
    form = NoteForm(request.POST, hops=hops, flags=found.flags.worst_first(), auto_id="note-%s")
    if form.is_valid():
        try:
            with transaction.atomic():
                locked = Statement.objects.lock(found.pk, None)
                Annotation.objects.write(
                    person(request),
                    form.cleaned_data["body"],
                    locked.capture,
                    statement=locked,
                    **form.said(),
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
def article_note(request: HttpRequest, capture_pk: int) -> HttpResponse:
    """A note on chosen words of the article, or on the whole of it."""
    capture = access.capture_or_404(request.user, capture_pk)
    form = WordsNoteForm(request.POST, auto_id="words-note-%s")
    if form.is_valid():
        try:
            Annotation.objects.write(person(request), form.cleaned_data["body"], capture, **form.said())
        except ValueError as problem:
            form.add_error(None, str(problem))
    if form.errors:
        return article_again(request, capture, words_form=form)
    return to_capture(capture)


@require_POST
@needs(WRITE)
def note_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer to a note."""
    note, statement = note_and_claim(request, pk)
    form = ReplyForm(request.POST, auto_id=False)
    if form.is_valid():
        note.reply(person(request), form.cleaned_data["body"])
        return settled(request, note, statement)
    if statement:
        return show(request, statement, 422, reply_form=form, replying_to=note.pk)
    return article_again(request, note.capture, reply_form=form, replying_to=note.pk)


@require_POST
@needs(WRITE)
def note_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words, tags or readers, by its author. Earlier words are kept.

    A note that was changed meanwhile, in another window, comes back with both versions, as 409.
    """
    note, statement = note_and_claim(request, pk)
    its_author(request, note)
    form = edit_form(note, request.POST)
    theirs: Annotation | None = None
    if form.is_valid():
        try:
            with transaction.atomic():
                Annotation.objects.lock(pk, form.cleaned_data["version"]).amend(**form.said())
        except NoteChanged as changed:
            theirs = changed.note
            again = request.POST.copy()
            again["version"] = str(theirs.version)
            form = edit_form(note, again)
            form.add_error(
                None, f"{changed} Save to put yours on top; the other stays among the earlier versions."
            )
        except ValueError as problem:
            form.add_error(None, str(problem))
    if form.errors:
        status, editing = 409 if theirs else 422, Editing(pk, form, theirs)
        if statement:
            return show(request, statement, status, editing=editing)
        return article_again(request, note.capture, status=status, editing=editing)
    return settled(request, note, statement)


@require_POST
@needs(WRITE)
def note_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a thread is settled."""
    return carry_out(request, pk, lambda note: note.resolve(person(request)), of_thread=True)


@require_POST
@needs(WRITE)
def note_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a thread isn't settled after all."""
    return carry_out(request, pk, Annotation.reopen, of_thread=True)


@require_POST
@needs(WRITE)
def note_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own note back, leaving a trace."""
    return carry_out(request, pk, Annotation.withdraw, by_author=True)


@require_POST
@needs(WRITE)
def note_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one's own withdrawn note back."""
    return carry_out(request, pk, Annotation.restore, by_author=True)


@require_POST
@needs(WRITE)
def note_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a note of the tray on words of the latest version."""
    note, statement = note_and_claim(request, pk)
    capture = latest_capture(note.capture.document)
    if statement or note.parent_id or note.capture_id == capture.pk:
        raise Http404("This note isn’t in the tray.")
    form = place_form(note, request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                # In the order of carrying over: no version comes in between.
                Document.objects.select_for_update(no_key=True).get(pk=capture.document_id)
                capture = latest_capture(capture.document)
                start, end = form.place(capture.text)
                locked = Annotation.objects.lock(pk, form.cleaned_data["version"])
                put_note_on(locked, capture, start, end, person(request))
        except NoteChanged as changed:
            form.add_error(None, str(changed))
        except ValueError as problem:
            form.add_error("words", str(problem))
    if form.errors:
        return article_again(request, capture, place_form=form, placing_note=pk)
    return HttpResponseRedirect(f"{path_of(capture)}?note={pk}#note-{pk}", status=303)


@require_GET
@needs(READ)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a note stands now: on its claim, or on the page of its capture."""
    found = access.annotation_or_404(request.user, pk)
    thread = found.parent_id or found.pk
    if found.statement_id:
        statement = access.statement_or_404(request.user, found.statement_id)
        path = reverse("statement", args=[statement.capture.document_id, statement.pk])
    else:
        path = path_of(found.capture)
    return HttpResponseRedirect(f"{path}?note={thread}#note-{found.pk}")


@require_GET
@needs(READ)
def note_tags(request: HttpRequest) -> HttpResponse:
    """The tags in use that begin with the last one typed, each behind those typed before it."""
    before, _, begun = request.GET.get("tags", "").replace("\x00", "").rpartition(",")
    found = access.tags(request.user, begun.strip().lower())[:MOST_OFFERED]
    offered = [f"{before}, {tag}" if before else tag for tag in found]
    return render(request, "claims/_tag_options.html", {"offered": offered})


def note_and_claim(request: HttpRequest, pk: int) -> tuple[Annotation, Statement | None]:
    """A note that this person may see, and the claim that it is on, which must stand."""
    found = access.annotation_or_404(request.user, pk)
    claim = access.statement_or_404(request.user, found.statement_id) if found.statement_id else None
    return found, claim


def its_author(request: HttpRequest, note: Annotation) -> None:
    """Only who wrote a note may change it."""
    if note.author_id != person(request).pk:
        raise PermissionDenied("Only who wrote a note may change it.")


def carry_out(
    request: HttpRequest,
    pk: int,
    verb: Callable[[Annotation], None],
    *,
    by_author: bool = False,
    of_thread: bool = False,
) -> HttpResponse:
    """Do this to a note, locked, and show what came of it. The same twice does nothing more."""
    found, statement = note_and_claim(request, pk)
    if by_author:
        its_author(request, found)
    if of_thread and found.parent_id:
        raise Http404("A reply is settled with its thread.")
    with transaction.atomic():
        verb(Annotation.objects.lock(pk))
    return settled(request, found, statement)


def settled(request: HttpRequest, note: Annotation, statement: Statement | None) -> HttpResponse:
    """After a change: the page that the note is on, the panel for htmx."""
    return done(request, statement) if statement else to_capture(note.capture)
