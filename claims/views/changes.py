"""How a person's change to a statement is carried out: checked, locked, traced, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from claims import access, history
from claims.forms import AmendForm, HopForm, VerdictForm
from claims.models import Hop, Statement
from claims.models.statement import Changed
from claims.views.beside import versions
from claims.views.chain import hop_initial
from claims.views.page import GONE
from claims.views.panel import done, show

Verb = Callable[[Statement, dict[str, Any]], object]
HopVerb = Callable[[Statement, Hop], object]
Errors = Callable[[forms.Form], dict[str, Any]]
Shown = Callable[..., HttpResponse]
Done = Callable[[HttpRequest, Statement], HttpResponse]


def change(
    request: HttpRequest,
    statement: Statement,
    form: forms.Form,
    back: str | Errors,
    verb: Verb,
    *,
    shown: Shown = show,
    after: Done = done,
    also: int | None = None,
) -> HttpResponse:
    """Check the form, lock the statement, let ``verb`` change it, and show what came of it.

    A form that won't do comes back as it was typed, with 422: ``back`` is the name that it has in
    the panel, or a function that wraps it. When somebody else changed the statement since this
    person looked, nothing is written and both versions are shown, with 409.

    ``shown`` and ``after`` answer in another way than with the panel: when it went wrong, when it is done.
    ``also`` is another statement that the verb changes.
    """
    returned = back if callable(back) else lambda form: {back: form}
    valid = form.is_valid()
    if stale(statement, form):
        # Whatever else is wrong with the form may come of what changed.
        return conflict(request, statement, form, verb if valid else None, shown)
    if not valid:
        return shown(request, statement, 422, **returned(form))
    try:
        with transaction.atomic():
            if also is not None:
                # In the same order for everybody, so that two who work crosswise don't wait for each other.
                both = Statement.objects.filter(pk__in=[statement.pk, also]).order_by("pk")
                list(both.select_for_update(no_key=True).values_list("pk"))
            locked = Statement.objects.lock(statement.pk, form.cleaned_data.get("version"))
            if locked.deleted_at:
                raise ValueError("This claim is deleted. Bring it back first, on the page of the article.")
            verb(locked, form.cleaned_data)
    except Statement.DoesNotExist:
        raise Http404(GONE) from None
    except Changed as changed:
        return conflict(request, changed.statement, form, verb, shown)
    except ValueError as problem:
        form.add_error(None, str(problem))
        return shown(request, statement, 422, **returned(form))
    return after(request, statement)


def change_hop(
    request: HttpRequest,
    statement: Statement,
    hop_pk: int,
    form: forms.Form,
    back: Errors,
    verb: HopVerb,
    *,
    shown: Shown = show,
    after: Done = done,
) -> HttpResponse:
    """As ``change``, for one step of the chain. One that somebody took out meanwhile is no 404, but told."""
    form.is_valid()
    gone = statement.hops.filter(pk=hop_pk, removed_at__isnull=False).exists()
    if not stale(statement, form):
        if gone:
            return shown(request, statement, 422, problem=TAKEN_OUT)
        access.hop_or_404(statement, hop_pk)
    return change(
        request,
        statement,
        form,
        back,
        lambda locked, said: verb(locked, access.hop_or_404(locked, hop_pk)),
        shown=shown,
        after=after,
    )


def plain_problem(form: forms.Form) -> dict[str, str]:
    """What is wrong, for a button that has no fields to show it at."""
    return {"problem": " ".join(str(e) for errors in form.errors.values() for e in errors)}


TAKEN_OUT = "This source was taken out of the chain."

# What the browser keeps a half-filled form of the chain under, until it is sent.
DRAFTS = {"hop-add": "add-hop-{pk}", "hop-amend": "hop-{hop_pk}"}

# What a button without fields asks for.
BARE = {
    "hop-remove": "take a source out of the chain",
    "hop-move": "move a source in the chain",
    "statement-delete": "delete this claim",
    "statement-leave": "take it out of the joined claim",
}


def stale(statement: Statement, form: forms.Form) -> bool:
    """Whether the form was filled in over an earlier version of the statement."""
    version = form.cleaned_data.get("version")
    return version is not None and version != statement.version


def with_mine(theirs: Statement, form: forms.Form, verb: Verb) -> dict[str, Any]:
    """The chains as they are now and as they would be with this person's change on top.

    The change is made and taken back: nothing of it stays. ``impossible`` says why it can't be made any more.
    """
    now = lines(theirs)
    try:
        with transaction.atomic():
            verb(Statement.objects.lock(theirs.pk, None), form.cleaned_data)
            mine = lines(theirs)
            transaction.set_rollback(True)
    except Http404:
        return {"now": now, "impossible": TAKEN_OUT}
    except ValueError as problem:
        return {"now": now, "impossible": str(problem)}
    return {"now": now, "mine": mine} if mine != now else {}


def theirs_now(statement: Statement, form: forms.Form, about: dict[str, Any]) -> dict[str, Any]:
    """What is saved now, by the names of the form's fields; nothing where the form makes something new."""
    if isinstance(form, AmendForm):
        return {name: getattr(statement, name) for name in ("wording", "stance", "start", "end")}
    if isinstance(form, VerdictForm):
        verdict = statement.verdicts.first()
        return {"decision": statement.get_state_display(), "reason": verdict.reason if verdict else ""}
    if isinstance(form, HopForm) and "hop_pk" in about:
        hop = statement.hops.standing().filter(pk=about["hop_pk"]).select_related("source").first()
        return hop_initial(hop, statement.capture.text) if hop else {}
    return {}


def lines(statement: Statement) -> list[list[str]]:
    """The chains of a statement by the names of their sources, as the database has them."""
    return [[hop.name for hop in chain] for chain in Statement.objects.get(pk=statement.pk).chains()]


def conflict(
    request: HttpRequest, theirs: Statement, form: forms.Form, verb: Verb | None = None, shown: Shown = show
) -> HttpResponse:
    """Show who changed what meanwhile beside what this person wanted; nothing typed is lost."""
    seen = history.moment_of_version(theirs, form.cleaned_data["version"])
    match = request.resolver_match
    route = match.url_name if match else None
    draft = DRAFTS.get(route or "", "").format(**match.kwargs) if match else ""
    hidden = [
        (name, value)
        for name, value in request.POST.items()
        if name not in ("version", "csrfmiddlewaretoken")
    ]
    return shown(
        request,
        Statement.objects.with_article().select_related("claim").get(pk=theirs.pk),
        409,
        conflict={
            "chains": with_mine(theirs, form, verb) if verb and shown is not show else {},
            "entries": history.of_statement(theirs, since=seen, user=request.user),
            "versions": versions(form, theirs_now(theirs, form, match.kwargs if match else {})),
            "action_wanted": BARE.get(route or "", "the change"),
            "hidden": [*hidden, ("version", theirs.version)],
            "action": request.path,
            "draft": draft,
        },
    )
