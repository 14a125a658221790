"""The list of articles."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from claims import access
from claims.access import READ, needs
from claims.models import Reading, Statement
from claims.models.verdict import State
from sources.models import Capture, Document, Source

A_PAGE = 50


@require_GET
@needs(READ)
def article_list(request: HttpRequest) -> HttpResponse:
    """Articles, newest first; ``withdrawn=1`` shows the hidden ones to those who can restore them."""
    found = access.documents(request.user).select_related("publisher")
    withdrawn = request.GET.get("withdrawn") == "1"
    found = found.filter(withdrawn_at__isnull=not withdrawn)
    words = request.GET.get("q", "").strip().replace("\x00", "")
    if words:
        # Two looks and not one with OR: only so are both made with the index of letters.
        titled = Document.objects.filter(title__icontains=words)
        publishers = Source.objects.filter(name__icontains=words)
        published = Document.objects.filter(publisher__in=publishers.order_by().values("pk"))
        found = found.filter(pk__in=titled.order_by().values("pk").union(published.order_by().values("pk")))
    latest = Capture.objects.filter(document=OuterRef("pk")).order_by("-taken_at", "-pk").values("pk")[:1]
    found = found.annotate(capture_pk=Subquery(latest)).order_by("-made_at", "-pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    captures = [row.capture_pk for row in rows]
    counts = {
        row["capture"]: row
        for row in Statement.objects.filter(capture__in=captures, deleted_at__isnull=True)
        .order_by()
        .values("capture")
        .annotate(
            claims=Count("pk", distinct=True),
            reviewed=Count("pk", filter=~Q(state=State.UNREVIEWED), distinct=True),
            flagged=Count("pk", filter=Q(flags__state__in=["open", "confirmed"]), distinct=True),
        )
    }
    readings = (
        Reading.objects.filter(capture__in=captures)
        .order_by("capture_id", "-asked_at", "-pk")
        .distinct("capture_id")
    )
    progress = {reading.capture_id: reading for reading in readings}
    for row in rows:
        row.counts = counts.get(row.capture_pk, {"claims": 0, "reviewed": 0, "flagged": 0})
        row.reading = progress.get(row.capture_pk)
    return render(
        request, "claims/article_list.html", {"page": page, "rows": rows, "q": words, "withdrawn": withdrawn}
    )
