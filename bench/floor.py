"""Hearsay's addresses and one more, the floor: a page that reads one row and renders one line.

It stands on the same server, behind the same middleware, for the same person.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import handler403, handler404
from config.urls import urlpatterns as pages
from sources.models import Document

__all__ = ["handler403", "handler404", "urlpatterns"]

ONE_LINE = engines["django"].from_string("{{ document.title }}\n")


def floor(request: HttpRequest, pk: int) -> HttpResponse:
    """The title of one article."""
    return HttpResponse(ONE_LINE.render({"document": Document.objects.only("title").get(pk=pk)}))


urlpatterns = [path("floor/<int:pk>/", floor), *pages]
