"""Taking in: what is a new capture, what a second one, and what is here already."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from sources import ingest
from sources.ingest import Bytes, Details, first_words, take_in
from sources.models import Capture, Document, Source
from sources.parsed import Link, Parsed

pytestmark = pytest.mark.django_db

TEXT = "The pier is closed.\n\nIt opens in May."
ADDRESS = "https://post.example/pier"


def taken(text: str = TEXT, url: str = "", data: bytes | None = None, **said: object):
    came = Bytes(text.encode() if data is None else data, "text/html", 200, url, url)
    return take_in(came, Parsed(text), Details(**said), None)  # type: ignore[arg-type]


def test_a_capture_holds_what_came_as_it_came():
    came = Bytes(b"<p>The pier is closed.</p>", "text/html", 203, "http://post.example/a", ADDRESS)
    parsed = Parsed("The pier is closed.", "Pier", links=(Link(4, 8, "https://pier.example/"),))
    capture = Capture.objects.get(pk=take_in(came, parsed, Details(), None).capture.pk)
    assert bytes(capture.data) == came.data
    assert capture.sha256 == hashlib.sha256(came.data).hexdigest()
    assert (capture.text, capture.length) == ("The pier is closed.", 19)
    assert capture.structure["links"] == [{"start": 4, "end": 8, "href": "https://pier.example/"}]
    assert (capture.media_type, capture.status) == ("text/html", 203)
    assert (capture.requested_url, capture.final_url) == ("http://post.example/a", ADDRESS)


def test_the_same_bytes_twice_make_one_capture():
    first = taken()
    again = taken(title="Another title", url=ADDRESS)
    assert first.new_capture
    assert first.new_document
    assert (again.capture, again.new_capture, again.new_document) == (first.capture, False, False)
    assert Document.objects.get().title != "Another title"


def test_the_same_address_with_other_bytes_is_a_second_capture_of_the_document():
    first = taken(url=ADDRESS, title="The pier")
    second = taken("The pier is open.", url="http://www.post.example/pier/?utm_source=feed#top")
    assert second.new_capture
    assert not second.new_document
    assert second.capture.document == first.capture.document
    assert second.capture.document.latest_capture == second.capture
    assert Document.objects.get().title == "The pier"


def test_the_same_words_in_other_bytes_are_here_already():
    first = taken()
    again = taken("  " + TEXT.replace("\n\n", " \n"), data=b"other bytes")
    assert (again.capture, again.new_capture) == (first.capture, False)


def test_the_same_words_at_another_address_are_another_document_that_says_so():
    first = taken(url=ADDRESS)
    second = taken(data=b"other bytes", url="https://mirror.example/pier")
    assert second.new_document
    assert second.same_words == first.capture.document


def test_what_the_person_says_goes_before_what_the_page_says():
    came = Bytes(b"1", "text/html", 200, "", "https://post.example/one")
    page = Parsed(TEXT, "Page title", "Page Post", "Ada Page", "2026-02-03T10:00:00Z", ADDRESS)
    document = take_in(came, page, Details(title="Ours", byline="Bea"), None).capture.document
    assert (document.title, document.byline, document.url) == ("Ours", "Bea", ADDRESS)
    assert document.publisher
    assert document.publisher.name == "Page Post"
    assert document.published_on == date(2026, 2, 3)


def test_a_publisher_is_recognised_by_any_of_its_names():
    post = Source.objects.find_or_make("Island Post", "outlet")
    post.add_alias("The IP")
    assert taken(publisher="the ip").capture.document.publisher == post
    assert taken("Other words.", publisher="…").capture.document.publisher is None


def test_a_new_publisher_is_an_outlet():
    publisher = taken(publisher="Harbour Times").capture.document.publisher
    assert publisher is not None
    assert publisher.kind == "outlet"


def test_a_text_without_a_title_goes_by_its_first_words():
    assert taken().capture.document.title == "The pier is closed."
    assert first_words("word " * 40) == "word " * 15 + "word…"


def test_what_is_too_long_for_the_database_is_cut():
    document = taken(title="t" * 900, publisher="p" * 900, byline="b" * 900).capture.document
    assert (len(document.title), len(document.byline)) == (500, 300)
    long_address = taken("More.", url="https://post.example/?" + "a=1&" * 900).capture
    assert len(long_address.final_url) == 2000


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-13-40", "2026"])
def test_a_date_that_can_t_be_read_is_left_out(stamp: str):
    came = Bytes(b"1", "text/html")
    assert (
        take_in(came, Parsed(TEXT, published_at=stamp), Details(), None).capture.document.published_on is None
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_in_the_same_at_once_get_one_capture(monkeypatch: pytest.MonkeyPatch):
    both_looked, true_digest, waited = (
        threading.Barrier(2, timeout=10),
        ingest.words_digest,
        threading.local(),
    )

    def digest(text: str) -> str:
        # Both have seen that it isn't here before either of them writes.
        if not hasattr(waited, "once"):
            waited.once = True
            both_looked.wait()
        return true_digest(text)

    def take(_: int):
        try:
            return taken(url=ADDRESS, publisher="Harbour Times")
        finally:
            connection.close()

    monkeypatch.setattr(ingest, "words_digest", digest)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(take, range(2))
    assert one.capture == two.capture
    assert sorted([one.new_capture, two.new_capture]) == [False, True]
    assert Capture.objects.count() == Document.objects.count() == Source.objects.count() == 1
