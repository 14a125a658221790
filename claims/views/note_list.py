"""Threads of notes over all articles, narrowed by links that can be kept."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from claims import access
from claims.access import READ, needs, person
from claims.models import Annotation
from claims.views.narrowing import is_id
from claims.views.threads import html

A_PAGE = 30
OPEN, RESOLVED, ANY = "open", "resolved", "any"
STATES = [(OPEN, "open"), (RESOLVED, "resolved"), (ANY, "both")]
MOST_TAGS_SHOWN = 40


@require_GET
@needs(READ)
def note_list(request: HttpRequest) -> HttpResponse:
    """The threads that this person may see, the newest first.

    ``state``, ``tag``, ``mine`` and ``article`` narrow them.
    """
    asked = {
        name: request.GET.get(name, "").strip().replace("\x00", "")
        for name in ("state", "tag", "mine", "article")
    }
    if asked["state"] not in dict(STATES):
        asked["state"] = OPEN
    found = shown(request)
    if asked["mine"]:
        found = found.filter(author=person(request))
    article = None
    if is_id(asked["article"]):
        article = access.documents(request.user).filter(pk=asked["article"]).first()
        found = found.filter(capture__document=article)
    if asked["state"] != ANY:
        found = found.filter(resolved_at__isnull=asked["state"] == OPEN)
    tags = Counter(tag for of_one in found.exclude(tags=[]).values_list("tags", flat=True) for tag in of_one)
    if asked["tag"]:
        found = found.filter(tags__contains=[asked["tag"]])
    page = Paginator(for_a_list(request, found), A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "rows": [{"note": note, "body": html(note.body)} for note in page.object_list],
        "asked": asked,
        "article": article,
        "states": STATES,
        "tags": sorted(tags.most_common(MOST_TAGS_SHOWN)),
    }
    return render(request, "claims/note_list.html", context)


def shown(request: HttpRequest) -> QuerySet[Annotation]:
    """The threads that belong on the list: not withdrawn, nor on what is deleted or withdrawn."""
    found: QuerySet[Annotation] = access.notes(request.user).threads()
    return found.filter(
        Q(statement__isnull=True) | Q(statement__deleted_at__isnull=True),
        withdrawn_at__isnull=True,
        capture__document__withdrawn_at__isnull=True,
    )


def for_a_list(request: HttpRequest, found: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """With what a row shows; no text or bytes of an article."""
    return (
        found.select_related(
            "author", "resolved_by", "statement", "hop__source", "flag", "capture__document__publisher"
        )
        .defer("capture__data", "capture__text", "capture__structure", "capture__search")
        .annotate(answers=Count("replies", filter=Q(replies__withdrawn_at__isnull=True)))
        .order_by("-made_at", "-pk")
    )
