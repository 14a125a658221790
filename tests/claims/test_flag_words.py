"""On the article page: the words of a chosen flag, waiving, and narrowing the claims to a weakness."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.models import Flag, Statement
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, HARBOUR, SPOKESMAN, TIMETABLE, article, statement

pytestmark = pytest.mark.django_db


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def words_of(part: Any) -> str:
    return " ".join(part.get_text().split())


def path_of(statement: Statement) -> str:
    return reverse("statement", args=[statement.capture.document_id, statement.pk])


@pytest.fixture
def flag(ferry: Statement) -> Flag:
    return ferry.flags.get(code="SINGLE_ANON")


# The words


def test_each_flag_has_a_link_to_its_words_that_works_without_scripts(as_: As, ferry: Statement, flag: Flag):
    browser = as_("reader")
    links = soup(browser.get(path_of(ferry))).select(".flag a.words-link")
    assert len(links) == ferry.flags.exclude(places=[]).count()
    assert all(link["href"] == f"{link['hx-get']}#chosen-flag" for link in links)
    link = next(a for a in links if flag.title in a.get_text())
    page = soup(browser.get(link["href"].partition("#")[0]))
    assert page.html
    assert flag.title in page.select_one("#chosen-flag").get_text()
    boxed = "".join(run.get_text() for run in page.select('#text [data-stands="flag"]'))
    assert "a port official" in boxed
    assert page.select_one("#text [data-label]")["data-label"] == "flag"
    assert page.select_one("#stands")
    assert "a port official" in page.select_one("#chosen-flag .excerpt").get_text()
    assert not page.select("#why")


def test_the_text_is_the_same_with_words_boxed(as_: As, ferry: Statement, flag: Flag):
    browser = as_("reader")
    plain = soup(browser.get(path_of(ferry))).select_one("#text").get_text()
    assert soup(browser.get(path_of(ferry), {"words": flag.pk})).select_one("#text").get_text() == plain


@pytest.mark.parametrize("asked", ["0", "x", "-1", "9" * 40, "\x00"])
def test_a_flag_that_there_isn_t_chooses_none(as_: As, ferry: Statement, asked: str):
    answer = as_("reader").get(path_of(ferry), {"words": asked})
    assert answer.status_code == 200
    assert not soup(answer).select("#chosen-flag, [data-stands]")


def test_a_flag_of_another_claim_chooses_none(as_: As, flag: Flag, capture: Capture):
    other = statement(capture, TIMETABLE, [SPOKESMAN])
    assert not soup(as_("reader").get(path_of(other), {"words": flag.pk})).select("#chosen-flag")


@pytest.mark.parametrize("places", [[], [[-1, 4]], [[5, 5]], [[0, 10**9]]])
def test_places_that_the_text_hasn_t_are_passed_over(
    as_: As, ferry: Statement, flag: Flag, places: list[list[int]]
):
    Flag.objects.filter(pk=flag.pk).update(places=places)
    answer = as_("reader").get(path_of(ferry), {"words": flag.pk})
    assert answer.status_code == 200
    assert not soup(answer).select("#text [data-stands]")


def test_places_that_overlap_are_one_box(as_: As, ferry: Statement, flag: Flag):
    at = HARBOUR.index("port official")
    Flag.objects.filter(pk=flag.pk).update(places=[[at, at + 13], [at, at + 4], [at + 4, at + 8]])
    page = soup(as_("reader").get(path_of(ferry), {"words": flag.pk}))
    assert [run.get_text() for run in page.select("#text [data-stands]")] == ["port official"]
    assert page.select_one("#chosen-flag")["data-places"] == f"[[{at}, {at + 13}]]"


def test_a_flag_that_only_asks_is_a_question(as_: As, ferry: Statement, flag: Flag):
    Flag.objects.filter(pk=flag.pk).update(question=True)
    part = soup(as_("reader").get(path_of(ferry))).select_one(".flag[data-question]")
    assert "Is all of this from one unnamed origin?" in words_of(part)
    assert "only asks" in words_of(part)
    assert "blocks" not in words_of(part)


# Waiving


@pytest.mark.parametrize("reason", ["", "The desk knows her."])
def test_an_editor_waives_a_flag_with_or_without_a_reason(as_: As, ferry: Statement, flag: Flag, reason: str):
    answer = as_("editor", htmx=True).post(
        reverse("flag-waive", args=[flag.pk]), {"reason": reason, "seen": "open", "ground": flag.ground}
    )
    assert answer.status_code == 200
    assert f"waived by editor{': ' + reason if reason else ''}" in words_of(soup(answer))
    flag.refresh_from_db()
    assert (flag.state, flag.reason) == ("waived", reason)
    page = soup(as_("reader").get(f"{path_of(ferry)}?open=history"))
    assert f"waived “{flag.title}”" in words_of(page.select_one("#claim .history"))
    assert not page.select(".flag form"), "a reader decides nothing"


def test_a_reason_that_is_too_long_comes_back(as_: As, flag: Flag):
    answer = as_("editor").post(reverse("flag-waive", args=[flag.pk]), {"reason": "r" * 2001})
    assert answer.status_code == 422
    assert soup(answer).select_one('.flag details[open] [role="alert"]')
    flag.refresh_from_db()
    assert flag.state == "open"


def test_a_decision_over_other_words_is_refused(as_: As, ferry: Statement, flag: Flag):
    answer = as_("editor").post(
        reverse("flag-dismiss", args=[flag.pk]), {"reason": "known", "seen": "open", "ground": "other"}
    )
    assert answer.status_code == 409
    assert "rests on other words by now" in words_of(soup(answer))
    assert "You wrote: “known”" in words_of(soup(answer))
    flag.refresh_from_db()
    assert flag.state == "open"


# Narrowing


@pytest.fixture
def other(capture: Capture) -> Statement:
    """A claim of the article without any flag but those of a person."""
    made = statement(capture, FARES)
    Flag.objects.filter(statement=made).delete()
    return made


def test_an_article_is_narrowed_to_a_weakness_by_links(as_: As, ferry: Statement, other: Statement):
    browser, path = as_("reader"), reverse("article", args=[ferry.capture.document_id])
    page = soup(browser.get(path))
    links = {words_of(a): a["href"] for a in page.select(".narrowing a")}
    assert links["all 2"] == path
    assert links["blocks 1"] == "?severity=block"
    assert links["Anonymous single origin 1"] == "?flag=SINGLE_ANON"
    for href in ("?severity=block", "?flag=SINGLE_ANON"):
        page = soup(browser.get(path + href))
        assert [words_of(a) for a in page.select("#claim li a")] == [FERRY]
        asides = {mark["data-statement"] for mark in page.select("#text mark[data-aside]")}
        assert asides == {str(other.pk)}
        shown = page.select_one("#claim li a")
        assert shown["href"] == f"{path_of(ferry)}{href}#claim"
        assert all(a["href"].endswith(f"{href}#claim") for a in page.select("a.number"))
        assert page.select(".narrowing [aria-current]")


def test_what_the_filter_leaves_is_where_next_and_previous_lead(
    as_: As, capture: Capture, ferry: Statement, other: Statement
):
    timetable = statement(capture, TIMETABLE, [SPOKESMAN])
    Flag.objects.filter(statement=timetable).delete()
    Flag.objects.create(statement=other, code="OTHER", severity="info", why="x")
    Flag.objects.create(statement=ferry, code="OTHER", severity="info", why="x")
    page = soup(as_("reader", htmx=True).get(path_of(ferry), {"flag": "OTHER"}))
    steps = [a["hx-get"] for a in page.select("a.step")]
    assert steps == [f"{path_of(other)}?flag=OTHER"]
    words = ferry.flags.get(code="SINGLE_ANON").pk
    assert any(f"?words={words}&flag=OTHER" in a["hx-get"] for a in page.select("a.words-link"))


def test_after_a_change_by_htmx_the_filter_stays(as_: As, ferry: Statement, other: Statement, flag: Flag):
    page = f"http://testserver{path_of(ferry)}?flag=SINGLE_ANON"
    editor = as_("editor", htmx=True)
    answer = editor.post(reverse("flag-confirm", args=[flag.pk]), headers={"HX-Current-URL": page})
    assert all("flag=SINGLE_ANON" in a["hx-get"] for a in soup(answer).select("a.words-link, a.why-link"))


def test_a_page_s_address_that_is_none_narrows_nothing(as_: As, flag: Flag):
    editor = as_("editor", htmx=True)
    answer = editor.post(
        reverse("flag-confirm", args=[flag.pk]), headers={"HX-Current-URL": "http://[x/?flag=1"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("asked", [{"flag": "x"}, {"severity": "dire"}, {"flag": "\0"}])
def test_a_filter_that_there_isn_t_shows_all(
    as_: As, ferry: Statement, other: Statement, asked: dict[str, str]
):
    page = soup(as_("reader").get(reverse("article", args=[ferry.capture.document_id]), asked))
    assert len(page.select("#claim li")) == 2
    assert not page.select("mark[data-aside]")


def test_the_headline_s_correction_has_the_rules_run(as_: As):
    capture = article(
        "Ada Brine, the treasurer, said that the new pier cost 4 million crowns last year.", title="Pier"
    )
    pier = statement(
        capture, "the new pier cost 4 million crowns last year", [("Ada Brine", "person", "named", "said")]
    )
    assert not pier.flags.filter(code="NUMBER_DRIFT").exists()
    page = soup(as_("reporter").get(reverse("article", args=[capture.document_id])))
    data = {field["name"]: field.get("value", "") for field in page.select("#details input[name]")}
    data["title"] = "New pier cost 9 million crowns last year"
    answer = as_("reporter").post(reverse("article-details", args=[capture.document_id]), data)
    assert answer.status_code == 303
    assert pier.flags.filter(code="NUMBER_DRIFT", state="open").exists()
