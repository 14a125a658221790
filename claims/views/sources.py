"""Sources: the list, and what rests on each."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from claims import access, history
from claims.access import READ, WRITE, needs
from claims.models import Hop
from claims.models.chain_edits import correct_source
from claims.models.hop import RESTING
from sources.models import Source
from sources.models.source import Kind
from sources.names import normal_name

A_PAGE = 100


class SourceForm(forms.Form):
    """A source's name and kind, and another name for it."""

    name = forms.CharField(label="Name", max_length=300)
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices)
    alias = forms.CharField(label="Another name for it", required=False, max_length=300)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class Overtaken(Exception):
    """Somebody else changed the source after the person looked at it."""


def as_seen(source: Source) -> str:
    """What the form said of the source when it was shown, to notice that somebody changed it since."""
    return f"{source.name} ({source.get_kind_display()})"


@require_GET
@needs(READ)
def source_list(request: HttpRequest) -> HttpResponse:
    """Sources by how many claims rest on them; ``q`` looks in names and aliases, ``kind`` narrows."""
    found = access.sources(request.user).annotate(resting=RESTING)
    typed = normal_name(request.GET.get("q", "").replace("\x00", ""))
    if typed:
        found = found.filter(pk__in=Source.objects.filter(aliases__normal__contains=typed).values("pk"))
    kind = request.GET.get("kind", "")
    if kind in Kind.values:
        found = found.filter(kind=kind)
    found = found.select_related("within").prefetch_related("aliases").order_by("-resting", "name", "pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": request.GET.get("q", ""), "kind": kind, "kinds": Kind.choices}
    return render(request, "sources/source_list.html", context)


@require_GET
@needs(READ)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """A source, its aliases and the claims that rest on it."""
    found = access.source_or_404(request.user, pk)
    form = SourceForm(initial={"name": found.name, "kind": found.kind, "seen": as_seen(found)})
    return render(request, "sources/source.html", source_context(request, found, form))


def source_context(request: HttpRequest, found: Source, form: SourceForm) -> dict[str, object]:
    """What the page of a source shows."""
    statements = (
        access.statements(request.user)
        .standing()
        .filter(
            pk__in=Hop.objects.standing().filter(source=found).values("statement"),
        )
        .for_a_list()
        .prefetch_related(Prefetch("hops", Hop.objects.standing().select_related("source")))
        .order_by("-pk")
    )
    page = Paginator(statements, A_PAGE).get_page(request.GET.get("page"))
    return {
        "source": found,
        "history": history.of_source(found, request.user),
        "form": form,
        "page": page,
        "rows": [(statement, statement.chains()) for statement in page.object_list],
        "published": access.documents(request.user).filter(publisher=found, withdrawn_at__isnull=True)[
            :A_PAGE
        ],
    }


@require_POST
@needs(WRITE)
def source_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or kind, or one more alias; the old name stays as an alias."""
    found = access.source_or_404(request.user, pk)
    form = SourceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        at = "name"
        try:
            with transaction.atomic():
                found = Source.objects.select_for_update(no_key=True).get(pk=found.pk)
                if said["seen"] not in ("", as_seen(found)):
                    raise Overtaken
                correct_source(found, said["name"], said["kind"])
                at = "alias"
                if said["alias"]:
                    found.add_alias(said["alias"])
        except Overtaken:
            again = request.POST.copy()
            again["seen"] = as_seen(found)
            form = SourceForm(again)
            form.add_error(
                None, f"Somebody changed this source to {as_seen(found)} meanwhile. Save to set yours."
            )
        except ValueError as problem:
            form.add_error(at, str(problem))
    if form.errors:
        found.refresh_from_db()
        return render(request, "sources/source.html", source_context(request, found, form), status=422)
    messages.success(request, "The source is saved.")
    response = redirect("source", found.pk)
    response.status_code = 303
    return response
