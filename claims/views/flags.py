"""Flags: the queue of them, raise one by hand, confirm, dismiss, waive, open again."""

from __future__ import annotations

from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import DECIDE, READ, WRITE, needs, person
from claims.forms import DismissForm, FlagForm, WaiveForm
from claims.models import Flag, Statement
from claims.models.flag import FlagState
from claims.views.page import GONE
from claims.views.panel import done, show
from claims.views.queue import queue


@require_GET
@needs(READ)
def flag_list(request: HttpRequest) -> HttpResponse:
    """Flags over all articles, grouped by code, the worst first; each filter is a link that can be kept."""
    return render(request, "claims/flag_list.html", queue(request, request.GET))


@require_POST
@needs(WRITE)
def flag_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a weakness."""
    found = access.statement_or_404(request.user, pk)
    form = FlagForm(request.POST, hops=found.hops.standing(), auto_id="flag-%s")
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                Statement.objects.lock(found.pk, None)
                Flag.objects.raise_by_hand(
                    found, person(request), said["code"], said["why"], said["severity"] or "warn", said["hop"]
                )
        except Statement.DoesNotExist:
            raise Http404(GONE) from None
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


@require_POST
@needs(DECIDE)
def flag_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a flag doesn't hold, and why."""
    flag = access.flag_or_404(request.user, pk)
    form = DismissForm(request.POST, auto_id=f"dismiss-{flag.pk}-%s")
    if not form.is_valid() and from_queue(request):
        return queue_again(request, flag, 422, wrong_in(form))
    if not form.is_valid():
        return show(request, the_statement(request, flag), 422, dismiss_forms={flag.pk: form})
    return decide(request, pk, FlagState.DISMISSED, form.cleaned_data["reason"])


@require_POST
@needs(DECIDE)
def flag_waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a flag holds and may stand all the same."""
    flag = access.flag_or_404(request.user, pk)
    form = WaiveForm(request.POST, auto_id=f"waive-{flag.pk}-%s")
    if not form.is_valid() and from_queue(request):
        return queue_again(request, flag, 422, wrong_in(form))
    if not form.is_valid():
        return show(request, the_statement(request, flag), 422, waive_forms={flag.pk: form})
    return decide(request, pk, FlagState.WAIVED, form.cleaned_data["reason"])


def decide(request: HttpRequest, pk: int, state: str, reason: str = "") -> HttpResponse:
    """Set a flag's state, unless it is another one by now than the person saw.

    They send the state (``seen``) and what the flag rested on (``ground``).
    """
    flag = access.flag_or_404(request.user, pk)
    seen, ground = request.POST.get("seen", flag.state), request.POST.get("ground", flag.ground)
    with transaction.atomic():
        locked = Flag.objects.select_for_update().get(pk=flag.pk)
        other_words = locked.ground != ground
        in_time = locked.state == seen and not other_words
        if in_time:
            locked.decide(state, person(request), reason)
    if not in_time and (reason or other_words or locked.state != state):
        problem = overtaken(locked, reason, other_words=other_words)
        if from_queue(request):
            return queue_again(request, flag, 409, problem)
        return show(request, the_statement(request, flag), 409, problem=problem)
    if from_queue(request):
        back = redirect(reverse("flag-list", query=asked_of(request)))
        back.status_code = 303
        return back
    return done(request, the_statement(request, flag))


def from_queue(request: HttpRequest) -> bool:
    """Whether the decision was taken in the queue; ``queue`` is what its address asked for."""
    return "queue" in request.POST


def asked_of(request: HttpRequest) -> QueryDict:
    """What the queue was asked for when the decision was taken in it."""
    return QueryDict(request.POST["queue"][:500])


def wrong_in(form: Form) -> str:
    """What is wrong with a reason, in words."""
    return " ".join(str(error) for error in form["reason"].errors)


def queue_again(request: HttpRequest, flag: Flag, status: int, problem: str) -> HttpResponse:
    """The queue as it was, with what is wrong at the flag and the reason as it was typed."""
    found = queue(request, asked_of(request))
    again = {"at": flag.pk, "problem": problem, "reason": request.POST.get("reason", "")}
    return render(request, "claims/flag_list.html", found | {"again": again}, status=status)


def overtaken(flag: Flag, reason: str, *, other_words: bool) -> str:
    """What to say to somebody who decided on a flag after somebody else, or after its ground changed."""
    person_did = flag.decided_by if flag.state != FlagState.CLOSED else None
    who = person_did.get_username() if person_did else "Hearsay"
    now = f"“{flag.title}” is {flag.get_state_display()} meanwhile, by {who}."
    if other_words:
        now = f"“{flag.title}” rests on other words by now."
    said = f"{now} Your decision isn’t saved."
    return f"{said} You wrote: “{reason}”" if reason else said


def the_statement(request: HttpRequest, flag: Flag) -> Statement:
    """The statement that the flag is on."""
    return access.statement_or_404(request.user, flag.statement_id)
