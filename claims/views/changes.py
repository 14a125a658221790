"""How a person's change to a statement is carried out: checked, locked, traced, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from claims import access, history
from claims.models import Hop, Statement
from claims.models.statement import Changed
from claims.views.page import GONE
from claims.views.panel import done, show

Verb = Callable[[Statement, dict[str, Any]], object]
HopVerb = Callable[[Statement, Hop], object]
Errors = Callable[[forms.Form], dict[str, Any]]


def change(
    request: HttpRequest, statement: Statement, form: forms.Form, back: str | Errors, verb: Verb
) -> HttpResponse:
    """Check the form, lock the statement, let ``verb`` change it, and show what came of it.

    A form that won't do comes back as it was typed, with 422: ``back`` is the name that it has in
    the panel, or a function that wraps it. When somebody else changed the statement since this
    person looked, nothing is written and both versions are shown, with 409.
    """
    returned = back if callable(back) else lambda form: {back: form}
    valid = form.is_valid()
    if stale(statement, form):
        # Whatever else is wrong with the form may come of what changed.
        return conflict(request, statement, form)
    if not valid:
        return show(request, statement, 422, **returned(form))
    try:
        with transaction.atomic():
            locked = Statement.objects.lock(statement.pk, form.cleaned_data.get("version"))
            if locked.deleted_at:
                raise ValueError("This claim is deleted. Bring it back first, on the page of the article.")
            verb(locked, form.cleaned_data)
    except Statement.DoesNotExist:
        raise Http404(GONE) from None
    except Changed as changed:
        return conflict(request, changed.statement, form)
    except ValueError as problem:
        form.add_error(None, str(problem))
        return show(request, statement, 422, **returned(form))
    return done(request, statement)


def change_hop(
    request: HttpRequest, statement: Statement, hop_pk: int, form: forms.Form, back: Errors, verb: HopVerb
) -> HttpResponse:
    """As ``change``, for one step of the chain. One that somebody took out meanwhile is no 404, but told."""
    form.is_valid()
    gone = statement.hops.filter(pk=hop_pk, removed_at__isnull=False).exists()
    if not stale(statement, form):
        if gone:
            return show(request, statement, 422, problem="This source was taken out of the chain.")
        access.hop_or_404(statement, hop_pk)
    return change(
        request, statement, form, back, lambda locked, said: verb(locked, access.hop_or_404(locked, hop_pk))
    )


# What a button without fields asks for.
BARE = {
    "hop-remove": "take a source out of the chain",
    "hop-move": "move a source in the chain",
    "statement-delete": "delete this claim",
}


def stale(statement: Statement, form: forms.Form) -> bool:
    """Whether the form was filled in over an earlier version of the statement."""
    version = form.cleaned_data.get("version")
    return version is not None and version != statement.version


def conflict(request: HttpRequest, theirs: Statement, form: forms.Form) -> HttpResponse:
    """Show who changed what meanwhile beside what this person wanted; nothing typed is lost."""
    seen = history.moment_of_version(theirs, form.cleaned_data["version"])
    mine = [
        (field.label or name, dict(getattr(field, "choices", ())).get(said, said))
        for name, field in form.fields.items()
        if not field.widget.is_hidden and (said := form.cleaned_data.get(name)) not in (None, "")
    ]
    route = request.resolver_match.url_name if request.resolver_match else None
    hidden = [
        (name, value)
        for name, value in request.POST.items()
        if name not in ("version", "csrfmiddlewaretoken")
    ]
    return show(
        request,
        Statement.objects.with_article().select_related("claim").get(pk=theirs.pk),
        409,
        conflict={
            "entries": history.of_statement(theirs, since=seen, user=request.user),
            "mine": mine or [("Action", BARE.get(route or "", "the change"))],
            "hidden": [*hidden, ("version", theirs.version)],
            "action": request.path,
        },
    )
