"""The list of claims (statements) over all articles, and joining some of them to one claim."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import DECIDE, READ, needs, person
from claims.carrying_over import gone
from claims.chains import stance_said
from claims.flags import CODES
from claims.forms import WordingForm
from claims.models import Claim, Flag, Hop
from claims.models.verdict import State
from claims.views.narrowing import is_id
from claims.views.page import severity, standing

A_PAGE = 50
ANY_FLAG = "any"


@require_GET
@needs(READ)
def statement_list(request: HttpRequest) -> HttpResponse:
    """Claims by state, flag, source and words; each filter is a link that can be kept."""
    return render(request, "claims/statement_list.html", listed(request))


def listed(request: HttpRequest) -> dict[str, object]:
    """The list and its filters, from the address."""
    asked = {
        name: request.GET.get(name, "").strip().replace("\x00", "")
        for name in ("q", "state", "flag", "source")
    }
    found = access.statements(request.user).standing()
    if asked["state"] in State.values:
        found = found.filter(state=asked["state"])
    if asked["flag"] == ANY_FLAG or asked["flag"] in CODES:
        flags = Flag.objects.standing()
        if asked["flag"] != ANY_FLAG:
            flags = flags.filter(code=asked["flag"])
        found = found.filter(pk__in=flags.values("statement"))
    source = None
    if is_id(asked["source"]):
        source = access.sources(request.user).filter(pk=asked["source"]).first()
        found = found.filter(pk__in=Hop.objects.standing().filter(source=source).values("statement"))
    found = found.matching(asked["q"]) if asked["q"] else found.order_by("-pk")
    found = (
        found.annotate(gone=gone("statement"))
        .for_a_list()
        .select_related("claim")
        .prefetch_related(
            Prefetch("hops", Hop.objects.standing().select_related("source")),
            Prefetch("flags", Flag.objects.standing(), to_attr="standing_flags"),
        )
    )
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for statement in page.object_list:
        chains = statement.chains()
        said = stance_said(statement.stance, chains)
        rows.append((statement, chains, severity(standing(statement)), said))
    return {
        "page": page,
        "rows": rows,
        "asked": asked,
        "source": source,
        "states": State.choices,
        "codes": CODES.items(),
    }


@require_POST
@needs(DECIDE)
def claim_join(request: HttpRequest) -> HttpResponse:
    """Join the chosen statements to one claim."""
    chosen = [int(pk) for pk in request.POST.getlist("statement") if is_id(pk)]
    with transaction.atomic():
        statements = list(
            access.statements(request.user)
            .select_for_update(of=("self",))
            .filter(pk__in=chosen)
            .order_by("pk")
        )
        try:
            form = WordingForm(request.POST)
            if not form.is_valid():
                raise ValueError(" ".join(map(str, form.errors["wording"])))
            claim = Claim.objects.join(statements, form.cleaned_data["wording"], person(request))
        except ValueError as problem:
            messages.error(request, str(problem))
            claim = None
    response = redirect("claim", claim.pk) if claim else redirect("statement-list")
    response.status_code = 303
    return response
