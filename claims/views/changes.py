"""How a person's change to a statement is carried out: checked, locked, traced, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from claims import history
from claims.models import Statement
from claims.models.statement import Changed
from claims.views.page import done, show

Verb = Callable[[Statement, dict[str, Any]], object]
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
    if not form.is_valid():
        return show(request, statement, 422, **returned(form))
    try:
        with transaction.atomic():
            locked = Statement.objects.lock(statement.pk, form.cleaned_data.get("version"))
            verb(locked, form.cleaned_data)
    except Changed as changed:
        return conflict(request, changed.statement, form)
    except ValueError as problem:
        form.add_error(None, str(problem))
        return show(request, statement, 422, **returned(form))
    return done(request, statement)


def conflict(request: HttpRequest, theirs: Statement, form: forms.Form) -> HttpResponse:
    """Show who changed what meanwhile beside what this person wanted; nothing typed is lost."""
    seen = history.moment_of_version(theirs, form.cleaned_data["version"])
    mine = [
        (name, field.label or name.replace("_", " "), form.cleaned_data[name])
        for name, field in form.fields.items()
        if name != "version" and form.cleaned_data.get(name) not in (None, "")
    ]
    hidden = [
        (name, value)
        for name, value in request.POST.items()
        if name not in ("version", "csrfmiddlewaretoken")
    ]
    return show(
        request,
        Statement.objects.select_related("capture__document__publisher").get(pk=theirs.pk),
        409,
        conflict={
            "entries": history.of_statement(theirs, since=seen),
            "mine": mine,
            "hidden": [*hidden, ("version", theirs.version)],
            "action": request.path,
        },
    )
