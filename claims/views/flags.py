"""Flags: raise one by hand, confirm, dismiss, open again."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from claims import access
from claims.access import DECIDE, WRITE, needs, person
from claims.forms import DismissForm, FlagForm
from claims.models import Flag, Statement
from claims.models.flag import FlagState
from claims.views.page import done, show


@require_POST
@needs(WRITE)
def flag_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a weakness."""
    found = access.statement_or_404(request.user, pk)
    form = FlagForm(request.POST, hops=found.hops.standing(), auto_id="flag-%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            Flag.objects.raise_by_hand(
                found, person(request), said["code"], said["why"], said["severity"] or "warn", said["hop"]
            )
        except ValueError as problem:
            form.add_error("code", str(problem))
    if form.errors:
        return show(request, found, 422, flag_form=form)
    return done(request, found)


@require_POST
@needs(DECIDE)
def flag_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a flag holds."""
    return decide(request, pk, FlagState.CONFIRMED)


@require_POST
@needs(DECIDE)
def flag_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a confirmation or a dismissal back."""
    return decide(request, pk, FlagState.OPEN)


def decide(request: HttpRequest, pk: int, state: str) -> HttpResponse:
    """Set a flag's state in one transaction."""
    flag = access.flag_or_404(request.user, pk)
    with transaction.atomic():
        Flag.objects.select_for_update().get(pk=flag.pk).decide(state, person(request))
    return done(request, the_statement(request, flag))


@require_POST
@needs(DECIDE)
def flag_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a flag doesn't hold, and why."""
    flag = access.flag_or_404(request.user, pk)
    form = DismissForm(request.POST, auto_id=f"dismiss-{flag.pk}-%s")
    if not form.is_valid():
        return show(request, the_statement(request, flag), 422, dismiss_forms={flag.pk: form})
    with transaction.atomic():
        Flag.objects.select_for_update().get(pk=flag.pk).decide(
            FlagState.DISMISSED, person(request), form.cleaned_data["reason"]
        )
    return done(request, the_statement(request, flag))


def the_statement(request: HttpRequest, flag: Flag) -> Statement:
    """The statement that the flag is on."""
    return access.statement_or_404(request.user, flag.statement_id)
