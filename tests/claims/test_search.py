"""Search: what is found and how it is marked, typing errors, and what nobody else may find."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Annotation, Statement, Word
from claims.views import search
from sources.models import Capture, Source
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db


def look(client: Client, words: str, **asked: Any) -> Any:
    """The page of results."""
    answer = client.get(reverse("search"), {"q": words} | asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").main


def found(page: Any) -> dict[str, list[str]]:
    """The titles that were found, by kind."""
    return {s.h2.get_text(): [a.get_text() for a in s.select(".card-title")] for s in page.select(".found")}


def marked(page: Any) -> list[str]:
    """The words that are marked as those searched for."""
    return [m.get_text() for m in page.select("mark.hit")]


def corrected(page: Any) -> str:
    """What the page says of a typing error; empty when it says nothing."""
    said = page.select_one("#corrected")
    return " ".join(said.get_text().split()) if said else ""


@pytest.fixture
def desk(capture: Capture) -> dict[str, Statement]:
    """An article with three claims, a note on one of them, and a source with another name."""
    claims = {
        "ferry": statement(capture, FERRY, [LAMP, OFFICIAL]),
        "timetable": statement(capture, TIMETABLE, [SPOKESMAN]),
        "fares": statement(capture, FARES),
    }
    Source.objects.get(name="Evening Lamp").add_alias("Lanterna della Sera")
    editor = account("editor", "Ines")
    Annotation.objects.write(editor, "Ask the harbourmaster.", capture, statement=claims["ferry"])
    Word.objects.renew()
    return claims


# What is found


def test_it_finds_every_kind_with_its_count(as_: As, desk: dict[str, Statement]):
    page = look(as_("reader"), "port")
    assert found(page) == {
        "Articles": ["Ferry to stop in winter"],
        "Sources": ["“a port official”", "“a spokesman for the port”"],
    } or found(page)["Sources"][::-1] == ["“a port official”", "“a spokesman for the port”"]
    kinds = [a.get_text(" ", strip=True) for a in page.select(".kinds a")]
    assert kinds == ["All 3", "Claims 0", "Articles 1", "Sources 2", "Notes 0"]


@pytest.mark.parametrize(
    ("words", "kind", "title"),
    [
        ("doubling fare", "Claims", FARES),
        ("winter", "Articles", "Ferry to stop in winter"),
        ("timetables", "Articles", "Ferry to stop in winter"),
        ("lamp", "Sources", "Evening Lamp"),
        ("LANTERNA", "Sources", "Evening Lamp"),
        ("lànterna", "Sources", "Evening Lamp"),
        ("officials", "Sources", "“a port official”"),
        ("harbourmaster", "Notes", "Ask the harbourmaster."),
    ],
)
def test_what_is_found_by_which_words(as_: As, desk: dict[str, Statement], words: str, kind: str, title: str):
    page = look(as_("reader"), words)
    assert found(page)[kind] == [title]
    assert not corrected(page)


def test_a_name_of_stop_words_is_found(as_: As, db: None):
    Source.objects.find_or_make("The Who")
    assert found(look(as_("reader"), "the who")) == {"Sources": ["The Who"]}
    assert marked(look(as_("reader"), "who")) == ["Who"]


def test_the_words_are_marked_in_every_form(as_: As, desk: dict[str, Statement]):
    page = look(as_("reader"), "fare doubled", kind="claims")
    assert marked(page) == ["fares", "double"]
    assert page.select_one(".card-title").get_text() == FARES
    also = look(as_("reader"), "lanterna")
    assert "also known as Lanterna della Sera" in also.get_text(" ", strip=True).replace(
        "Lanterna  ", "Lanterna "
    )
    assert marked(also) == ["Lanterna"]


def test_a_claim_in_other_words_is_found_by_those_of_the_text(as_: As, desk: dict[str, Statement]):
    fares = desk["fares"]
    fares.amend(account("reporter", "r"), "Tickets get dearer", fares.start, fares.end)
    assert found(look(as_("reader"), "tickets")) == {"Claims": ["Tickets get dearer"]}
    page = look(as_("reader"), "double", kind="claims")
    assert page.select_one(".passage").get_text() == f"In the text: {FARES}"


def test_the_best_is_first(as_: As, db: None):
    article("The pier is old. One ferry is here. Much else is said of other things.", title="Of piers")
    article("A ferry, a ferry, and again a ferry.", title="Of much")
    article("Nothing of the kind is here.", title="The ferry")
    titles = found(look(as_("reader"), "ferry"))["Articles"]
    assert titles == ["The ferry", "Of much", "Of piers"]


def test_the_latest_capture_is_searched(as_: As, db: None):
    article("The pier is closed.", title="Pier", url="https://post.example/")
    article("The bridge is open.", url="https://post.example/")
    assert found(look(as_("reader"), "closed")) == {}
    assert found(look(as_("reader"), "bridge")) == {"Articles": ["Pier"]}


def test_operators(as_: As, desk: dict[str, Statement]):
    def claims(words: str) -> list[str]:
        return found(look(as_("reader"), words)).get("Claims", [])

    assert claims('"ferry island"') == []
    assert claims('"island ferry"') == [FERRY]
    assert sorted(claims("ferry OR fares")) == sorted([FERRY, FARES])
    assert claims("will -ferry year") == [FARES]
    assert claims("ferry fares") == []


@pytest.mark.parametrize(
    "words", ["", "   ", "the", "!!!", "\x00", "&|!():*<->", "'", '"', "-", "OR", "\\", "ʼ\u202e"]
)
def test_nothing_to_search_for(as_: As, desk: dict[str, Statement], words: str):
    page = look(as_("reader"), words)
    assert found(page) == {}
    assert "quotation marks" in page.get_text()


def test_ten_thousand_characters(as_: As, desk: dict[str, Statement]):
    page = look(as_("reader"), "ferry " * 1_666 + "zzzz")
    assert found(page)["Claims"] == [FERRY]
    assert "only its first words" in page.get_text()
    assert found(look(as_("reader"), "x" * 10_000)) == {}


def test_a_text_of_nothing_but_new_words_can_be_taken_in(as_: As, db: None):
    letters = [chr(0x20000 + n) for n in range(300)]
    article("Beacon. " + " ".join(a + b for a in letters for b in letters), title="Long")
    assert found(look(as_("reader"), "beacon")) == {"Articles": ["Long"]}


# Typing errors


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ferrry", "ferry"),
        ("frery", "ferry"),
        ("fery", "ferry"),
        ("timetabel", "timetable"),
        ("Januray", "january"),
        ("harbourmastr", "harbourmaster"),
        ("lantrena", "lanterna"),
    ],
)
def test_a_typing_error_is_set_right_and_said(as_: As, desk: dict[str, Statement], typed: str, meant: str):
    page = look(as_("reader"), typed)
    assert found(page)
    assert corrected(page).startswith(f"Searched for {meant} instead of {typed}")
    as_typed = page.select_one("#corrected a")
    assert as_typed.get_text() == f"Search for {typed}"
    assert parse_qs(urlsplit(as_typed["href"]).query) == {"q": [typed], "exact": ["1"]}
    page = look(as_("reader"), typed, exact=1)
    assert found(page) == {}
    assert not corrected(page)


def test_only_the_word_that_is_wrong_is_changed(as_: As, desk: dict[str, Statement]):
    page = look(as_("reader"), "island ferrry -pier")
    assert corrected(page).startswith("Searched for ferry instead of ferrry")
    assert (
        page.h1.get_text() == "1 found for “island ferry -pier”" or "island ferry -pier" in page.h1.get_text()
    )


def test_a_form_of_a_word_that_is_here_is_no_error(as_: As, desk: dict[str, Statement]):
    assert not corrected(look(as_("reader"), "ferries fares"))


@pytest.mark.parametrize("typed", ['"ferrry"', "fares -ferrry", "qqqqqqqq", "fry", "1ferry1"])
def test_what_is_left_as_it_is(as_: As, desk: dict[str, Statement], typed: str):
    assert not corrected(look(as_("reader"), typed))


def test_what_came_in_just_now_is_found_before_its_words_are_known(as_: As, desk: dict[str, Statement]):
    article("The ferrow is closed.", title="Ferrow")
    page = look(as_("reader"), "ferrow")
    assert found(page) == {"Articles": ["Ferrow"]}
    assert not corrected(page)


def test_words_come_and_go_with_what_they_stand_in(desk: dict[str, Statement], capture: Capture):
    mark = Word.objects.changed()
    assert Word.objects.changed() == mark
    assert Word.objects.get(word="ferry").stem == "ferri"
    capture.document.withdraw(account("editor", "w"))
    assert Word.objects.changed() != mark
    assert Word.objects.renew()
    assert set(Word.objects.values_list("word", flat=True)) == {
        "evening", "island", "lamp", "lanterna", "della", "sera", "post",
    }  # fmt: skip


# Hostile texts


def test_no_markup_comes_from_outside(as_: As, db: None):
    evil = '<script>alert(1)</script> ferry <mark class="hit">x</mark> & "quoted" ⟦/⟧ <b>y</b>'
    capture = article(f"{evil} ends.", title=f"{evil} title", publisher=f"{evil} ferry paper")
    statement(capture, evil)
    Annotation.objects.write(account("editor", "<i>ferry</i>"), evil, capture, start=0, end=40)
    answer = as_("reader").get(reverse("search"), {"q": "ferry"})
    page: Any = BeautifulSoup(answer.content, "html.parser").main
    assert set(found(page)) == {"Claims", "Articles", "Sources", "Notes"}
    assert not page.select("script, b:not(.kinds b), i")
    assert {m.get_text().lower() for m in page.select("mark")} == {"ferry"}
    assert page.select_one(".card-title").get_text() == evil
    page = look(as_("reader"), '<script>alert("ferry")</script>')
    assert not page.select("script")


# Who finds what


def test_a_private_note_is_found_by_its_author_alone(as_: As, desk: dict[str, Statement], capture: Capture):
    mine = as_("reporter")

    note = Annotation.objects.write(User.objects.get(username="reporter"), "The zelkova affair.", capture)
    Annotation.objects.filter(pk=note.pk).update(private=True)
    Word.objects.renew()
    page = look(mine, "zelkova")
    assert found(page) == {"Notes": ["The zelkova affair."]}
    assert "visible to only me" in page.get_text()
    for role in ("admin", "editor", "reader"):
        assert found(look(as_(role), "zelkova")) == {}
        # Nor does a correction tell anybody that the word is there.
        page = look(as_(role), "zelkovva")
        assert not corrected(page)
        assert "zelkova" not in page.get_text()


def test_a_reply_to_a_private_note_is_private(capture: Capture):
    author = account("reporter")
    note = Annotation.objects.write(author, "Who?", capture)
    note.private = True
    note.save()
    assert note.reply(author, "The mayor.").private


def test_what_is_withdrawn_or_deleted_is_not_found(as_: As, desk: dict[str, Statement], capture: Capture):
    editor = as_("editor")
    assert set(found(look(editor, "ferry OR harbourmaster"))) == {"Claims", "Articles", "Notes"}
    desk["ferry"].discard(account("editor", "d"))
    assert set(found(look(editor, "ferry OR harbourmaster"))) == {"Articles"}
    capture.document.withdraw(account("editor", "w"))
    for role in ("reader", "editor"):
        assert found(look(as_(role), "ferry OR harbourmaster OR official")) == {}
        # The vocabulary still has the word, but what nobody finds is no correction.
        assert not corrected(look(as_(role), "timetabel"))


def test_strangers_get_nothing(as_: As, desk: dict[str, Statement], client: Client):
    answer = client.get(reverse("search"), {"q": "ferry"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))
    answer = as_(None).get(reverse("search"), {"q": "ferry"})
    assert answer.status_code == 403
    assert FERRY not in answer.content.decode()


def test_it_only_reads(as_: As):
    assert as_("admin").post(reverse("search"), {"q": "ferry"}).status_code == 405


# Filters, pages, the box


def test_a_kind_is_a_link_with_pages(as_: As, db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "A_PAGE", 2)
    monkeypatch.setattr(search, "OF_EACH", 1)
    for n in range(5):
        article(f"The ferry of harbour {n} runs.", title=f"Harbour {n}")
    reader = as_("reader")
    page = look(reader, "ferry")
    assert len(found(page)["Articles"]) == 1
    assert page.select_one(".found .foot").get_text(strip=True) == "All 5 articles"
    assert page.select_one(".found .foot a")["href"] == "?q=ferry&kind=articles"
    seen = []
    for number, steps in [(1, ["Next ›"]), (2, ["‹ Previous", "Next ›"]), (3, ["‹ Previous"])]:
        page = look(reader, "ferry", kind="articles", page=number)
        assert [a.get_text() for a in page.select(".pages a")] == steps
        seen += found(page)["Articles"]
    assert sorted(seen) == [f"Harbour {n}" for n in range(5)]
    # A page or kind that there isn't is the nearest that there is.
    assert len(found(look(reader, "ferry", kind="articles", page=99))["Articles"]) == 1
    assert len(found(look(reader, "ferry", kind="rumours"))["Articles"]) == 1
    assert "None of these" in look(reader, "ferry", kind="notes").get_text()


def test_the_box_is_on_every_page_and_keeps_what_was_typed(as_: As, desk: dict[str, Statement]):
    for path in (reverse("article-list"), reverse("source-list"), reverse("search")):
        page: Any = BeautifulSoup(as_("reader").get(path).content, "html.parser")
        form = page.select_one("header form[role=search]")
        assert (form["action"], form["method"]) == (reverse("search"), "get")
    answer = as_("reader").get(reverse("search"), {"q": 'the "island ferry"'})
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("#find")["value"] == 'the "island ferry"'


def test_each_result_leads_to_its_place(as_: As, desk: dict[str, Statement], capture: Capture):
    Annotation.objects.write(account("editor"), "The ferry again.", capture, start=0, end=5)
    reader = as_("reader")
    page = look(reader, "ferry OR harbourmaster OR lamp")
    links = [a["href"] for a in page.select(".card-title")]
    assert len(links) == 5
    for link in links:
        to = urlsplit(link)
        answer = reader.get(to.path)
        assert answer.status_code == 200
        assert not to.fragment or BeautifulSoup(answer.content, "html.parser").find(id=to.fragment)


def test_questions_don_t_grow_with_the_results(as_: As, django_assert_max_num_queries: Any):
    def add(numbers: range) -> None:
        for n in numbers:
            made = article(f"The ferry {n} is closed.", title=f"Ferry {n}", publisher=f"Ferry post {n}")
            claim = statement(made, f"The ferry {n} is closed", [(f"ferryman {n}", "person", "described")])
            writer = account("editor", f"e{n}")
            Annotation.objects.write(writer, f"Which ferry {n}?", made, statement=claim)
        Word.objects.renew()

    reader = as_("reader")
    add(range(2))
    for words, most in (("ferry", 14), ("ferrry", 20)):
        with django_assert_max_num_queries(most) as few:
            assert len(found(look(reader, words))) >= 3
        few_there = len(few)
        add(range(10, 30) if words == "ferry" else range(40, 50))
        with django_assert_max_num_queries(few_there):
            look(reader, words)
        with django_assert_max_num_queries(few_there):
            look(reader, words, kind="articles", page=2)
