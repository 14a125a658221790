"""What became of a claim or an article, asked for when somebody opens it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from claims import access, history
from claims.access import READ, needs


@require_GET
@needs(READ)
def statement_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The history of a claim for htmx; for a browser the page of the claim with it open."""
    found = access.statement_or_404(request.user, pk)
    if request.headers.get("HX-Request") != "true":
        address = reverse("statement", args=[found.capture.document_id, found.pk])
        return HttpResponseRedirect(f"{address}?open=history#history")
    entries = history.of_statement(found, user=request.user)
    return render(request, "claims/_history.html", {"history": entries, "statement": found})


@require_GET
@needs(READ)
def article_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The history of an article’s details for htmx; for a browser its page with the history open."""
    found = access.document_or_404(request.user, pk)
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(f"{reverse('article', args=[pk])}?open=history#article-history")
    entries = history.of_document(found, request.user)
    return render(request, "claims/_history.html", {"history": entries, "document": found})
