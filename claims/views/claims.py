"""One claim across articles: its statements with their chains side by side."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import DECIDE, READ, needs
from claims.chains import describe, stance_said
from claims.forms import WordingForm
from claims.models import Flag, Hop
from claims.views.page import severity, standing


@require_GET
@needs(READ)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The statements that were joined to a claim, each with the article that carries it."""
    found = access.claim_or_404(request.user, pk)
    statements = (
        access.statements(request.user)
        .filter(claim=found)
        .for_a_list()
        .prefetch_related(
            Prefetch("hops", Hop.objects.standing().select_related("source")),
            Prefetch("flags", Flag.objects.standing(), to_attr="standing_flags"),
        )
        .order_by("capture__document__published_on", "pk")
    )
    columns = [
        (s, s.chains(), describe(s.chains()), severity(standing(s)), stance_said(s.stance, s.chains()))
        for s in statements
    ]
    chains = [chain for _, chains, *_ in columns for chain in chains]
    context = {
        "claim": found,
        "wording": access.wording_of(request.user, found),
        "columns": columns,
        "articles": len({s.capture.document_id for s, *_ in columns}),
        "origins": len({chain[-1].key for chain in chains}),
        "longest": max(map(len, chains), default=0),
    }
    return render(request, "claims/claim.html", context)


@require_POST
@needs(DECIDE)
def claim_wording(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a claim in other words."""
    found = access.claim_or_404(request.user, pk)
    form = WordingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["wording"])))
    elif not form.cleaned_data["wording"]:
        messages.error(request, "A claim needs a wording; it keeps the one that it had.")
    else:
        found.wording = form.cleaned_data["wording"]
        found.save(update_fields=["wording"])
    response = redirect("claim", found.pk)
    response.status_code = 303
    return response
