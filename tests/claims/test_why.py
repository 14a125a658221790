"""Why the engine thinks so: the chosen hop, its words and pattern, confidence and stance on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.models import Hop, Statement
from claims.models.chain_edits import add_hop, remove_hop
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import (
    FARES,
    FERRY,
    HARBOUR,
    SPOKESMAN,
    TIMETABLE,
    account,
    article,
    hop_words,
    statement,
)

pytestmark = pytest.mark.django_db

SAID = ("Evening Lamp", "outlet", "named", "reported", "said")
CITED = ("a port official", "person", "anonymous", "citing", "citing")
UNSURE = "Unsure reading, check it"


def path_of(statement: Statement) -> str:
    return reverse("statement", args=[statement.capture.document_id, statement.pk])


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def words_of(part: Any) -> str:
    return " ".join(part.get_text().split())


@pytest.fixture
def ferry(capture: Capture) -> Statement:
    """The Evening Lamp, citing a port official; the engine is rather sure."""
    return statement(capture, FERRY, [SAID, CITED], confidence=0.85)


def hop(statement: Statement, name: str) -> Hop:
    return statement.hops.standing().get(source__name=name)


def boxed(page: Any) -> list[tuple[str, str, str]]:
    """What is boxed in the text: the words, their roles and the label behind them."""
    runs = page.select("#text [data-stands]")
    return [(run.get_text(), run["data-stands"], run.get("data-label", "")) for run in runs]


# The hop that was chosen


def test_each_hop_has_a_link_to_its_reason_that_works_without_scripts(as_: As, ferry: Statement):
    browser = as_("reader")
    links = soup(browser.get(path_of(ferry))).select("#claim a.why-link")
    assert [words_of(link) for link in links] == [
        "Why? Why Evening Lamp stands here",
        "Why? Why a port official stands here",
    ]
    assert [link["href"] for link in links] == [f"{link['hx-get']}#why" for link in links]
    for link, name in zip(links, ("Evening Lamp", "a port official"), strict=True):
        page = soup(browser.get(link["href"].partition("#")[0]))
        assert page.html
        assert page.select_one("#claim .hop.chosen")["data-hop"] == str(hop(ferry, name).pk)
        assert page.select_one(".hop.chosen #why")


def test_a_chosen_hop_names_its_pattern_quotes_its_words_and_says_how_sure(as_: As, ferry: Statement):
    page = soup(as_("reader").get(path_of(ferry), {"hop": hop(ferry, "a port official").pk}))
    why = page.select_one("#why")
    assert (
        words_of(why.select_one(".pattern")) == f"Evening Lamp, citing a port official, said that “{FERRY}”."
    )
    quoted = why.select_one(".excerpt")
    assert (
        words_of(quoted)
        == "… ferry will not run in January, the Evening Lamp reported, citing a port official."
    )
    assert [(run.get_text(), run["data-label"]) for run in quoted.select("[data-stands]")] == [
        ("citing", "cue"),
        ("a port official", "source"),
    ]
    assert "Likely right: 8 in 10" in words_of(why)
    assert UNSURE not in words_of(page.select_one("#claim"))


def test_the_words_of_a_chosen_hop_are_boxed_and_labelled_in_the_text(as_: As, ferry: Statement):
    browser = as_("reader")
    assert boxed(soup(browser.get(path_of(ferry)))) == []
    page = soup(browser.get(path_of(ferry), {"hop": hop(ferry, "Evening Lamp").pk}))
    assert boxed(page) == [("Evening Lamp", "source", "source"), ("reported", "cue", "cue")]
    first = page.select_one("#stands")
    assert first.get_text() == "Evening Lamp"
    assert page.select_one('#why a[href="#stands"]')
    # What is boxed lies where the offsets say, and no character of the text is lost.
    assert first["data-start"] == str(HARBOUR.index("Evening Lamp"))
    whole = soup(browser.get(path_of(ferry))).select_one("#text").get_text()
    assert page.select_one("#text").get_text() == whole


def test_htmx_gets_the_panel_with_the_places_of_the_words(as_: As, ferry: Statement):
    lamp = hop(ferry, "Evening Lamp")
    panel = soup(as_("reader", htmx=True).get(path_of(ferry), {"hop": lamp.pk}))
    assert not panel.html
    chosen = panel.select_one(".hop.chosen")
    assert [chosen[f"data-{name}"] for name in ("start", "end", "cue-start", "cue-end")] == [
        str(at) for at in (lamp.start, lamp.end, lamp.cue_start, lamp.cue_end)
    ]


def test_a_cue_that_lies_in_its_source_is_both(as_: As):
    capture = article("Reports that the well is dry reached us.")
    well = statement(capture, "the well is dry", [("Reports", "unknown", "anonymous", "Reports", "noun")])
    page = soup(as_("reader").get(path_of(well), {"hop": well.hops.get().pk}))
    assert boxed(page) == [("Reports", "source cue", "source and cue")]


@pytest.mark.parametrize("asked", ["0", "x", "-1", "9" * 40, "\x00"])
def test_a_hop_that_there_isn_t_chooses_none(as_: As, ferry: Statement, asked: str):
    answer = as_("reader").get(path_of(ferry), {"hop": asked})
    assert answer.status_code == 200
    assert not soup(answer).select("#why, .hop.chosen, [data-stands]")


def test_a_hop_of_another_claim_or_taken_out_chooses_none(as_: As, capture: Capture, ferry: Statement):
    other = statement(capture, TIMETABLE, [SPOKESMAN])
    assert not soup(as_("reader").get(path_of(ferry), {"hop": other.hops.get().pk})).select("#why")
    lamp = hop(ferry, "Evening Lamp")
    remove_hop(ferry, account("reporter"), lamp)
    assert not soup(as_("reader").get(path_of(ferry), {"hop": lamp.pk})).select("#why")


def test_a_person_s_hop_and_a_corrected_one_have_no_reason_of_the_engine(as_: As, ferry: Statement):
    editor = account("editor", "Ada")
    mine = add_hop(ferry, editor, hop_words("Coast Wire", "agency"), after=hop(ferry, "Evening Lamp"))
    browser = as_("reader")
    why = words_of(soup(browser.get(path_of(ferry), {"hop": mine.pk})).select_one("#why"))
    assert "Ada put this source here, not the engine." in why
    assert "It has no words in the text." in why
    assert "in 10" not in why
    cited = soup(browser.get(path_of(ferry), {"hop": hop(ferry, "a port official").pk})).select_one("#why")
    assert "changed by a person" in words_of(cited)
    assert "Evening Lamp, citing" not in words_of(cited)


def test_the_article_stands_nearer_than_its_first_hop(as_: As, capture: Capture):
    ferry = statement(capture, FERRY, [CITED])
    why = soup(as_("reader").get(path_of(ferry), {"hop": ferry.hops.get().pk})).select_one("#why .pattern")
    assert words_of(why).startswith("Island Post, citing a port official, said")


def test_names_in_a_reason_are_shown_as_they_are(as_: As):
    capture = article("<b>Bold & Co</b> said the well is dry.")
    well = statement(
        capture, "the well is dry", [("<b>Bold & Co</b>", "organisation", "named", "said", "said")]
    )
    page = soup(as_("reader").get(path_of(well), {"hop": well.hops.get().pk}))
    assert page.select_one("#why .pattern").get_text().startswith("<b>Bold & Co</b> said")
    assert not page.select("#why b")


# How sure


def test_a_reading_under_the_threshold_is_called_unsure_wherever_it_is_listed(as_: As, capture: Capture):
    doubted = statement(capture, TIMETABLE, [SPOKESMAN], confidence=0.49)
    sure = statement(capture, FERRY, [SAID], confidence=0.5)
    browser = as_("reader")
    panel = soup(browser.get(path_of(doubted))).select_one("#claim")
    assert f"{UNSURE}: 4 in 10" in words_of(panel)
    assert UNSURE not in words_of(soup(browser.get(path_of(sure))).select_one("#claim"))
    page = soup(browser.get(reverse("article", args=[capture.document_id])))
    assert [UNSURE in words_of(row) for row in page.select("#claim li")] == [False, True]
    numbers = {a["data-number"]: a for a in page.select("a.number")}
    assert "data-unsure" in numbers[str(doubted.pk)].attrs
    assert "data-unsure" not in numbers[str(sure.pk)].attrs
    cards = soup(browser.get(reverse("statement-list"))).select(".claim-card")
    assert {words_of(card.select_one(".card-title")): UNSURE in words_of(card) for card in cards} == {
        TIMETABLE: True,
        FERRY: False,
    }


def test_an_editor_who_accepts_a_claim_takes_the_doubt_off_it(as_: As, capture: Capture):
    doubted = statement(capture, TIMETABLE, [SPOKESMAN], confidence=0.2)
    doubted.decide(account("editor", "Ada"), "weak")
    assert UNSURE in words_of(soup(as_("reader").get(path_of(doubted))).select_one("#claim"))
    doubted.decide(account("editor", "Ben"), "accepted")
    page = soup(as_("reader").get(path_of(doubted)))
    assert not page.select(".unsure, [data-unsure]")


def test_a_person_s_own_claim_has_no_confidence(as_: As, capture: Capture):
    own = statement(capture, FARES, by=account("editor", "Ada"))
    assert own.confidence is None
    assert "in 10" not in words_of(soup(as_("reader").get(path_of(own))).select_one("#claim"))


# Stance


def test_a_denial_is_told_on_the_claim_and_in_the_lists(as_: As, capture: Capture):
    denied = statement(capture, FARES, [SAID, CITED], stance="denies")
    told = "A port official denies this"
    browser = as_("reader")
    assert told in words_of(soup(browser.get(path_of(denied))).select_one("#claim"))
    assert told in words_of(
        soup(browser.get(reverse("article", args=[capture.document_id]))).select_one("#claim")
    )
    assert told in words_of(soup(browser.get(reverse("statement-list"))).select_one(".claim-card"))


def test_a_reporter_corrects_the_stance(as_: As, ferry: Statement):
    data = {"version": 1, "wording": FERRY, "stance": "doubts", "start": ferry.start, "end": ferry.end}
    answer = as_("reporter", htmx=True).post(reverse("statement-amend", args=[ferry.pk]), data)
    assert "A port official doubts this" in words_of(soup(answer))
    ferry.refresh_from_db()
    assert (ferry.stance, ferry.confidence) == ("doubts", None)
    history = words_of(
        soup(as_("reader").get(f"{path_of(ferry)}?open=history")).select_one("#claim .history")
    )
    assert "reporter set down that the source doubts it" in history
    refused = as_("reporter").post(
        reverse("statement-amend", args=[ferry.pk]), data | {"version": 2, "stance": "sings"}
    )
    assert refused.status_code == 422
