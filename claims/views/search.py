"""The page of what a search found."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from claims import search
from claims.access import READ, needs, person
from claims.search import Kind

A_PAGE = 20
OF_EACH = 5


@require_GET
@needs(READ)
def results(request: HttpRequest) -> HttpResponse:
    """What has the words ``q``: the best of each kind, or with ``kind`` all of it by pages.

    ``exact=1`` searches for the words as they are typed.
    """
    user = person(request)
    kind = Kind(request.GET["kind"]) if request.GET.get("kind") in Kind.values else None
    exact = request.GET.get("exact") == "1"
    most = A_PAGE if kind else OF_EACH
    asked, found = search.ask(user, request.GET.get("q", ""), exact=exact, most=most)
    page = None
    if kind:
        page = Paginator(range(found[kind].total), A_PAGE).get_page(request.GET.get("page"))
        if page.number > 1:
            skip = (page.number - 1) * A_PAGE
            found[kind] = search.look(user, kind, asked.words, A_PAGE, skip)
    groups = [
        {"kind": each, "total": found[each].total, "hits": search.hits(each, asked.words, found[each].best)}
        for each in ([kind] if kind else Kind)
        if found[each].total
    ]
    context = {
        "asked": asked,
        "exact": exact,
        "kind": kind,
        "kinds": [(each, found[each].total) for each in Kind],
        "total": sum(each.total for each in found.values()),
        "groups": groups,
        "page": page,
        "of_each": OF_EACH,
    }
    return render(request, "claims/search.html", context)
