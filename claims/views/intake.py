"""Taking in an article: pasted, uploaded or by its address."""

from __future__ import annotations

import unicodedata

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from claims import access, reading
from claims.access import WRITE, needs, person
from claims.carrying_over import carry_over
from claims.forms import TakeInForm
from sources.fetch import Unreachable, fetch
from sources.ingest import Bytes, Details, Taken, take_in
from sources.models import Document
from sources.parse import parse, parse_pasted
from sources.parsed import Parsed, Unreadable
from sources.urls_normal import normal_url

LINKS_LEFT_OUT = "The links of what you pasted were left out, because its text was changed."
NOT_USED = "The details you typed were not used; you can correct them on this page."


@require_http_methods(["GET", "POST"])
@needs(WRITE)
def article_new(request: HttpRequest) -> HttpResponse:
    """The form, and what happens to it."""
    if request.method == "GET":
        return render(request, "claims/article_new.html", {"form": TakeInForm()})
    form = TakeInForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "claims/article_new.html", {"form": form}, status=422)
    try:
        came, parsed = received(form)
    except (Unreadable, Unreachable) as problem:
        form.add_error(
            {"text": "text", "file": "file", "address": "address"}[form.cleaned_data["way"]], str(problem)
        )
        return render(request, "claims/article_new.html", {"form": form}, status=422)
    said = form.cleaned_data
    details = Details(said["title"], said["publisher"], said["byline"], said["published_on"], said["url"])
    with transaction.atomic():
        taken = take_in(came, parsed, details, person(request))
        hidden = not visible(request, taken.capture.document)
        if hidden:
            # Another text at the address of a withdrawn article: nobody who could see it has asked for it.
            transaction.set_rollback(True)
        elif taken.new_capture:
            if not taken.new_document:
                carry_over(taken.capture, person(request))
            reading.ask(taken.capture)
    if hidden:
        form.add_error(None, "This article was taken in before and withdrawn. An editor can restore it.")
        return render(request, "claims/article_new.html", {"form": form}, status=422)
    tell(request, taken, details)
    rich = said["way"] == "text" and said["html"].strip()
    if rich and taken.new_capture and came.media_type != "text/html":
        messages.warning(request, LINKS_LEFT_OUT)
    response = redirect("article", taken.capture.document_id)
    response.status_code = 303
    return response


def received(form: Form) -> tuple[Bytes, Parsed]:
    """What came in and what it says.

    Raises ``Unreadable`` or ``Unreachable`` with a sentence for the person.
    """
    said = form.cleaned_data
    if said["way"] == "address":
        got = fetch(said["address"].strip())
        came = Bytes(got.data, got.media_type, got.status, said["address"].strip(), got.final_url)
        return came, parse(got.data, media_type=got.media_type, url=got.final_url)
    if said["way"] == "file":
        upload = said["file"]
        data = upload.read()
        media_type = upload.content_type or ""
        return Bytes(data, media_type), parse(
            data, media_type=media_type, filename=upload.name, url=said.get("url", "")
        )
    return pasted(said["text"], said["html"])


def pasted(text: str, html: str) -> tuple[Bytes, Parsed]:
    """A pasted text; its HTML is used while it still says what the person sees in the box."""
    if html.strip():
        parsed = parse_pasted(html)
        if letters_and_digits(parsed.text) == letters_and_digits(text):
            return Bytes(html.encode(), "text/html"), parsed
    data = text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    return Bytes(data, "text/plain; charset=utf-8"), parse(data, media_type="text/plain; charset=utf-8")


def letters_and_digits(text: str) -> str:
    """What a browser and our parser write alike, unlike spaces, hyphens and quotation marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def tell(request: HttpRequest, taken: Taken, details: Details) -> None:
    """Say what taking in meant."""
    document, twin = taken.capture.document, taken.same_words
    if not taken.new_capture:
        said: str = format_html("This text is here already, as {}.", linked(document))
    elif not taken.new_document:
        said = "This address was here already, with another text. This is a second capture of it."
    elif twin and visible(request, twin):
        said = format_html("The same words are here already, as {}.", linked(twin))
    else:
        said = "The article is taken in. Look over its details while it is being read."
    if not taken.new_document and unused(details, document):
        said = format_html("{} {}", said, NOT_USED)
    messages.info(request, said)


def unused(details: Details, document: Document) -> bool:
    """Whether the person typed details beyond the address by which the article was found."""
    elsewhere = bool(details.url) and normal_url(details.url) != document.url_normal
    return bool(
        details.title or details.publisher or details.byline or details.published_on is not None or elsewhere
    )


def visible(request: HttpRequest, document: Document) -> bool:
    """Whether this person may see the article: a withdrawn one is hidden from most, its title too."""
    return access.documents(request.user).filter(pk=document.pk).exists()


def linked(document: Document) -> SafeString:
    """An article's title, leading to it."""
    return format_html('<a href="{}">“{}”</a>', reverse("article", args=[document.pk]), document.title)
