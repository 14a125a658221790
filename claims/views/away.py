"""While you were away: what others did on what is yours or what you reviewed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from claims import away as absence
from claims.access import READ, needs, person

TEMPLATE = "claims/away.html"


@require_GET
@needs(READ)
def away(request: HttpRequest) -> HttpResponse:
    """The list; on the desk it comes in by itself. Looking at it loses nothing."""
    until = timezone.now()
    user = person(request)
    since = absence.since_when(user)
    told = absence.while_away(user, since)
    part = "#away" if request.headers.get("HX-Request") == "true" else ""
    return render(request, TEMPLATE + part, {"told": told, "since": since, "until": until.isoformat()})


@require_POST
@needs(READ)
def away_seen(request: HttpRequest) -> HttpResponse:
    """Say that what was listed is seen. What happened after the list was made is shown next time."""
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is not None and timezone.is_aware(until):
        absence.seen(person(request), until)
    response = redirect("desk")
    response.status_code = 303
    return response
