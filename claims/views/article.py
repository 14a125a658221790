"""The article page, and what people do to an article as a whole."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from claims import access, history, reading
from claims import desk as queue
from claims.access import DECIDE, READ, WRITE, needs, person
from claims.forms import DetailsForm
from claims.models.renewal import follow
from claims.recent import newest_in
from claims.views.beside import versions
from claims.views.narrowing import narrowing
from claims.views.page import TEMPLATE, article_context, details_of, latest_reading
from claims.views.threads import Editing
from sources.ingest import publisher_named
from sources.models import Capture, Document
from sources.urls_normal import normal_url


@require_GET
@needs(READ)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """The article as captured last, its claims underlined."""
    document = access.document_or_404(request.user, pk)
    return page_of(request, latest_capture(document))


@require_GET
@needs(READ)
def article_capture(request: HttpRequest, pk: int, capture_pk: int) -> HttpResponse:
    """The article as one capture has it."""
    document = access.document_or_404(request.user, pk)
    capture = access.capture_or_404(request.user, capture_pk)
    if capture.document_id != document.pk:
        raise Http404("There is no such capture of this article.")
    return page_of(request, capture)


def page_of(request: HttpRequest, capture: Capture) -> HttpResponse:
    """The page of a capture; with ``deleted`` in the address it offers to undo that deletion."""
    context = article_context(request, capture.document, capture, only=narrowing(request))
    deleted = request.GET.get("deleted", "")
    if access.writes(request.user):
        context["undo"] = newest_in(capture.document, person(request))
    if request.GET.get("open") == "history":
        context["article_history"] = history.of_document(capture.document, request.user)
    context["just_deleted"] = next((s for s in context["deleted"] if str(s.pk) == deleted), None)
    return render(request, TEMPLATE, context)


def latest_capture(document: Document) -> Capture:
    """What was seen of it last; 404 when nothing was."""
    capture = document.latest_capture
    if capture is None:
        raise Http404("There is no such article.")
    return capture


def article_again(
    request: HttpRequest,
    capture: Capture,
    *,
    status: int = 422,
    editing: Editing | None = None,
    **bound: Any,
) -> HttpResponse:
    """The article page with a form that came back."""
    page = article_context(request, capture.document, capture, editing=editing)
    return render(request, TEMPLATE, page | bound, status=status)


@require_GET
@needs(READ)
def article_status(request: HttpRequest, capture_pk: int) -> HttpResponse:
    """How far the reading is; asked again and again while it goes on, then the page loads anew."""
    capture = access.capture_or_404(request.user, capture_pk)
    now = latest_reading(capture)
    if request.headers.get("HX-Request") != "true":
        return redirect("article", capture.document_id)
    response = render(request, f"{TEMPLATE}#reading", {"reading": now, "capture": capture})
    if now is None or not now.going_on:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(WRITE)
def article_read(request: HttpRequest, capture_pk: int) -> HttpResponse:
    """Have the engine read the text again; what people did stays."""
    capture = access.capture_or_404(request.user, capture_pk)
    with transaction.atomic():
        reading.ask(capture)
    return to_capture(capture)


@require_POST
@needs(WRITE)
def article_details(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct title, publisher, byline, date and address."""
    document = access.document_or_404(request.user, pk)
    form = DetailsForm(request.POST, auto_id="details-%s")
    capture = latest_capture(document)
    if not form.is_valid():
        return article_again(request, capture, details_form=form)
    said = form.cleaned_data
    with transaction.atomic():
        locked = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if locked.version != said["version"]:
            # The form comes back as typed, but on top of what is saved now.
            again = request.POST.copy()
            again["version"] = str(locked.version)
            form = DetailsForm(again, auto_id="details-%s")
            form.add_error(None, conflict_sentence(locked))
            beside = versions(form, details_of(locked))
            return article_again(request, capture, details_form=form, details_versions=beside)
        try:
            with transaction.atomic():
                locked.title, locked.byline = said["title"], said["byline"]
                locked.publisher, locked.published_on = (
                    publisher_named(said["publisher"]),
                    said["published_on"],
                )
                locked.desk = queue.label_in_use(said["desk"])
                locked.url, locked.url_normal = said["url"], normal_url(said["url"]) if said["url"] else ""
                locked.version += 1
                locked.save()
                if locked.title != document.title:
                    # A headline says more than its text, or another figure: rules compare them.
                    follow("the title was corrected", document=locked)
        except IntegrityError:
            form.add_error("url", "Another article here has this address already.")
            return article_again(request, capture, details_form=form)
    messages.success(request, "The details are saved.")
    return to_article(document)


def conflict_sentence(theirs: Document) -> str:
    """What to say when somebody else saved other details first."""
    events = apps.get_model("sources", "DocumentEvent").objects.filter(pgh_obj=theirs)
    event = events.select_related("pgh_context").order_by("pgh_id").last()
    who = access.username_of(event.pgh_context.metadata.get("user") if event and event.pgh_context else None)
    return f"{who} changed these details while you were at them. See theirs beside yours; save to keep yours."


@require_POST
@needs(DECIDE)
def article_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide an article that was taken in by mistake."""
    document = access.document_or_404(request.user, pk)
    if document.withdrawn_at is None:
        document.withdraw(person(request))
    messages.success(
        request, f"“{document.title}” is withdrawn: hidden from the lists, and nothing is deleted."
    )
    return to_article(document)


@require_POST
@needs(DECIDE)
def article_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a withdrawn article again."""
    document = access.document_or_404(request.user, pk)
    document.restore()
    messages.success(request, f"“{document.title}” is back.")
    return to_article(document)


def to_article(document: Document) -> HttpResponse:
    """A 303 to the article page."""
    response = redirect("article", document.pk)
    response.status_code = 303
    return response


def to_capture(capture: Capture) -> HttpResponse:
    """A 303 to the page of a capture."""
    return HttpResponseRedirect(path_of(capture), status=303)


def path_of(capture: Capture) -> str:
    """Where a capture is shown: the latest one of an article on its own page, an earlier one on another."""
    latest = capture.document.latest_capture
    if latest and latest.pk == capture.pk:
        return reverse("article", args=[capture.document_id])
    return reverse("article-capture", args=[capture.document_id, capture.pk])
