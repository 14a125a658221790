"""One claim made two, two made one, and a chain copied from one to another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods

from claims import access
from claims.access import WRITE, needs, person
from claims.forms import MergeForm, OtherClaimForm, SplitForm
from claims.models import Statement, parting
from claims.models.chain_copies import copy_chains
from claims.views.changes import change
from claims.views.page import GONE, statements_of
from claims.views.panel import show

MOST_OFFERED = 60  # claims; those nearest in the text
MEANWHILE = "That claim was changed meanwhile. Here is how it is now; choose again."


class Offered:
    """The other claims of the text, the nearest sixty, as a form and its template take them."""

    def __init__(self, statement: Statement) -> None:
        listed = statements_of(statement.capture)
        at = next((n for n, each in enumerate(listed) if each.pk == statement.pk), 0)
        first = max(0, min(at - MOST_OFFERED // 2, len(listed) - MOST_OFFERED - 1))
        self.rows = [
            {
                "value": f"{each.pk}-{each.version}",
                "number": number,
                "words": Truncator(each.wording).words(18),
                "chains": [" → ".join(hop.name for hop in chain) for chain in each.chains()],
            }
            for number, each in enumerate(listed, 1)
            if first < number <= first + MOST_OFFERED + 1 and each.pk != statement.pk
        ]
        near = listed[at + 1 : at + 2] or listed[max(0, at - 1) : at]
        # The claim that follows in the text; the one before where none does.
        self.next = f"{near[0].pk}-{near[0].version}" if near else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """As a form takes them."""
        return [(str(row["value"]), f"{row['number']}. {row['words']}") for row in self.rows]


def other_claim(request: HttpRequest, form: OtherClaimForm) -> Statement:
    """The claim that was chosen, as it is now in this transaction; 404 where it isn't to be seen.

    Raises ``ValueError`` when somebody changed it since the person looked.
    """
    if form.other_pk is None:
        raise Http404(GONE)
    other = access.statement_or_404(request.user, form.other_pk)
    if f"{other.pk}-{other.version}" != form.cleaned_data["other"]:
        raise ValueError(MEANWHILE)
    return other


def answers(template: str, **context: Any) -> Any:
    """An answer with one of these forms in the panel's place, as ``change`` takes it."""

    def shown(request: HttpRequest, statement: Statement, status: int = 200, **bound: Any) -> HttpResponse:
        editor = {"template": template, "form": bound.pop("form", None)} | context
        return show(request, statement, status, editor=editor, **bound)

    return shown


def to_claim(request: HttpRequest, statement: Statement, said: str) -> HttpResponse:
    """After a change: a 303 to the claim, with what was done. The marks in the text are others now."""
    messages.success(request, said)
    response = redirect("statement", statement.capture.document_id, statement.pk)
    response.status_code = 303
    return response


def offset(typed: str) -> int:
    """An offset from an address; 0 for what is none."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


@require_http_methods(["GET", "POST"])
@needs(WRITE)
def statement_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two claims of one: the parts as chosen words suggest them (``start``, ``end``), then as sent."""
    found = access.statement_or_404(request.user, pk, deleted=request.method == "POST")
    text = found.capture.text
    if request.method == "GET":
        asked = [offset(request.GET.get(name, "")) for name in ("start", "end")]
        (a, b), (c, d) = parting.parts(found, *asked)
        places = {"first_start": a, "first_end": b, "second_start": c, "second_end": d}
        form = SplitForm(initial=places | {"version": found.version}, auto_id="split-%s")
        answer: HttpResponse = answers("claims/_split.html", words=(text[a:b], text[c:d]))(
            request, found, form=form
        )
        return answer
    form = SplitForm(request.POST, auto_id="split-%s")

    def verb(statement: Statement, said: dict[str, Any]) -> None:
        first, second = (said["first_start"], said["first_end"]), (said["second_start"], said["second_end"])
        parting.split(statement, person(request), first, second)

    def after(request: HttpRequest, statement: Statement) -> HttpResponse:
        return to_claim(
            request, statement, "The claim is split. Both parts have its chain and wait for a verdict."
        )

    return change(request, found, form, "form", verb, shown=answers("claims/_split.html"), after=after)


@require_http_methods(["GET", "POST"])
@needs(WRITE)
def statement_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take another claim of the text up into this one."""
    found = access.statement_or_404(request.user, pk, deleted=request.method == "POST")
    offered = Offered(found)
    shown = answers("claims/_merge.html", offered=offered.rows)
    if request.method == "GET":
        initial = {"version": found.version, "other": offered.next, "words": "both"}
        form = MergeForm(others=offered.choices, initial=initial, auto_id="merge-%s")
        answer: HttpResponse = shown(request, found, form=form)
        return answer
    form = MergeForm(request.POST, others=offered.choices, auto_id="merge-%s")

    def verb(statement: Statement, said: dict[str, Any]) -> None:
        other = other_claim(request, form)
        parting.merge(statement, person(request), other, both_words=said["words"] == "both")

    def after(request: HttpRequest, statement: Statement) -> HttpResponse:
        return to_claim(request, statement, "The claims are merged. The other one is under “Deleted claims”.")

    also = form.other_pk if form.is_valid() else None
    return change(request, found, form, "form", verb, shown=shown, after=after, also=also)


@require_http_methods(["GET", "POST"])
@needs(WRITE)
def chain_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chain of this claim in the place of another's."""
    found = access.statement_or_404(request.user, pk, deleted=request.method == "POST")
    offered = Offered(found)
    shown = answers("claims/_chain_copy.html", offered=offered.rows)
    if request.method == "GET":
        initial = {"version": found.version}
        form = OtherClaimForm(others=offered.choices, initial=initial, auto_id="copy-%s")
        answer: HttpResponse = shown(request, found, form=form)
        return answer
    form = OtherClaimForm(request.POST, others=offered.choices, auto_id="copy-%s")
    to: list[Statement] = []

    def verb(statement: Statement, said: dict[str, Any]) -> None:
        to[:] = [other_claim(request, form)]
        copy_chains(statement, person(request), to[0])

    def after(request: HttpRequest, statement: Statement) -> HttpResponse:
        return to_claim(request, to[0], "The chain is copied to this claim.")

    also = form.other_pk if form.is_valid() else None
    return change(request, found, form, "form", verb, shown=shown, after=after, also=also)
