"""One claim (a statement): its panel, and what people do to it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import DECIDE, READ, WRITE, needs, person
from claims.forms import AddStatementForm, AmendForm, VerdictForm, VersionedForm
from claims.models import Flag, Statement
from claims.views.article import article_again, path_of
from claims.views.changes import change, plain_problem
from claims.views.panel import show


@require_GET
@needs(READ)
def statement(request: HttpRequest, document_pk: int, pk: int) -> HttpResponse:
    """The article page with this claim chosen; for htmx the panel alone."""
    found = access.statement_or_404(request.user, pk)
    if found.capture.document_id != document_pk:
        raise Http404("There is no such claim in this article.")
    return show(request, found)


@require_POST
@needs(WRITE)
def statement_add(request: HttpRequest, capture_pk: int) -> HttpResponse:
    """A new claim over chosen words."""
    capture = access.capture_or_404(request.user, capture_pk)
    form = AddStatementForm(request.POST)
    if not form.is_valid():
        return article_again(request, capture, add_form=form)
    try:
        with transaction.atomic():
            start, end = form.place(capture.text)
            made = Statement.objects.add(capture, start, end, by=person(request))
            Flag.objects.renew(made)
    except ValueError as problem:
        form.add_error("words", str(problem))
        return article_again(request, capture, add_form=form)
    messages.success(request, "The claim is marked. Say below where it comes from.")
    return to_statement(made)


@require_POST
@needs(WRITE)
def statement_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words, other bounds or another stance."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    return change(
        request,
        found,
        AmendForm(request.POST, auto_id="amend-%s"),
        "amend_form",
        lambda s, said: s.amend(person(request), said["wording"], said["start"], said["end"], said["stance"]),
    )


@require_POST
@needs(WRITE)
def statement_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong claim off the page; the page offers to bring it back."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    answer = change(
        request, found, VersionedForm(request.POST), "delete_form", lambda s, said: s.discard(person(request))
    )
    if answer.status_code >= 400:
        return answer
    return HttpResponseRedirect(f"{path_of(found.capture)}?deleted={found.pk}", status=303)


@require_POST
@needs(WRITE)
def statement_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a deletion."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    with transaction.atomic():
        locked = Statement.objects.lock(found.pk, None)
        if locked.deleted_at:
            locked.restore(person(request))
    return to_statement(found)


@require_POST
@needs(DECIDE)
def statement_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """An editor's verdict."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    return change(
        request,
        found,
        VerdictForm(request.POST, auto_id="verdict-%s"),
        "verdict_form",
        lambda s, said: s.decide(person(request), said["decision"], said["reason"]),
    )


@require_POST
@needs(DECIDE)
def statement_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a statement out of the claim that it was joined to."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    return change(request, found, VersionedForm(request.POST), plain_problem, lambda s, said: s.leave())


def to_statement(statement: Statement) -> HttpResponse:
    """A 303 to the page with this claim chosen."""
    response = redirect("statement", statement.capture.document_id, statement.pk)
    response.status_code = 303
    return response
