"""One claim across articles: its statements with their chains side by side."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import DECIDE, READ, needs
from claims.chains import describe, stance_said
from claims.forms import RewordForm
from claims.models import Claim, Flag, Hop
from claims.models.claim import ChangedClaim
from claims.views.beside import versions
from claims.views.page import severity, standing


@require_GET
@needs(READ)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The statements that were joined to a claim, each with the article that carries it."""
    return page(request, access.claim_or_404(request.user, pk))


def page(request: HttpRequest, found: Claim, status: int = 200, **bound: object) -> HttpResponse:
    """The page of a claim; ``bound`` is a form that came back, and what it stands beside."""
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
        "form": RewordForm(initial={"wording": found.wording, "version": found.version}),
    }
    return render(request, "claims/claim.html", context | bound, status=status)


@require_POST
@needs(DECIDE)
def claim_wording(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a claim in other words."""
    found = access.claim_or_404(request.user, pk)
    form = RewordForm(request.POST)
    if not form.is_valid():
        return page(request, found, 422, form=form)
    said = form.cleaned_data
    try:
        Claim.objects.reword(found.pk, said["wording"], said["version"])
    except ChangedClaim as changed:
        # The form comes back as typed, but on top of what is saved now.
        typed = request.POST.copy()
        typed["version"] = str(changed.claim.version)
        again = RewordForm(typed)
        again.add_error(None, f"{changed} See both; save to keep yours.")
        beside = versions(again, {"wording": changed.claim.wording})
        return page(request, changed.claim, 409, form=again, versions=beside)
    response = redirect("claim", found.pk)
    response.status_code = 303
    return response
