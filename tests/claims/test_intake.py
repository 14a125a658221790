"""Taking in an article: pasted, uploaded or by its address."""

from __future__ import annotations

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from claims.models import Reading
from sources.fetch import Fetched
from sources.models import Capture, Document, Source
from tests.claims.conftest import As

pytestmark = pytest.mark.django_db

NEW = "/articles/new/"
TEXT = "The pier is closed, a guard said.\n\nIt opens again in May, the port says on its page."
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pier closed</title>
<meta property="og:site_name" content="Harbour Times"><link rel="canonical" href="https://harbour.example/pier">
<script>alert("a")</script></head><body><nav>Home Sport Weather</nav><article><h1>Pier closed</h1>
<p>The pier is closed for the winter, a guard said on Monday, and nobody may walk on it until spring.</p>
<p onclick="alert(1)">It opens in May, the <a href="https://port.example/news">port says on its page</a>,
where it has kept such notices since the storm of three years ago.</p>
<p><a href="javascript:alert(2)">The mayor</a> could not be reached for a word about it on Tuesday.</p>
<iframe src="https://evil.example/"></iframe><img src="x" onerror="alert(3)"></article></body></html>"""


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def upload(name: str, data: bytes, media_type: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data, media_type)}


def messages(answer: Any) -> str:
    there = soup(answer).select_one(".messages")
    return there.get_text() if there else ""


def test_the_form(as_: As):
    page = soup(as_("reporter").get(NEW))
    form = page.select_one('main form[method="post"]')
    assert form["enctype"] == "multipart/form-data"
    names = {e["name"] for e in form.select("input, textarea")} - {"csrfmiddlewaretoken"}
    assert names == {"text", "html", "file", "address", "title", "publisher", "byline", "published_on", "url"}


def test_a_pasted_text_is_taken_in_and_waits_to_be_read(as_: As, django_capture_on_commit_callbacks: Any):
    reporter = as_("reporter")
    with django_capture_on_commit_callbacks(execute=True):
        answer = reporter.post(NEW, {"text": TEXT, "title": "Pier", "publisher": "Harbour Times"})
    capture = Capture.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("article", args=[capture.document_id]))
    assert capture.text == TEXT
    assert (capture.document.title, str(capture.document.publisher)) == ("Pier", "Harbour Times")
    assert (str(capture.taken_by), str(capture.document.made_by)) == ("reporter", "reporter")
    assert [b["kind"] for b in capture.structure["blocks"]] == ["p", "p"]
    assert Reading.objects.get().progress == "waiting"
    assert DBTaskResult.objects.get().status == "READY"
    page = reporter.get(answer["Location"])
    assert "The article is taken in." in messages(page)
    assert "Waiting to be read" in page.content.decode()


def test_a_browser_s_line_ends_are_one_character(as_: As):
    as_("reporter").post(NEW, {"text": TEXT.replace("\n", "\r\n")})
    assert Capture.objects.get().text == TEXT


def test_the_same_text_twice_leads_to_the_one_that_is_here(as_: As):
    reporter = as_("reporter")
    reporter.post(NEW, {"text": TEXT, "title": "Pier"})
    answer = reporter.post(NEW, {"text": TEXT, "title": "Another title"}, follow=True)
    document = Document.objects.get()
    assert Capture.objects.count() == Reading.objects.count() == 1
    assert answer.redirect_chain == [(reverse("article", args=[document.pk]), 303)]
    assert "This text is here already, as “Pier”." in messages(answer)
    assert soup(answer).select_one(".messages a")["href"] == reverse("article", args=[document.pk])


def test_the_same_words_at_another_address_are_said_to_be_here(as_: As):
    reporter = as_("reporter")
    reporter.post(NEW, {"text": TEXT, "title": "Pier", "url": "https://harbour.example/a"})
    first = Document.objects.get()
    answer = reporter.post(NEW, {"text": TEXT + "\n", "url": "https://mirror.example/a"}, follow=True)
    assert "The same words are here already, as “Pier”." in messages(answer)
    assert soup(answer).select_one(".messages a")["href"] == reverse("article", args=[first.pk])
    assert Document.objects.count() == 2


def test_the_same_address_with_another_text_is_a_second_capture(as_: As):
    reporter = as_("reporter")
    reporter.post(NEW, {"text": TEXT, "url": "https://harbour.example/a"})
    answer = reporter.post(
        NEW, {"text": "It opens.", "url": "http://www.harbour.example/a/?utm_source=x"}, follow=True
    )
    document = Document.objects.get()
    assert document.captures.count() == 2
    assert "This is a second capture of it." in messages(answer)
    assert "It opens." in soup(answer).select_one("#text").get_text()
    assert Reading.objects.count() == 2


def test_what_was_withdrawn_is_told_to_a_reporter_and_shown_to_an_editor(as_: As):
    reporter = as_("reporter")
    reporter.post(NEW, {"text": TEXT, "title": "Pier"})
    Document.objects.get().withdraw(User.objects.get())
    answer = reporter.post(NEW, {"text": TEXT})
    assert answer.status_code == 422
    assert "withdrawn. An editor can restore it." in answer.content.decode()
    assert soup(answer).select_one('[name="text"]').get_text().strip() == TEXT
    answer = as_("editor").post(NEW, {"text": TEXT}, follow=True)
    assert "Withdrawn by reporter" in soup(answer).main.get_text(" ", strip=True)
    assert Capture.objects.count() == 1


def test_another_text_at_the_address_of_a_withdrawn_article_is_not_kept(as_: As):
    reporter, sent = as_("reporter"), {"text": TEXT, "url": "https://harbour.example/a"}
    reporter.post(NEW, sent)
    Document.objects.get().withdraw(User.objects.get())
    answer = reporter.post(NEW, sent | {"text": "It opens."})
    assert answer.status_code == 422
    assert "withdrawn. An editor can restore it." in answer.content.decode()
    assert Capture.objects.count() == Reading.objects.count() == 1
    assert as_("editor").post(NEW, sent | {"text": "It opens."}).status_code == 303
    assert Capture.objects.count() == Reading.objects.count() == 2


def test_pasted_html_keeps_its_links_and_paragraphs(as_: As):
    html = (
        "<p>The pier is <b>closed</b>, a guard said.</p>"
        '<p>It opens again in May, the <a href="https://port.example/news">port says</a> on its page.</p>'
        '<script>alert(1)</script><p onclick="x()"><a href="javascript:alert(2)">Read on</a></p>'
    )
    text = TEXT + "\n\nRead on"
    as_("reporter").post(NEW, {"text": text, "html": html})
    capture = Capture.objects.get()
    assert capture.text.split() == text.split()
    assert bytes(capture.data).decode() == html
    (link,) = capture.structure["links"]
    assert (capture.text[link["start"] : link["end"]], link["href"]) == (
        "port says",
        "https://port.example/news",
    )
    assert len(capture.structure["blocks"]) == 3


def test_html_that_isn_t_what_stands_in_the_box_is_left_aside_and_that_is_told(as_: As):
    sent = {"text": TEXT, "html": "<p>Something else that was copied before.</p>"}
    answer = as_("reporter").post(NEW, sent, follow=True)
    assert Capture.objects.get().text == TEXT
    assert "The links of what you pasted were left out, because its text was changed." in messages(answer)


@pytest.mark.parametrize(
    ("box", "html"),
    [
        ("The gang\u00adway is shut.", "The gang\u00adway is shut."),
        ("The gang\u200bway is shut.", "The gang\u200bway is shut."),
        ("The cafe\u0301 is shut.", "The cafe\u0301 is shut."),
        ("It is shut, he said.", "<q>It is shut</q>, he said."),
        ("It is shut.", "<svg><title>An icon</title></svg>It is shut."),
    ],
)
def test_what_the_parser_writes_otherwise_than_the_browser_costs_no_link(as_: As, box: str, html: str):
    sent = {"text": f"{box} More", "html": f'<p>{html} <a href="https://port.example/news">More</a></p>'}
    answer = as_("reporter").post(NEW, sent, follow=True)
    (link,) = Capture.objects.get().structure["links"]
    assert link["href"] == "https://port.example/news"
    assert "left out" not in messages(answer)


NOT_USED = "The details you typed were not used; you can correct them on this page."
HERE = "https://harbour.example/a"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": TEXT}, False),
        ({"text": TEXT, "url": HERE}, False),
        ({"text": TEXT, "title": "Another title"}, True),
        ({"text": TEXT, "published_on": "2026-01-31"}, True),
        ({"text": TEXT, "url": "https://elsewhere.example/a"}, True),
        ({"text": "It opens.", "url": HERE}, False),
        ({"text": "It opens.", "url": HERE, "byline": "Me"}, True),
        ({"text": "It opens.", "title": "Another article"}, False),
    ],
)
def test_details_that_were_not_used_are_said_to_be(as_: As, sent: dict[str, str], told: bool):
    reporter = as_("reporter")
    reporter.post(NEW, {"text": TEXT, "title": "Pier", "url": HERE})
    reporter.get("/")
    assert (NOT_USED in messages(reporter.post(NEW, sent, follow=True))) is told


# Files


def test_a_web_page_is_read_for_its_text_and_details(as_: As):
    answer = as_("reporter").post(NEW, upload("pier.html", PAGE.encode(), "text/html"))
    assert answer.status_code == 303
    capture = Capture.objects.get()
    document = capture.document
    assert bytes(capture.data) == PAGE.encode()
    assert (document.title, str(document.publisher), document.url) == (
        "Pier closed",
        "Harbour Times",
        "https://harbour.example/pier",
    )
    assert "Home Sport" not in capture.text
    assert "alert" not in capture.text
    assert [link["href"] for link in capture.structure["links"]] == ["https://port.example/news"]
    assert Source.objects.get(name="Harbour Times").kind == "outlet"


def test_a_hostile_page_is_never_shown_as_it_came(as_: As):
    answer = as_("reporter").post(NEW, upload("pier.html", PAGE.encode(), "text/html"), follow=True)
    main = soup(answer).main
    assert "nobody may walk on it" in main.get_text()
    assert not main.select("script, iframe, img, [onclick], [onerror]")
    assert not [a for a in main.select("a") if a.get("href", "").startswith("javascript")]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_word_document(as_: As):
    docx = pytest.importorskip("docx")
    made, file = docx.Document(), io.BytesIO()
    made.add_heading("Pier closed", 1)
    made.add_paragraph("The pier is closed, a guard said.")
    made.save(file)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert as_("reporter").post(NEW, upload("pier.docx", file.getvalue(), kind)).status_code == 303
    assert "The pier is closed, a guard said." in Capture.objects.get().text


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ("Das café said “no”.".encode("cp1252"), "text/plain"),
        ("Das café said “no”.".encode("utf-16"), "text/plain"),
        (b"\xef\xbb\xbf" + "Das café said “no”.".encode(), "text/plain"),
    ],
)
def test_encodings(as_: As, data: bytes, media_type: str):
    assert as_("reporter").post(NEW, upload("a.txt", data, media_type)).status_code == 303
    assert Capture.objects.get().text == "Das café said “no”."


@pytest.mark.parametrize("sent", [{"text": TEXT + "\U0001f3f4\u200d\u2620\ufe0f שלום"}])
def test_emoji_and_right_to_left_text_are_kept(as_: As, sent: dict[str, str]):
    as_("reporter").post(NEW, sent)
    capture = Capture.objects.get()
    assert capture.text == sent["text"]
    assert capture.length == len(sent["text"])


# What won't do


DETAILS = {
    "title": "My title",
    "publisher": "My Post",
    "byline": "Me",
    "published_on": "2026-01-31",
    "url": "https://my.example/a",
}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Paste a text, choose a file or give an address."),
        ({"text": "  \n "}, "Paste a text, choose a file or give an address."),
        ({"text": "One thing", "address": "https://a.example/"}, "Take in one at a time."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
        ({"text": "word " * 400_001}, "at most"),
        ({"text": "A text.", "published_on": "yesterday"}, "Enter a valid date."),
        ({"text": "A text.", "url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"address": "ftp://a.example/"}, "Only addresses that begin with http:// or https://"),
        ({"address": "nonsense"}, ""),
        ({"address": "http://127.0.0.1/"}, ""),
        ({"address": "http://[::1]/x"}, ""),
        ({"address": "http://10.0.0.8/"}, ""),
        ({"address": "http://169.254.169.254/latest/meta-data/"}, ""),
        ({"address": "http://localhost/"}, ""),
        ({"address": "https://user:secret@a.example/"}, "user name or password"),
        ({"address": "http://127.0.0.1:5432/"}, "Port 5432"),
    ],
)
def test_what_won_t_do_is_told_and_nothing_typed_is_lost(as_: As, sent: dict[str, str], told: str):
    answer = as_("reporter").post(NEW, DETAILS | sent)
    page = soup(answer)
    assert answer.status_code == 422
    errors = [error.get_text() for error in page.select('main [role="alert"]')]
    assert len(errors) == 1
    assert told in errors[0]
    assert errors[0].strip()
    shown = page.select_one('[name="text"]').get_text().replace("\ufffd", "\0")
    assert shown.strip("\r\n") == sent.get("text", "").strip("\r\n")
    for name, value in (DETAILS | {"address": ""} | sent).items():
        if name != "text":
            assert page.select_one(f'[name="{name}"]').get("value", "") == value
    assert not Document.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "media_type", "told"),
    [
        ("a.txt", b"", "text/plain", "empty"),
        ("a.txt", b" \n ", "text/plain", "empty"),
        ("a.txt", b"a\0b", "text/plain", "NUL"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "text/html", "picture"),
        ("a.html", bytes(range(256)) * 50, "text/html", "not a text"),
        ("a.html", b"<html><body><script>1</script></body></html>", "text/html", ""),
        ("a.docx", b"PK\x03\x04 nonsense", "", ""),
        ("a.pdf", b"%PDF-1.7 x", "application/pdf", "PDF"),
        ("a.txt", b"word " * 400_001, "text/plain", ""),
    ],
)
def test_a_file_that_won_t_do_is_told(as_: As, name: str, data: bytes, media_type: str, told: str):
    answer = as_("reporter").post(NEW, DETAILS | upload(name, data, media_type))
    errors = [error.get_text() for error in soup(answer).select('main [role="alert"]')]
    assert answer.status_code == 422
    assert len(errors) == 1
    assert told in errors[0]
    assert errors[0].strip()
    assert soup(answer).select_one('[name="title"]')["value"] == "My title"
    assert not Document.objects.exists()


def test_two_hundred_thousand_words_are_taken_in(as_: As):
    text = "\n\n".join("The pier is closed, a guard said on Monday. " * 11 for _ in range(2000))
    assert len(text.split()) > 195_000
    assert as_("reporter").post(NEW, {"text": text}).status_code == 303
    assert Capture.objects.get().length == len(text)


def test_fifty_thousand_nested_tags_are_told_or_taken_in(as_: As):
    page = "<html><body>" + "<div>" * 50_000 + "The pier is closed, a guard said." + "</div>" * 50_000
    answer = as_("reporter").post(NEW, upload("deep.html", page.encode(), "text/html"))
    assert answer.status_code in (303, 422)


# By its address; how pages are fetched has tests of its own


def test_a_page_by_its_address(as_: As, monkeypatch: pytest.MonkeyPatch):
    asked = []

    def fetch(address: str) -> Fetched:
        asked.append(address)
        return Fetched(PAGE.encode(), "text/html; charset=utf-8", 200, "https://harbour.example/pier?id=1")

    monkeypatch.setattr("claims.views.intake.fetch", fetch)
    assert as_("reporter").post(NEW, {"address": " https://short.example/p "}).status_code == 303
    capture = Capture.objects.get()
    assert asked == ["https://short.example/p"]
    assert (capture.requested_url, capture.final_url) == (
        "https://short.example/p",
        "https://harbour.example/pier?id=1",
    )
    assert (capture.status, capture.media_type) == (200, "text/html; charset=utf-8")
    assert capture.document.url == "https://harbour.example/pier"
