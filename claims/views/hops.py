"""The steps of a claim's citation chains, and choosing a source by typing."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import WRITE, needs, person
from claims.forms import AddHopForm, HopForm, VersionedForm
from claims.models import chain_edits
from claims.models.hop import RESTING
from claims.views.changes import change, change_hop
from sources.names import normal_name

MOST_OFFERED = 12


@require_POST
@needs(WRITE)
def hop_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a source into the chain: nearest the reader, after another one, or as a chain of its own."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    hops = [(hop.pk, hop.source.name) for hop in found.hops.standing().select_related("source")]
    form = AddHopForm(request.POST, hops=hops, auto_id="new-hop-%s")

    def verb(statement, said):  # type: ignore[no-untyped-def]
        where = said["where"]
        after = statement.hops.standing().get(pk=where) if where.isdigit() else None
        chain_edits.add_hop(statement, person(request), form.words(), after=after, own_chain=where == "chain")

    return change(request, found, form, "add_hop_form", verb)


@require_POST
@needs(WRITE)
def hop_amend(request: HttpRequest, pk: int, hop_pk: int) -> HttpResponse:
    """Another source, or other words for how it is cited."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    form = HopForm(request.POST, auto_id=f"hop-{hop_pk}-%s")
    return change_hop(
        request,
        found,
        hop_pk,
        form,
        lambda returned: {"hop_forms": {hop_pk: returned}},
        lambda statement, hop: chain_edits.amend_hop(statement, person(request), hop, form.words()),
    )


@require_POST
@needs(WRITE)
def hop_remove(request: HttpRequest, pk: int, hop_pk: int) -> HttpResponse:
    """Take a source out of the chain."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    return change_hop(
        request,
        found,
        hop_pk,
        VersionedForm(request.POST),
        plain_problem,
        lambda statement, hop: chain_edits.remove_hop(statement, person(request), hop),
    )


@require_POST
@needs(WRITE)
def hop_move(request: HttpRequest, pk: int, hop_pk: int) -> HttpResponse:
    """Move a source nearer the reader, or nearer the origin."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    nearer = request.POST.get("to") != "origin"
    return change_hop(
        request,
        found,
        hop_pk,
        VersionedForm(request.POST),
        plain_problem,
        lambda statement, hop: chain_edits.move_hop(statement, person(request), hop, nearer=nearer),
    )


def plain_problem(form: forms.Form) -> dict[str, str]:
    """What is wrong, for a button that has no fields to show it at."""
    return {"problem": " ".join(str(e) for errors in form.errors.values() for e in errors)}


@require_GET
@needs(WRITE)
def source_options(request: HttpRequest) -> HttpResponse:
    """Sources whose name or alias has the typed letters, those that most rests on first."""
    typed = normal_name(request.GET.get("name", ""))
    found = access.sources(request.user).filter(within__isnull=True)
    if typed:
        found = found.filter(aliases__normal__contains=typed)
    found = found.annotate(resting=RESTING).order_by("-resting", "name")[:MOST_OFFERED]
    return render(request, "sources/_options.html", {"found": found})
