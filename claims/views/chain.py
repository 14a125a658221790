"""The editor of a claim's citation chains: what stands in place of the panel while somebody is at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from claims import access
from claims.access import WRITE, needs
from claims.forms import AddHopForm, HopForm
from claims.models import Hop, Statement
from claims.models.statement import in_order
from claims.views.panel import show
from claims.views.statements import is_id

TEMPLATE = "claims/_chain_editor.html"


@dataclass(slots=True)
class Row:
    """A hop as the editor lists it: ``depth`` counts the partings on the way from the reader to it."""

    hop: Hop
    depth: int
    branch: str
    origin: bool
    # Whether it can change places with the one before it, and with the one after it: not where chains part.
    rises: bool = False
    sinks: bool = False
    words: str = ""
    form: HopForm | None = None
    adding: AddHopForm | None = None
    focuses_edit: bool = False
    focuses_reader: bool = False
    focuses_origin: bool = False

    def take_focus(self, at: str) -> None:
        """Give the focus to its button ``at``: "edit", "reader" or "origin"; to "edit" where that is gone."""
        self.focuses_reader = at == "reader" and self.rises
        self.focuses_origin = at == "origin" and self.sinks
        self.focuses_edit = not (self.focuses_reader or self.focuses_origin)


def rows(statement: Statement) -> list[Row]:
    """The hops of a statement, each once, nearest the reader first; chains that part, one after the other."""
    below: dict[int | None, list[Hop]] = {}
    for hop in statement.hops.standing().select_related("source"):
        below.setdefault(hop.parent_id, []).append(hop)
    found: list[Row] = []
    waiting = further(below, None, 0)
    while waiting:
        row = waiting.pop()
        found.append(row)
        if row.hop.start is not None:
            row.words = statement.capture.text[row.hop.start : row.hop.end]
        waiting += further(below, row.hop, row.depth)
    return found


def further(below: dict[int | None, list[Hop]], parent: Hop | None, depth: int) -> list[Row]:
    """The rows of the hops behind one, the last of them first."""
    beside = in_order(below.get(parent.pk if parent else None, []))
    parts = len(beside) > 1
    after = f" after {parent.source.name}" if parent else ""
    made = []
    for n, hop in enumerate(beside, 1):
        behind = len(below.get(hop.pk, []))
        branch = f"Chain {n} of {len(beside)}{after}" if parts else ""
        rises = parent is not None and not parts
        made.append(Row(hop, depth + parts, branch, not behind, rises=rises, sinks=behind == 1))
    return made[::-1]


def hop_initial(hop: Hop, text: str) -> dict[str, Any]:
    """A hop, as its form begins."""
    kept = ("naming", "cue", "certainty", "basis", "reason", "interest", "link", "start", "end")
    words = text[hop.start : hop.end] if hop.start is not None else ""
    return {name: getattr(hop, name) for name in kept} | {
        "name": hop.source.name,
        "kind": hop.source.kind,
        "stands_on": " ".join(words.split()),
    }


def add_form(statement: Statement, hops: list[Hop], *args: Any, where: str = "") -> AddHopForm:
    """The form of a new step; ``where`` it goes at first, as the form has it."""
    form = AddHopForm(
        *args,
        hops=[(hop.pk, hop.source.name) for hop in hops],
        statement=statement,
        initial={"version": statement.version, "where": where},
        auto_id="new-hop-%s",
    )
    if where not in dict(form.fields["where"].choices):  # type: ignore[attr-defined]
        form.initial["where"] = next(iter(dict(form.fields["where"].choices)))  # type: ignore[attr-defined]
    return form


def editor(
    statement: Statement,
    *,
    hop_form: tuple[int, HopForm] | None = None,
    adding: AddHopForm | None = None,
    opened: int | None = None,
    focus: str = "",
    said: str = "",
) -> dict[str, Any]:
    """What the editor shows: the rows, the form that is open at one of them, and what has the focus.

    ``focus`` is the DOM id of a button; ``said`` is read out by screen readers.
    """
    listed = rows(statement)
    forms = dict([hop_form] if hop_form else [])
    place = str(adding["where"].value() or "") if adding else ""
    for row in listed:
        pk = row.hop.pk
        row.form = forms.get(pk)
        if opened == pk and row.form is None:
            initial = hop_initial(row.hop, statement.capture.text) | {"version": statement.version}
            row.form = HopForm(initial=initial, auto_id=f"hop-{pk}-%s", statement=statement)
        row.adding = adding if place in (str(pk), f"beside-{pk}") else None
        if focus.startswith(f"hop-{pk}-"):
            row.take_focus(focus.rpartition("-")[2])
    if adding and not any(row.adding for row in listed) and place not in ("reader", "chain"):
        place = "reader"
    return {
        "template": TEMPLATE,
        "rows": listed,
        "adding": adding,
        "adding_at": place if place in ("reader", "chain") else "",
        "offered": known_here(statement) if adding or any(row.form for row in listed) else [],
        "focus": focus,
        "said": said,
    }


def known_here(statement: Statement) -> list[str]:
    """The names of the sources of the article, which a browser without scripts offers."""
    hops = Hop.objects.standing().filter(
        statement__capture=statement.capture_id, statement__deleted_at__isnull=True
    )
    return sorted(set(hops.values_list("source__name", flat=True)))[:40]


@require_GET
@needs(WRITE)
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor; ``hop`` opens the fields of a step, ``add`` those of a new one, where it says."""
    found = access.statement_or_404(request.user, pk)
    asked = request.GET.get("hop", "")
    opened = access.hop_or_404(found, int(asked)).pk if is_id(asked) else None
    hops = [row.hop for row in rows(found)]
    adding = None
    if "add" in request.GET or not hops:
        adding = add_form(found, hops, where=request.GET.get("add", ""))
    focus = "form" if opened or adding else "chain-done"
    said = "Editing the chain."
    return show(request, found, editor=editor(found, opened=opened, adding=adding, focus=focus, said=said))


def show_editor(**context: Any) -> Callable[..., HttpResponse]:
    """A view's answer with the editor in the panel, in this state."""

    def answer(request: HttpRequest, statement: Statement, status: int = 200, **bound: Any) -> HttpResponse:
        fresh = Statement.objects.with_article().select_related("claim").get(pk=statement.pk)
        return show(request, fresh, status, editor=editor(fresh, **context), **bound)

    return answer


def back_to_editor(**context: Any) -> Callable[[HttpRequest, Statement], HttpResponse]:
    """After a change: the editor in the panel for htmx, a 303 to its page for a browser."""

    def answer(request: HttpRequest, statement: Statement) -> HttpResponse:
        if request.headers.get("HX-Request") == "true":
            return show_editor(**context)(request, statement)
        response = redirect(reverse("chain", args=[statement.pk]) + "#claim")
        response.status_code = 303
        return response

    return answer
