"""An article while it is open: what changes on it, as it happens, and who else is here."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from claims import access, news
from claims.access import READ, needs, person
from claims.live import watch
from claims.live.hub import hub
from claims.live.stream import Stream
from claims.models import Presence, Statement
from claims.views.narrowing import narrowing
from claims.views.page import TEMPLATE, laid, severity, shape, standing, statements_of, tally
from claims.views.statements import is_id


@require_GET
@needs(READ)
def article_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The stream of an open page: ``since`` is what it has seen, ``statement`` the claim that is chosen."""
    document = access.document_or_404(request.user, pk)
    stream = Stream(
        document.pk,
        person(request).pk,
        request.session.session_key or "",
        statement=number(request.GET.get("statement", "")),
        since=number(request.GET.get("since", "")) or 0,
    )
    # A browser may leave before the first line is written: nobody would give the request's connection back.
    if not connection.in_atomic_block:
        connection.close()
    # A proxy that gathers an answer before it passes it on would hold all of it back.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    answer = StreamingHttpResponse(hub().feed(stream), content_type="text/event-stream", headers=headers)
    # As far as the decorators care, it is an answer like any other.
    return cast("HttpResponse", answer)


@require_GET
@never_cache
@needs(READ)
def article_state(request: HttpRequest, capture_pk: int) -> HttpResponse:
    """How the marks of a page stand now, and whether its panel (``statement``, ``seen``) is still true."""
    capture = access.capture_or_404(request.user, capture_pk)
    since = watch.moment()
    statements, only = statements_of(capture), narrowing(request)
    answer: dict[str, Any] = {
        "since": since,
        "shape": shape(statements),
        "laid": laid(statements),
        "marks": {
            s.pk: [s.state, severity(standing(s)), s.unsure, only.holds(standing(s))] for s in statements
        },
        "tally": render_to_string(f"{TEMPLATE}#tally", {"tally": tally(statements)}, request),
    }
    chosen = number(request.GET.get("statement", ""))
    if chosen:
        answer["chosen"] = how_chosen(request, capture.pk, chosen)
    return JsonResponse(answer)


def how_chosen(request: HttpRequest, capture: int, pk: int) -> dict[str, Any]:
    """The claim in the panel: whether it is still there, what would have been seen of it, who changed it."""
    found = Statement.objects.select_related("claim").filter(capture=capture, pk=pk).first()
    if found is None:
        return {"there": False, "seen": "", "by": []}
    return {
        "there": found.deleted_at is None,
        "seen": news.seen(request.user, found, found.chains()),
        "by": news.changed_by(request.user, found, request.GET.get("seen", "")),
    }


@require_POST
@needs(READ)
def article_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Which claim is chosen now on the page with this stream (``key``)."""
    document = access.document_or_404(request.user, pk)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return HttpResponse("This is no key of a stream.", status=400)
    mine = Presence.objects.filter(key=key, document=document, user=person(request))
    if not mine.update(statement=number(request.POST.get("statement", ""))):
        raise Http404("There is no such page open.")
    return HttpResponse(status=204)


def number(typed: str) -> int | None:
    """An id or the number of a transaction, where one was sent."""
    return int(typed) if is_id(typed) else None
