"""A revised draft: version 2 over version 1, and the tray of what has no place in it."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import date
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST

from claims import access, reading
from claims.access import WRITE, needs, person
from claims.carrying_over import carry_over, put_on
from claims.models import Flag, Statement
from claims.models.carried import How
from claims.models.statement import Changed
from claims.version_form import PlaceForm, VersionForm
from claims.views.article import article_again, latest_capture, to_article
from claims.views.intake import received
from claims.views.page import GONE
from claims.views.statement import to_statement
from sources.ingest import HereAlready, take_in_version
from sources.models import Document
from sources.parsed import Unreadable

PAGE = "claims/article_version.html"
OVERTAKEN = (
    "Somebody took in a newer version while you were at this one. Look at it, then save yours over it."
)
SAME_WORDS = "These are the words of the latest version already. Nothing was changed."


@require_http_methods(["GET", "POST"])
@needs(WRITE)
def article_version(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a new version, and what happens to it."""
    document = access.document_or_404(request.user, pk)
    latest = latest_capture(document)
    if request.method == "GET":
        form = VersionForm(initial={"over": latest.pk})
        return render(request, PAGE, {"form": form, "document": document})
    form = VersionForm(request.POST, request.FILES)
    tally: Counter[str] = Counter()
    if form.is_valid():
        try:
            came, parsed = received(form)
            with transaction.atomic():
                locked = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
                if latest_capture(locked).pk != form.cleaned_data["over"]:
                    raise Overtaken
                new = take_in_version(locked, came, parsed, person(request))
                tally = carry_over(new, person(request))
                reading.ask(new)
        except Unreadable as problem:
            form.add_error(form.cleaned_data["way"], str(problem))
        except HereAlready as here:
            form.add_error(None, already(request, document, here))
        except Overtaken:
            again = request.POST.copy()
            again["over"] = str(latest_capture(document).pk)
            form = VersionForm(again, request.FILES)
            form.add_error(None, OVERTAKEN)
    if not form.is_valid():
        return render(request, PAGE, {"form": form, "document": document}, status=422)
    messages.success(request, f"The new version is taken in. {said(tally)}")
    return to_article(document)


class Overtaken(Exception):
    """The capture that the person saw is no longer the latest."""


def already(request: HttpRequest, document: Document, here: HereAlready) -> str:
    """What to say of a text that was captured before."""
    latest = document.latest_capture
    if latest and here.capture.pk == latest.pk:
        return SAME_WORDS
    if here.capture.document_id == document.pk:
        when = date(localtime(here.capture.taken_at), "j M Y H:i")
        return f"This is the version of {when}, byte for byte. It is kept under Captures."
    if access.documents(request.user).filter(pk=here.capture.document_id).exists():
        return f"This text is here already, as another article: “{here.capture.document}”."
    return "This text is here already, as another article."


def said(tally: Counter[str]) -> str:
    """What became of the claims and notes, as a sentence."""
    parts = [
        (tally[How.UNCHANGED], "unchanged"),
        (tally[How.MOVED], "moved"),
        (tally[How.REWORDED], "changed since and open again"),
        (tally[How.DELETED], "in the tray"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    return f"Of its claims and notes: {told}." if told else "It had no claims or notes yet."


@require_POST
@needs(WRITE)
def statement_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a claim of the tray on words of the latest version."""
    found = access.statement_or_404(request.user, pk)
    form = PlaceForm(request.POST, auto_id=f"place-{pk}-%s")
    capture = latest_capture(found.capture.document)
    if found.capture_id == capture.pk:
        messages.info(request, "This claim is on the latest version already.")
        return to_statement(found)
    if form.is_valid():
        try:
            with transaction.atomic():
                # No version comes in between the look at which one is the latest and the writing.
                Document.objects.select_for_update(no_key=True).get(pk=capture.document_id)
                capture = latest_capture(found.capture.document)
                locked = Statement.objects.lock(pk, form.cleaned_data["version"])
                start, end = form.place(capture.text)
                put_on(locked, capture, start, end, person(request))
                Flag.objects.renew(Statement.objects.get(pk=pk))
        except Statement.DoesNotExist:
            raise Http404(GONE) from None
        except Changed as changed:
            form.add_error(None, str(changed))
        except ValueError as problem:
            form.add_error("words", str(problem))
    if form.errors:
        return article_again(request, capture, place_form=form, placing=pk)
    messages.success(request, "The claim is back in the text. Look it over: its verdict is open again.")
    return to_statement(Statement.objects.with_article().get(pk=pk))
