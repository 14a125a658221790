"""The article page, and what people do to an article as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Annotation, Flag, Reading, Statement
from sources.ingest import Bytes, Details, take_in
from sources.models import Capture
from sources.parsed import Block, Link, Parsed
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db


def page_of(capture: Capture, client: Client) -> Any:
    answer = client.get(reverse("article", args=[capture.document_id]))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def marked(page: Any, statement: Statement) -> str:
    return "".join(mark.get_text() for mark in page.select(f'mark[data-statement="{statement.pk}"] > span'))


def test_a_reader_sees_the_text_with_each_claim_marked(as_: As, capture: Capture, ferry: Statement):
    fares = statement(capture, FARES)
    fares.decide(account("editor"), "weak")
    page = page_of(capture, as_("reader"))
    assert marked(page, ferry) == FERRY
    marks = {m["data-statement"]: (m["data-state"], m["data-severity"]) for m in page.select("#text mark")}
    assert marks == {str(ferry.pk): ("unreviewed", "block"), str(fares.pk): ("weak", "block")}
    links = [(a["href"], a["hx-get"]) for a in page.select("#text a.number")]
    address = reverse("statement", args=[capture.document_id, ferry.pk])
    assert links[0] == (f"{address}#claim", address)
    assert [tally.get_text(" ", strip=True) for tally in page.select("#tally div")][:2] == [
        "2 claims",
        "1 / 2 reviewed",
    ]
    assert "one word" not in page.get_text()
    assert not page.select("main form")


def test_the_mark_shows_the_worst_flag_that_stands(as_: As, capture: Capture, ferry: Statement):
    editor = account("editor")
    for flag in ferry.flags.all():
        flag.decide("dismissed", editor, "fine")
    Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd", "info")
    page = page_of(capture, as_("reader"))
    assert page.select_one("#text mark")["data-severity"] == "info"
    Flag.objects.get(code="OTHER").decide("dismissed", editor, "fine")
    assert page_of(capture, as_("reader")).select_one("#text mark")["data-severity"] == "none"


def test_a_deleted_claim_isn_t_marked_and_can_be_brought_back(as_: As, capture: Capture, ferry: Statement):
    ferry.discard(account("editor"))
    page = page_of(capture, as_("reporter"))
    assert not page.select("#text mark")
    assert page.select(f'form[action="{reverse("statement-restore", args=[ferry.pk])}"]')


def test_emoji_and_right_to_left_text_before_a_claim_don_t_shift_it(as_: As):
    text = "👩‍🚀🏴‍☠️ אמר דובר: שלום\n\nThe island ferry will not run in January, a port official said."
    capture = article(text)
    page = page_of(capture, as_("reader"))
    ferry = statement(capture, FERRY, [OFFICIAL])
    page = page_of(capture, as_("reader"))
    assert marked(page, ferry) == FERRY
    first = page.select_one("#text mark > span")
    assert int(first["data-start"]) == text.index(FERRY)


def test_a_text_of_other_people_is_shown_as_text_whatever_it_says(as_: As):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'><b>It rains, a guard said."
    capture = take_in(
        Bytes(evil.encode(), "text/plain"),
        Parsed(
            evil,
            title=evil,
            byline=evil,
            publisher="<i>Post</i>",
            blocks=(Block(0, len(evil), "p"),),
            links=(Link(3, 9, 'https://a.example/"onclick="alert(1)'),),
        ),
        Details(),
        None,
    ).capture
    made = statement(capture, evil[-28:], [('<svg onload="alert(1)">', "person", "named", "<u>said</u>")])
    made.amend(account("editor"), "<script>alert(2)</script>", made.start, made.end)
    Annotation.objects.write(User.objects.get(), "<script>alert(3)</script>", capture, statement=made)
    reader = as_("reporter")
    for path in [
        reverse("article", args=[capture.document_id]),
        reverse("statement", args=[capture.document_id, made.pk]),
        reverse("article-list"),
        reverse("statement-list"),
        reverse("source-list"),
        reverse("source", args=[made.hops.get().source_id]),
    ]:
        page = BeautifulSoup(reader.get(path).content, "html.parser")
        assert all(script.get("src") for script in page.select("script"))
        assert not page.select("main svg, main img, main b b, main u, main i")
        assert not [e for e in page.find_all(True) if any(a.startswith("on") for a in e.attrs)]
    page = page_of(capture, reader)
    assert page.h1.get_text() == capture.document.title
    assert "".join(span.get_text() for span in page.select("#text span[data-start]")) == evil


def test_the_links_of_the_article_lead_out_once(as_: As):
    text = "See the long report now."
    capture = take_in(
        Bytes(b"1", "text/html"),
        Parsed(text, links=(Link(4, 19, "https://report.example/"),)),
        Details(),
        None,
    ).capture
    statement(capture, "long")
    out = page_of(capture, as_("reader")).select("#text a.out")
    assert [a["href"] for a in out] == ["https://report.example/"]


@pytest.mark.parametrize(
    ("progress", "words", "again"),
    [
        ("waiting", "Waiting to be read", False),
        ("reading", "Reading…", False),
        ("failed", "The reading failed. Out of memory", True),
        ("unread", "doesn’t look like English", True),
    ],
)
def test_the_page_says_how_far_the_reading_is(
    as_: As, capture: Capture, progress: str, words: str, again: bool
):
    Reading.objects.create(capture=capture, progress=progress, problem="Out of memory")
    reading = page_of(capture, as_("reporter")).select_one("#reading")
    assert words in reading.get_text(" ", strip=True)
    assert bool(reading.select("form")) == again
    # It asks for itself only while there is something to wait for.
    assert reading.has_attr("hx-get") == (progress in ("waiting", "reading"))


def test_the_status_is_asked_again_until_the_reading_ends_then_the_page_loads_anew(as_: As, capture: Capture):
    reading = Reading.objects.create(capture=capture)
    path, browser = reverse("article-status", args=[capture.pk]), as_("reader", htmx=True)
    answer = browser.get(path)
    assert 'id="reading"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer
    Reading.objects.filter(pk=reading.pk).update(progress="done")
    assert browser.get(path)["HX-Refresh"] == "true"
    assert as_("reader").get(path)["Location"] == reverse("article", args=[capture.document_id])


def test_reading_again_is_asked_for_once(as_: As, capture: Capture):
    path = reverse("article-read", args=[capture.pk])
    for _ in range(2):
        answer = as_("reporter").post(path)
        assert (answer.status_code, answer["Location"]) == (
            303,
            reverse("article", args=[capture.document_id]),
        )
    assert capture.readings.get().progress == "waiting"


def test_an_earlier_capture_can_be_seen_and_says_so(as_: As):
    first = article(url="https://post.example/ferry")
    second = article("The ferry runs again.", url="https://post.example/ferry")
    old = statement(first, FERRY, [LAMP])
    page = page_of(second, as_("reader"))
    assert "The ferry runs again." in page.select_one("#text").get_text()
    assert not page.select("#text mark")
    answer = as_("reader").get(reverse("article-capture", args=[first.document_id, first.pk]))
    earlier = BeautifulSoup(answer.content, "html.parser")
    assert marked(earlier, old) == FERRY
    assert "This is an earlier capture." in earlier.get_text()
    # A claim of an earlier capture opens that capture.
    answer = as_("reader").get(reverse("statement", args=[first.document_id, old.pk]))
    assert marked(BeautifulSoup(answer.content, "html.parser"), old) == FERRY


# Details


DETAILS = {
    "title": "Ferry stops",
    "publisher": "Harbour Times",
    "byline": "Ada Brine",
    "published_on": "2026-01-31",
    "url": "https://post.example/ferry",
    "version": 1,
}


def test_a_reporter_corrects_the_details(as_: As, capture: Capture):
    answer = as_("reporter").post(reverse("article-details", args=[capture.document_id]), DETAILS)
    assert answer.status_code == 303
    document = type(capture.document).objects.select_related("publisher").get(pk=capture.document_id)
    assert (document.title, document.byline, document.url) == ("Ferry stops", "Ada Brine", DETAILS["url"])
    assert document.publisher
    assert (document.publisher.name, document.publisher.kind) == ("Harbour Times", "outlet")
    assert (str(document.published_on), document.version) == ("2026-01-31", 2)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "This field is required."),
        ({"published_on": "the day before"}, "Enter a valid date."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"byline": "b\0"}, "Null characters are not allowed."),
        ({"byline": "b" * 301}, "at most 300 characters"),
    ],
)
def test_details_that_won_t_do_come_back_as_they_were_typed(
    as_: As, capture: Capture, wrong: dict[str, str], told: str
):
    answer = as_("reporter").post(reverse("article-details", args=[capture.document_id]), DETAILS | wrong)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert told in page.get_text()
    shown = {i["name"]: i.get("value", "") for i in page.select('form[action$="/details/"] input')}
    for name, value in (DETAILS | wrong).items():
        # A browser can't be given a NUL.
        assert shown[name] == str(value).replace("\0", "\ufffd") or "\0" in str(value)
    capture.document.refresh_from_db()
    assert capture.document.version == 1


def test_an_address_is_one_article_s(as_: As, capture: Capture):
    article("Another text.", title="Other", url="https://post.example/ferry")
    answer = as_("reporter").post(reverse("article-details", args=[capture.document_id]), DETAILS)
    assert answer.status_code == 422
    assert "Another article here has this address already." in answer.content.decode()
    capture.document.refresh_from_db()
    assert capture.document.title != "Ferry stops"


# Withdrawing


def test_an_editor_withdraws_an_article_and_restores_it(as_: As, capture: Capture, ferry: Statement):
    editor, reader = as_("editor"), as_("reader")
    lists = [reverse(name) for name in ("article-list", "statement-list")]
    withdrawn = editor.post(reverse("article-withdraw", args=[capture.document_id]), follow=True)
    assert withdrawn.status_code == 200
    assert "is withdrawn: hidden from the lists" in withdrawn.content.decode()
    for path in lists:
        assert capture.document.title not in reader.get(path).content.decode()
    assert reader.get(reverse("article", args=[capture.document_id])).status_code == 404
    assert capture.document.title in editor.get(reverse("article-list") + "?withdrawn=1").content.decode()
    assert capture.document.title not in reader.get(reverse("article-list") + "?withdrawn=1").content.decode()

    editor.post(reverse("article-restore", args=[capture.document_id]))
    for path in lists:
        assert capture.document.title in reader.get(path).content.decode()
    assert Statement.objects.filter(pk=ferry.pk, deleted_at=None).exists()


# Notes on words


def test_a_reporter_notes_on_chosen_words(as_: As, capture: Capture):
    at = capture.text.index(TIMETABLE)
    data = {"body": "By whom?", "start": at, "end": at + len(TIMETABLE)}
    answer = as_("reporter").post(reverse("article-note", args=[capture.pk]), data)
    assert answer.status_code == 303
    note = Annotation.objects.get()
    assert (note.exact, note.statement, note.author.username) == (TIMETABLE, None, "reporter")
    assert (note.prefix, note.suffix) == (capture.text[at - 32 : at], capture.text[note.end :][:32])
    text = page_of(capture, as_("reader")).get_text()
    assert "By whom?" in text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"body": "  "}, "This field is required."),
        ({"start": 0, "end": 100_000}, "Those words are not in this text."),
        ({"start": 9, "end": 3}, "Those words are not in this text."),
    ],
)
def test_a_note_that_won_t_do_comes_back(as_: As, capture: Capture, wrong: dict[str, Any], told: str):
    data = {"body": "By whom, I wonder?", "start": 0, "end": 5} | wrong
    answer = as_("reporter").post(reverse("article-note", args=[capture.pk]), data)
    page: Any = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert told in page.get_text()
    assert data["body"] in page.select_one("#words-notes textarea").get_text()
    assert not Annotation.objects.exists()


# Time


def test_questions_to_the_database_don_t_grow_with_the_claims(as_: As, django_assert_max_num_queries: Any):
    text = " ".join(f"The pier number {n} is closed, guard {n} said." for n in range(40))
    capture = article(text)
    reader, path = as_("reporter"), reverse("article", args=[capture.document_id])

    def add(numbers: range) -> None:
        for n in numbers:
            made = statement(
                capture, f"The pier number {n} is closed", [LAMP, (f"guard {n}", "person", "anonymous")]
            )
            Annotation.objects.write(
                made.capture.taken_by or User.objects.get(), "n", capture, start=n, end=n + 3
            )

    add(range(2))
    with django_assert_max_num_queries(100) as few:
        assert reader.get(path).status_code == 200
    add(range(2, 40))
    with django_assert_max_num_queries(len(few)):
        assert reader.get(path).status_code == 200
    assert len(few) < 25


def test_the_bytes_of_a_capture_are_never_fetched_for_a_page(
    as_: As, capture: Capture, ferry: Statement, django_assert_max_num_queries: Any
):
    reader = as_("reader")
    for path in [
        reverse("article", args=[capture.document_id]),
        reverse("statement", args=[capture.document_id, ferry.pk]),
        reverse("statement-list"),
        reverse("article-list"),
        reverse("source", args=[ferry.hops.first().source_id]),  # type: ignore[union-attr]
    ]:
        with django_assert_max_num_queries(100) as asked:
            assert reader.get(path).status_code == 200
        assert not [q for q in asked.captured_queries if '"sources_capture"."data"' in q["sql"]]
        if path.endswith(("/claims/", "/articles/")):
            assert not [q for q in asked.captured_queries if '"sources_capture"."text"' in q["sql"]]


def test_a_headline_that_is_the_title_is_shown_once_unless_it_holds_a_claim(as_: As):
    text = "The ferry stops\n\nIt will not run, a guard said."
    blocks = (Block(0, 15, "h1"), Block(17, len(text), "p"))
    capture = article(text, title="The ferry stops", blocks=blocks)
    assert "The ferry stops" not in page_of(capture, as_("reader")).select_one("#text").get_text()
    statement(capture, "The ferry stops")
    assert "The ferry stops" in page_of(capture, as_("reader")).select_one("#text").get_text()
