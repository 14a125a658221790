"""The steps of a claim's citation chains, and choosing a source by typing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import WRITE, needs, person
from claims.forms import HopForm, VersionedForm
from claims.models import Hop, Statement, chain_edits
from claims.source_choices import choices
from claims.views.chain import add_form, back_to_editor, rows, show_editor
from claims.views.changes import change, change_hop, plain_problem
from claims.views.statements import is_id
from sources.models.source import MOST_NAME


@require_POST
@needs(WRITE)
def hop_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a source into the chain: nearest the reader, after another one, parallel to it, or on its own."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    form = add_form(found, [row.hop for row in rows(found)], request.POST)
    made: list[Hop] = []

    def verb(statement: Statement, said: dict[str, Any]) -> None:
        after, own_chain = place_of(statement, said["where"])
        by = person(request)
        made.append(chain_edits.add_hop(statement, by, form.words(), after=after, own_chain=own_chain))

    def shown(request: HttpRequest, statement: Statement, status: int, **bound: Any) -> HttpResponse:
        return show_editor(adding=bound.pop("adding", None))(request, statement, status, **bound)

    def after(request: HttpRequest, statement: Statement) -> HttpResponse:
        said = f"{made[0].source} is in the chain."
        return back_to_editor(focus=f"hop-{made[0].pk}-edit", said=said)(request, statement)

    return change(request, found, form, "adding", verb, shown=shown, after=after)


def place_of(statement: Statement, where: str) -> tuple[Hop | None, bool]:
    """The hop that a new one goes behind, and whether it starts a chain of its own there."""
    beside = where.startswith("beside-")
    pk = where.removeprefix("beside-")
    hop = access.hop_or_404(statement, int(pk)) if pk.isdigit() else None
    if beside and hop:
        return hop.parent, True
    return hop, where == "chain"


@require_POST
@needs(WRITE)
def hop_amend(request: HttpRequest, pk: int, hop_pk: int) -> HttpResponse:
    """Another source, or other words for how it is cited."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    form = HopForm(request.POST, auto_id=f"hop-{hop_pk}-%s", statement=found)

    def shown(request: HttpRequest, statement: Statement, status: int, **bound: Any) -> HttpResponse:
        return show_editor(hop_form=bound.pop("hop_form", None))(request, statement, status, **bound)

    return change_hop(
        request,
        found,
        hop_pk,
        form,
        lambda returned: {"hop_form": (hop_pk, returned)},
        lambda statement, hop: chain_edits.amend_hop(statement, person(request), hop, form.words()),
        shown=shown,
        after=back_to_editor(focus=f"hop-{hop_pk}-edit", said="The source is saved."),
    )


@require_POST
@needs(WRITE)
def hop_remove(request: HttpRequest, pk: int, hop_pk: int) -> HttpResponse:
    """Take a source out of the chain."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    listed = [row.hop.pk for row in rows(found)]
    left = [other for other in listed if other != hop_pk]
    at = min(listed.index(hop_pk), len(left) - 1) if hop_pk in listed else 0
    focus = f"hop-{left[at]}-edit" if left else "chain-add"
    return change_hop(
        request,
        found,
        hop_pk,
        VersionedForm(request.POST),
        plain_problem,
        lambda statement, hop: chain_edits.remove_hop(statement, person(request), hop),
        shown=show_editor(focus=f"hop-{hop_pk}-edit"),
        after=back_to_editor(focus=focus, said="The source is taken out of the chain."),
    )


@require_POST
@needs(WRITE)
def hop_move(request: HttpRequest, pk: int, hop_pk: int) -> HttpResponse:
    """Move a source nearer the reader, or nearer the origin; the focus stays on it."""
    found = access.statement_or_404(request.user, pk, deleted=True)
    nearer = request.POST.get("to") != "origin"
    to = "reader" if nearer else "origin"
    focus = f"hop-{hop_pk}-{to}"
    return change_hop(
        request,
        found,
        hop_pk,
        VersionedForm(request.POST),
        plain_problem,
        lambda statement, hop: chain_edits.move_hop(statement, person(request), hop, nearer=nearer),
        shown=show_editor(focus=focus),
        after=back_to_editor(focus=focus, said=f"Moved nearer the {to}."),
    )


@require_GET
@needs(WRITE)
def source_options(request: HttpRequest) -> HttpResponse:
    """Sources whose names are like what was typed, for a step of the chain of ``statement``."""
    asked = request.GET.get("statement", "")
    if asked and not is_id(asked):
        raise Http404("There is no such claim.")
    found = access.statement_or_404(request.user, int(asked), deleted=True) if asked else None
    typed = request.GET.get("name", "")[:MOST_NAME]
    offered = choices(access.sources(request.user), typed, found)
    return render(request, "sources/_options.html", {"offered": offered})
