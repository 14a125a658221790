"""Who has an article or a claim: give it to somebody, take it, finish it, give it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import WRITE, needs, person
from claims.assignment_forms import AssignForm
from claims.models import Assignment, Statement
from claims.models.assignment import Taken
from claims.views.article import article_again, latest_capture, to_article
from claims.views.panel import done, show
from sources.models import Document

MOST_OFFERED = 30


@require_POST
@needs(WRITE)
def article_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an article to somebody, or take it."""
    document = access.document_or_404(request.user, pk)
    form, status = given(request, document)
    if status != 200:
        return again(request, document, form, status)
    messages.success(
        request, "It is yours." if is_mine(request, form) else f"{form.cleaned_data['to']} has it."
    )
    return to_article(document)


@require_POST
@needs(WRITE)
def article_assign_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an article is done, or give it back."""
    document = access.document_or_404(request.user, pk)
    problem = ended(request, document)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, "Done." if "done" in request.POST else "Given back.")
    return to_article(document)


@require_POST
@needs(WRITE)
def statement_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a single claim to somebody, or take it."""
    found = access.statement_or_404(request.user, pk)
    form, status = given(request, found)
    if status != 200:
        return show(request, found, status, assign_form=form)
    return done(request, found)


@require_POST
@needs(WRITE)
def statement_assign_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a claim is done, or give it back."""
    found = access.statement_or_404(request.user, pk)
    problem = ended(request, found)
    return show(request, found, 409, problem=problem) if problem else done(request, found)


@require_GET
@needs(WRITE)
def people_options(request: HttpRequest) -> HttpResponse:
    """Whom something can be given to, for the type-ahead."""
    typed = request.GET.get("to", "").strip().replace("\x00", "")
    found = access.people().filter(username__icontains=typed)[:MOST_OFFERED]
    return render(request, "claims/_people.html", {"found": found})


def given(request: HttpRequest, what: Document | Statement) -> tuple[AssignForm, int]:
    """Carry the form out: 422 where it won't do, 409 where somebody else has it by now."""
    by = person(request)
    form = AssignForm(request.POST, auto_id=False)
    if not form.is_valid():
        return form, 422
    said = form.cleaned_data
    access.may_give(by, said["to"], said["seen"])
    try:
        Assignment.objects.give(what, said["to"], by, said["deadline"], seen=said["seen"])
    except Taken as taken:
        # As typed, but over who has it now.
        now = request.POST.copy()
        now["seen"] = str(taken.now.to_id if taken.now else 0)
        form = AssignForm(now, auto_id=False)
        form.add_error(None, f"{taken} Nothing is saved.")
        return form, 409
    return form, 200


def ended(request: HttpRequest, what: Document | Statement) -> str:
    """End it for whoever has it; what to say where that is somebody else by now."""
    by, seen = person(request), request.POST.get("seen", "")
    holder = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    access.may_end(by, holder)
    try:
        Assignment.objects.end(what, by, done="done" in request.POST, seen=holder)
    except Taken as taken:
        return str(taken)
    return ""


def is_mine(request: HttpRequest, form: AssignForm) -> bool:
    """Whether the person gave it to themselves."""
    return bool(form.cleaned_data["to"] == request.user)


def again(request: HttpRequest, document: Document, form: AssignForm, status: int) -> HttpResponse:
    """The article page with the form as it came back."""
    answer = article_again(request, latest_capture(document), article_assign_form=form)
    answer.status_code = status
    return answer
