"""One claim: its panel, marking a new one, rewording, bounds, deleting and bringing back, the verdict."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.chains import describe
from claims.models import Annotation, Claim, Flag, Statement
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import (
    FARES,
    FERRY,
    HARBOUR,
    LAMP,
    OFFICIAL,
    SPOKESMAN,
    TIMETABLE,
    account,
    article,
    statement,
)

pytestmark = pytest.mark.django_db


def path_of(statement: Statement) -> str:
    return reverse("statement", args=[statement.capture.document_id, statement.pk])


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def words(text: str, what: str) -> dict[str, int]:
    return {"start": text.index(what), "end": text.index(what) + len(what)}


# The panel


def test_the_page_has_the_claim_chosen_and_htmx_gets_the_panel_alone(as_: As, ferry: Statement):
    page = soup(as_("reader").get(path_of(ferry)))
    assert page.html
    assert page.select_one("#claim")["data-statement"] == str(ferry.pk)
    assert page.select_one("#text mark.chosen")["data-statement"] == str(ferry.pk)
    part = soup(as_("reader", htmx=True).get(path_of(ferry)))
    assert not part.html
    assert [e["id"] for e in part.find_all(id=True, recursive=False)] == ["claim"]
    # The back button of htmx wants the whole page again.
    restored = as_("reader", htmx=True).get(path_of(ferry), headers={"HX-History-Restore-Request": "true"})
    assert soup(restored).html


def test_the_panel_shows_each_hop_with_its_kind_naming_cue_and_words(as_: As, ferry: Statement):
    panel = soup(as_("reader").get(path_of(ferry))).select_one("#claim")
    hops = [hop.get_text(" ", strip=True) for hop in panel.select("li.hop")]
    assert "Island Post" in hops[0]
    assert "this article" in hops[0]
    assert "Evening Lamp" in hops[1]
    assert "outlet · named" in hops[1]
    assert "reported" in hops[1]
    assert "“a port official”" in hops[2]
    assert "person · anonymous" in hops[2]
    assert "origin" in hops[2]
    assert len(hops) == 3
    assert panel.select_one(".described").get_text() == describe(ferry.chains())
    assert "Anonymous single origin" in panel.get_text()
    assert FERRY in panel.h2.get_text()


def test_a_reader_gets_no_button_and_a_reporter_no_verdict(as_: As, ferry: Statement):
    Annotation.objects.write(account("reporter", "x"), "Really?", ferry.capture, statement=ferry)
    assert not soup(as_("reader").get(path_of(ferry))).select("#claim form")
    actions = {form["action"] for form in soup(as_("reporter").get(path_of(ferry))).select("#claim form")}
    assert reverse("statement-assign", args=[ferry.pk]) in actions
    assert reverse("statement-verdict", args=[ferry.pk]) not in actions
    assert reverse("flag-confirm", args=[ferry.flags.get(code="SINGLE_ANON").pk]) not in actions


def test_two_chains_and_a_claim_without_a_source(as_: As, capture: Capture):
    forked = statement(capture, FERRY, [LAMP, OFFICIAL], [SPOKESMAN])
    panel = soup(as_("reader").get(path_of(forked))).select_one("#claim").get_text(" ", strip=True)
    assert "Chain 1 of 2" in panel
    assert describe(forked.chains()) in panel
    alone = soup(as_("reader").get(path_of(statement(capture, FARES)))).select_one("#claim")
    assert "Nobody named" in alone.get_text()
    assert "No source given" in alone.get_text()


def test_previous_and_next_go_in_the_order_of_the_text(as_: As, capture: Capture):
    last, first, middle = (statement(capture, each) for each in (FARES, FERRY, TIMETABLE))
    steps = [a["hx-get"] for a in soup(as_("reader").get(path_of(middle))).select("#claim a.step")]
    assert steps == [path_of(first), path_of(last)]
    assert len(soup(as_("reader").get(path_of(first))).select("#claim a.step")) == 1


def test_the_history_is_in_the_panel(as_: As, ferry: Statement):
    editor = as_("editor")
    editor.post(reverse("statement-verdict", args=[ferry.pk]), {"version": 1, "decision": "weak"})
    closed = soup(as_("reader").get(path_of(ferry))).select_one("#claim .history")
    assert "editor" not in closed.get_text()
    page = soup(as_("reader").get(closed.select_one("a")["href"]))
    history = page.select_one("#claim .history[open]").get_text(" ", strip=True)
    assert "editor called it weak" in history
    assert "Hearsay marked this claim" in history
    address = reverse("statement-history", args=[ferry.pk])
    part = soup(as_("reader", htmx=True).get(address))
    assert part.get_text(" ", strip=True) in history
    assert as_("reader").get(address)["Location"] == closed.select_one("a")["href"]
    assert as_("reader").post(address).status_code == 405
    assert as_(None).get(address).status_code == 403
    assert as_("reader").get(reverse("statement-history", args=[ferry.pk + 1])).status_code == 404


def test_questions_for_the_panel_don_t_grow_with_what_is_in_it(
    as_: As, capture: Capture, django_assert_max_num_queries: Any
):
    steps = [(f"guard {n}", "person", "anonymous") for n in range(12)]
    small = statement(capture, FERRY, [steps[0]])
    large = statement(capture, TIMETABLE, steps[:6], steps[6:])
    reporter, writer = as_("reporter", htmx=True), account("editor")
    for made, many in [(small, 1), (large, 12)]:
        for n, code in zip(range(many), ["OTHER", "WEASEL", "DENIED", "NO_BASIS"] * 3, strict=False):
            hop = list(made.hops.all())[n]
            Annotation.objects.write(writer, f"note {n}", capture, statement=made, hop=hop).reply(
                writer, "yes"
            )
            Flag.objects.raise_by_hand(made, writer, code, "because", "warn", hop)
    with django_assert_max_num_queries(100) as few:
        assert reporter.get(path_of(small)).status_code == 200
    with django_assert_max_num_queries(len(few)):
        assert reporter.get(path_of(large)).status_code == 200
    assert len(few) < 35


# Marking a new one


@pytest.mark.parametrize("way", ["offsets", "words"])
def test_a_reporter_marks_a_claim(as_: As, capture: Capture, way: str):
    data: dict[str, Any] = words(HARBOUR, FARES) if way == "offsets" else {"words": f" {FARES} "}
    answer = as_("reporter").post(reverse("statement-add", args=[capture.pk]), data)
    made = Statement.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, path_of(made))
    assert (made.exact, made.wording, made.made_by.username) == (FARES, FARES, "reporter")  # type: ignore[union-attr]
    assert made.flags.get().code == "NO_SOURCE"
    assert made.prefix == HARBOUR[made.start - 32 : made.start]


def test_offsets_are_code_points(as_: As):
    text = "🚢🚢 שלום. It rains."
    capture = article(text)
    as_("reporter").post(reverse("statement-add", args=[capture.pk]), words(text, "It rains"))
    assert Statement.objects.get().exact == "It rains"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Select words in the text, or write them here"),
        ({"words": "The moon is cheese"}, "Those words are not in the text."),
        ({"words": "e"}, "Those words are in the text more than once."),
        ({"start": 5, "end": 100_000}, "Those words are not in this text."),
        ({"start": 9, "end": 5}, "Those words are not in this text."),
        ({"start": -4, "end": 5}, "greater than or equal to 0"),
        ({"start": "a", "end": 5}, "Enter a whole number."),
        ({"start": HARBOUR.index("\n\n"), "end": HARBOUR.index("\n\n") + 2}, "not only white space"),
    ],
)
def test_words_that_won_t_do_come_back(as_: As, capture: Capture, data: dict[str, Any], told: str):
    answer = as_("reporter").post(reverse("statement-add", args=[capture.pk]), data)
    page = soup(answer)
    assert answer.status_code == 422
    assert told in page.get_text()
    assert data.get("words", "") in page.select_one('textarea[name="words"]').get_text()
    assert not Statement.objects.exists()


# Rewording and bounds


def test_a_reporter_rewords_a_claim(as_: As, ferry: Statement):
    data = {"version": 1, "wording": " No ferry\n in January ", "start": ferry.start, "end": ferry.end}
    answer = as_("reporter", htmx=True).post(reverse("statement-amend", args=[ferry.pk]), data)
    assert answer.status_code == 200
    assert soup(answer).h2.get_text() == "No ferry in January"
    # The figures above the text come along.
    assert soup(answer).select_one("#tally")["hx-swap-oob"] == "true"
    ferry.refresh_from_db()
    assert (ferry.wording, ferry.exact, ferry.version) == ("No ferry in January", FERRY, 2)


def test_the_words_follow_the_bounds_until_somebody_puts_them_otherwise(as_: As, ferry: Statement):
    path, browser = reverse("statement-amend", args=[ferry.pk]), as_("reporter")
    shorter = {"start": ferry.start, "end": ferry.start + len("The island ferry")}
    browser.post(path, {"version": 1, "wording": FERRY} | shorter)
    ferry.refresh_from_db()
    assert (ferry.exact, ferry.wording) == ("The island ferry", "The island ferry")
    browser.post(path, {"version": 2, "wording": "A ferry"} | shorter)
    browser.post(path, {"version": 3, "wording": "A ferry", "start": ferry.start, "end": ferry.start + 3})
    ferry.refresh_from_db()
    assert (ferry.exact, ferry.wording) == ("The", "A ferry")


def test_without_a_wording_it_is_the_words_again(as_: As, ferry: Statement):
    ferry.amend(account("reporter"), "No ferry", ferry.start, ferry.end)
    data = {"version": 2, "wording": "", "start": ferry.start, "end": ferry.end}
    as_("reporter").post(reverse("statement-amend", args=[ferry.pk]), data)
    ferry.refresh_from_db()
    assert ferry.wording == FERRY


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"start": ""}, "This field is required."),
        ({"end": 100_000}, "Those words are not in this text."),
        ({"start": 30, "end": 12}, "Those words are not in this text."),
        ({"version": ""}, "This field is required."),
        ({"wording": "w" * 20_001}, "at most 20000 characters"),
        ({"wording": "no\0ne"}, "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_an_edit_that_won_t_do_comes_back(
    as_: As, ferry: Statement, wrong: dict[str, Any], told: str, htmx: bool
):
    data = {"version": 1, "wording": "No ferry, they say", "start": ferry.start, "end": ferry.end} | wrong
    answer = as_("reporter", htmx=htmx).post(reverse("statement-amend", args=[ferry.pk]), data)
    page = soup(answer)
    assert answer.status_code == 422
    assert bool(page.html) != htmx
    assert told in page.get_text()
    assert page.select_one('#claim textarea[name="wording"]').get_text().strip() == data["wording"]
    ferry.refresh_from_db()
    assert (ferry.wording, ferry.version) == (FERRY, 1)


# Deleting


def test_a_reporter_deletes_a_claim_and_brings_it_back(as_: As, ferry: Statement, capture: Capture):
    browser = as_("reporter")
    article_path = reverse("article", args=[capture.document_id])
    answer = browser.post(reverse("statement-delete", args=[ferry.pk]), {"version": 1})
    assert (answer.status_code, answer["Location"]) == (303, f"{article_path}?deleted={ferry.pk}")
    assert browser.get(path_of(ferry)).status_code == 404
    ferry.refresh_from_db()
    assert ferry.deleted_by
    assert ferry.deleted_by.username == "reporter"
    assert "Deleted claims (1)" in browser.get(article_path).content.decode()

    answer = browser.post(reverse("statement-restore", args=[ferry.pk]))
    assert (answer.status_code, answer["Location"]) == (303, path_of(ferry))
    assert browser.get(path_of(ferry)).status_code == 200
    back = Statement.objects.get(pk=ferry.pk)
    assert (back.deleted_by, back.deleted_at, back.version) == (None, None, 3)


def test_restoring_what_isn_t_deleted_changes_nothing(as_: As, ferry: Statement):
    as_("reporter").post(reverse("statement-restore", args=[ferry.pk]))
    ferry.refresh_from_db()
    assert ferry.version == 1


# The verdict


@pytest.mark.parametrize("decision", ["accepted", "weak", "needs_source", "rejected"])
def test_an_editor_decides_with_or_without_a_reason(as_: As, ferry: Statement, decision: str):
    path = reverse("statement-verdict", args=[ferry.pk])
    assert as_("editor").post(path, {"version": 1, "decision": decision}).status_code == 303
    ferry.refresh_from_db()
    assert (ferry.state, ferry.version) == (decision, 2)
    assert ferry.verdicts.get().by.username == "editor"
    answer = as_("editor", htmx=True).post(path, {"version": 2, "decision": "weak", "reason": " thin "})
    assert answer.status_code == 200
    assert "Weak by editor" in soup(answer).select_one(".verdict").get_text()
    assert [verdict.reason for verdict in ferry.verdicts.all()] == ["thin", ""]


def test_the_reason_is_offered_from_the_worst_open_flag(as_: As, ferry: Statement):
    Flag.objects.raise_by_hand(ferry, account("reporter"), "OTHER", "odd", "info")
    panel = soup(as_("editor").get(path_of(ferry))).select_one(".verdict")
    offered = panel.select_one('[name="reason"]')["value"]
    assert offered == ferry.flags.get(code="SINGLE_ANON").why
    assert "offered from “Anonymous single origin”" in panel.get_text()
    # A reason against a claim is none for accepting it, unless somebody wrote it.
    path = reverse("statement-verdict", args=[ferry.pk])
    as_("editor").post(path, {"version": 1, "decision": "accepted", "reason": offered, "offered": offered})
    as_("editor").post(path, {"version": 2, "decision": "accepted", "reason": "seen it", "offered": offered})
    as_("editor").post(path, {"version": 3, "decision": "weak", "reason": offered, "offered": offered})
    assert [verdict.reason for verdict in ferry.verdicts.order_by("pk")] == ["", "seen it", offered]


@pytest.mark.parametrize("decision", ["", "unreviewed", "doubtful"])
def test_a_decision_that_there_isn_t_is_refused(as_: As, ferry: Statement, decision: str):
    data = {"version": 1, "decision": decision, "reason": "my words"}
    answer = as_("editor").post(reverse("statement-verdict", args=[ferry.pk]), data)
    assert answer.status_code == 422
    assert soup(answer).select_one('.verdict [name="reason"]')["value"] == "my words"
    assert not ferry.verdicts.exists()


# Out of a joined claim


def test_an_editor_takes_a_claim_out_of_a_joined_one(as_: As, ferry: Statement):
    Statement.objects.filter(pk=ferry.pk).update(claim=Claim.objects.create(wording="Joined"))
    assert "Joined: Joined" in soup(as_("reader").get(path_of(ferry))).select_one("#claim").get_text()
    path = reverse("statement-leave", args=[ferry.pk])
    assert as_("editor").post(path, {"version": ferry.version}).status_code == 303
    ferry.refresh_from_db()
    assert (ferry.claim, ferry.version) == (None, 2)
    assert as_("editor").post(path).status_code == 422


def test_a_claim_of_an_earlier_capture_is_deleted_and_undone_there(as_: As):
    first = article(FERRY + ", a guard said.", url="https://post.example/ferry")
    ferry = statement(first, FERRY, [OFFICIAL])
    article("Other words, a guard said.", url="https://post.example/ferry")
    browser = as_("reporter")
    answer = browser.post(reverse("statement-delete", args=[ferry.pk]), {"version": 1})
    path = reverse("article-capture", args=[first.document_id, first.pk])
    assert answer["Location"] == f"{path}?deleted={ferry.pk}"
    page: Any = BeautifulSoup(browser.get(answer["Location"]).content, "html.parser")
    assert page.select_one(".notice button[data-key=u]")["title"] == "Undo: Deleted this claim"
    assert "Deleted claims" not in as_("reader").get(path).content.decode()


def test_dead_end_is_said_while_the_flag_stands(as_: As):
    capture = article("The fares will double, the Evening Lamp reported.")
    ferry = statement(capture, "The fares will double", [LAMP])
    path = path_of(ferry)
    chain = BeautifulSoup(as_("reader").get(path).content, "html.parser").select_one(".chain")
    assert chain
    assert "dead end" in chain.get_text()
    ferry.flags.get(code="DEAD_END").decide("dismissed", account("editor"), "It saw it itself.")
    chain = BeautifulSoup(as_("reader").get(path).content, "html.parser").select_one(".chain")
    assert chain
    assert "dead end" not in chain.get_text()
