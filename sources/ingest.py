"""Taking in: bytes become a document with an unchangeable capture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from sources.models import Capture, Document, Source
from sources.models.source import Kind
from sources.names import normal_name
from sources.parsed import Parsed
from sources.urls_normal import normal_url

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Bytes:
    """What came in, before anything is made of it."""

    data: bytes
    media_type: str
    status: int | None = None
    requested_url: str = ""
    final_url: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What the person says of the article; what is empty is taken from the page."""

    title: str = ""
    publisher: str = ""
    byline: str = ""
    published_on: date | None = None
    url: str = ""
    sample: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """A capture, and what it meant to take it in."""

    capture: Capture
    new_capture: bool
    new_document: bool
    same_words: Document | None = None  # another document here with the same text


def words_digest(text: str) -> str:
    """SHA-256 of a text with its white space folded, to recognise the same words."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def date_of(stamp: str) -> date | None:
    """The day of an ISO date or date-time; None when there is none."""
    try:
        return date.fromisoformat(stamp[:10])
    except ValueError:
        return None


def publisher_named(name: str) -> Source | None:
    """The outlet of that name, made when it isn't known; None for no name."""
    if not normal_name(name):
        return None
    known = Source.objects.known_as(name).first()
    return known or Source.objects.find_or_make(name[:300], Kind.OUTLET)


def take_in(came: Bytes, parsed: Parsed, details: Details, by: User | None) -> Taken:
    """Keep what came in. The same bytes twice make no second capture.

    The same address with other bytes makes a second capture of the same document. Two people who
    take in the same bytes at once get the same capture.
    """
    try:
        with transaction.atomic():
            return keep(came, parsed, details, by)
    except IntegrityError:
        # Somebody took in the same bytes, or the same address, between our look and our writing.
        with transaction.atomic():
            return keep(came, parsed, details, by)


def keep(came: Bytes, parsed: Parsed, details: Details, by: User | None) -> Taken:
    """One try of ``take_in``."""
    sha256 = hashlib.sha256(came.data).hexdigest()
    there = Capture.objects.select_related("document").filter(sha256=sha256).first()
    if there:
        return Taken(there, new_capture=False, new_document=False)
    digest = words_digest(parsed.text)
    url = (details.url or parsed.url or came.final_url)[:2000]
    url_normal = normal_url(url) if url else ""
    # Locked, as for every new capture: nobody puts a claim on the capture before as on the latest one.
    at_address = Document.objects.select_for_update(no_key=True).filter(url_normal=url_normal)
    document = at_address.first() if url_normal else None
    twins = Capture.objects.select_related("document").filter(text_sha256=digest)
    # One that everybody may see comes first.
    twin = twins.order_by(F("document__withdrawn_at").asc(nulls_first=True), "-taken_at").first()
    if twin and document is None and (not url_normal or not twin.document.url_normal):
        return Taken(twin, new_capture=False, new_document=False)
    new_document = document is None
    if document is None:
        document = Document.objects.create(
            title=(details.title or parsed.title or first_words(parsed.text))[:500],
            publisher=publisher_named(details.publisher or parsed.publisher),
            byline=(details.byline or parsed.byline)[:300],
            published_on=details.published_on or date_of(parsed.published_at),
            url=url,
            url_normal=url_normal,
            sample=details.sample,
            made_by=by,
        )
    capture = capture_of(document, came, parsed, digest, by)
    same_words = twin.document if twin and twin.document_id != document.pk else None
    return Taken(capture, new_capture=True, new_document=new_document, same_words=same_words)


class HereAlready(Exception):
    """A new version whose bytes or words are a capture's already."""

    def __init__(self, capture: Capture) -> None:
        super().__init__("This text is here already.")
        self.capture = capture


def take_in_version(document: Document, came: Bytes, parsed: Parsed, by: User | None) -> Capture:
    """Keep a new version of an article that is here: another capture of it. Its details stay as they are.

    In the caller's transaction, which holds the document's row. Raises ``HereAlready`` when the same bytes
    were captured before, or the latest capture has the same words.
    """
    sha256, digest = hashlib.sha256(came.data).hexdigest(), words_digest(parsed.text)
    latest = document.latest_capture
    there = Capture.objects.filter(sha256=sha256).first()
    if there is None and latest and latest.text_sha256 == digest:
        there = latest
    if there:
        raise HereAlready(there)
    try:
        with transaction.atomic():
            return capture_of(document, came, parsed, digest, by)
    except IntegrityError:
        # Somebody took in the same bytes, as another article, between our look and our writing.
        raise HereAlready(Capture.objects.get(sha256=sha256)) from None


def capture_of(document: Document, came: Bytes, parsed: Parsed, digest: str, by: User | None) -> Capture:
    """Keep the bytes, text and structure of what came in."""
    return Capture.objects.create(
        document=document,
        data=came.data,
        sha256=hashlib.sha256(came.data).hexdigest(),
        text=parsed.text,
        text_sha256=digest,
        structure=parsed.structure(),
        media_type=came.media_type[:200],
        status=came.status,
        requested_url=came.requested_url[:2000],
        final_url=came.final_url[:2000],
        taken_by=by,
    )


def first_words(text: str, most: int = 80) -> str:
    """A title for a text that has none: its first line, cut at a word."""
    line = text.strip().splitlines()[0].strip()
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
