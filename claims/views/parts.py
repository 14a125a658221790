"""The parts of the claim panel that are brought when somebody unfolds them: it comes sooner without them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from claims import access
from claims.access import WRITE, needs
from claims.forms import AmendForm, FlagForm
from claims.models import Statement
from claims.note_forms import NoteForm


@require_GET
@needs(WRITE)
def statement_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """One part of the panel for htmx; for a browser the page with that part unfolded."""
    found = access.statement_or_404(request.user, pk)
    if part not in PARTS:
        raise Http404("A claim has no such part.")
    if request.headers.get("HX-Request") != "true":
        page = reverse("statement", args=[found.capture.document_id, found.pk])
        return HttpResponseRedirect(f"{page}?open={part}#{part}-details")
    return render(request, f"claims/_part_{part}.html", {"statement": found} | part_context(found, part))


# What may be unfolded.
PARTS = ("amend", "flag", "note")


def part_context(statement: Statement, part: str, on: str = "") -> dict[str, Any]:
    """What a part shows beside the statement itself; nothing for a part that isn't one.

    ``on`` is the source or flag that a note begins on, as its form has it.
    """
    if part == "amend":
        return {"amend_form": amend_form(statement)}
    if part == "flag":
        hops = statement.hops.standing().select_related("source")
        return {"flag_form": FlagForm(hops=hops, auto_id="flag-%s")}
    if part == "note":
        hops, flags = statement.hops.standing().select_related("source"), statement.flags.worst_first()
        return {"note_form": NoteForm(hops=hops, flags=flags, auto_id="note-%s", initial={"on": on})}
    return {}


def amend_form(statement: Statement) -> AmendForm:
    """The form for other words, bounds or another stance, as it begins."""
    initial = {name: getattr(statement, name) for name in ("version", "wording", "stance", "start", "end")}
    return AmendForm(initial=initial, auto_id="amend-%s")
