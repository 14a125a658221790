"""The queue of flags over all articles: by code, the worst first, narrowed by links."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from claims.models import Flag, Statement
from claims.views import queue
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db

ANON, REASON, ASKED = "Anonymous single origin", "Unnamed, and why isn’t said", "Another weakness"


@pytest.fixture
def desk(capture: Capture) -> list[Statement]:
    """Two claims of one article and one of another; the flags of rules, and one that a person raised."""
    editor = account("editor", "e")
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    fares = statement(capture, FARES)
    Flag.objects.raise_by_hand(fares, editor, "OTHER", "It reads oddly.", "info")
    pier = article("The pier is shut, a guard said.", title="Pier", publisher="Quay Times")
    guard = statement(pier, "The pier is shut", [("a guard", "person", "anonymous", "said")])
    return [ferry, fares, guard]


def page_of(client: Client, **asked: Any) -> Any:
    answer = client.get(reverse("flag-list"), asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def listed(page: Any) -> dict[str, list[str]]:
    """The claims under each heading."""
    return {
        group.h2.get_text(): [title.get_text() for title in group.select(".card-title")]
        for group in page.select(".flag-group")
    }


def test_open_flags_are_grouped_by_code_and_the_worst_is_first(as_: As, desk: list[Statement]):
    page = page_of(as_("reader"))
    groups = listed(page)
    assert sum(map(len, groups.values())) == Flag.objects.filter(state="open").count()
    assert groups[ANON] == ["The pier is shut", FERRY], "the newest first"
    weights = [card["data-severity"] for card in page.select(".flag-card")]
    firsts = [group.select_one(".flag-card")["data-severity"] for group in page.select(".flag-group")]
    assert firsts == sorted(firsts, key=["block", "warn", "info"].index)
    assert set(weights) == {"block", "warn", "info"}
    assert next(iter(groups)) == ANON, "of those that block, that with the most"


def test_a_flag_leads_to_its_claim_with_its_words_chosen(as_: As, desk: list[Statement]):
    flag = desk[2].flags.get(code="SINGLE_ANON")
    links = [a["href"] for a in page_of(as_("reader")).select(".card-title")]
    path = reverse("statement", args=[desk[2].capture.document_id, desk[2].pk])
    assert f"{path}?words={flag.pk}#chosen-flag" in links


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"code": "SINGLE_ANON"}, {ANON: ["The pier is shut", FERRY]}),
        ({"code": "OTHER"}, {ASKED: [FARES]}),
        ({"severity": "info"}, {ASKED: [FARES]}),
        ({"code": "SINGLE_ANON", "severity": "info"}, {}),
        ({"state": "dismissed"}, {}),
        ({"article": "x", "code": "OTHER"}, {ASKED: [FARES]}),
        ({"article": "9" * 40, "code": "OTHER", "state": "nonsense"}, {ASKED: [FARES]}),
        ({"article": "999999"}, {}),
        ({"code": "OT\0HER"}, {ASKED: [FARES]}),
    ],
)
def test_filters(as_: As, desk: list[Statement], asked: dict[str, str], found: dict[str, list[str]]):
    assert listed(page_of(as_("reader"), **asked)) == found


def test_by_state_and_by_article(as_: As, desk: list[Statement]):
    editor = account("editor", "f")
    desk[0].flags.get(code="SINGLE_ANON").decide("waived", editor, "the desk knows her")
    reader = as_("reader")
    page = page_of(reader, state="waived")
    assert listed(page) == {ANON: [FERRY]}
    assert "waived by f: the desk knows her" in " ".join(page.get_text(" ").split())
    assert listed(page_of(reader))[ANON] == ["The pier is shut"]
    assert listed(page_of(reader, state="any"))[ANON] == ["The pier is shut", FERRY]
    both = listed(page_of(reader, article=desk[2].capture.document_id, state="any"))
    assert {title for titles in both.values() for title in titles} == {"The pier is shut"}


def test_each_filter_is_a_link_that_keeps_the_others(as_: As, desk: list[Statement]):
    page = page_of(as_("reader"), code="SINGLE_ANON", severity="block", page="1")
    links = {a.get_text(): a["href"] for a in page.select(".narrowing a")}
    assert "state=confirmed" in links["confirmed"]
    assert "code=SINGLE_ANON" in links["confirmed"]
    assert "severity=block" in links["confirmed"]
    assert "page" not in links["confirmed"]
    assert "severity" not in links["any"]
    current = [a.get_text() for a in page.select(".narrowing [aria-current]")]
    assert current == ["open", "blocks"]


def test_what_became_of_each_code_here_is_told(as_: As, desk: list[Statement]):
    editor = account("editor", "f")
    desk[0].flags.get(code="SINGLE_ANON").decide("confirmed", editor)
    rows = {
        row.th.get_text(): [cell.get_text() for cell in row.select("td")]
        for row in page_of(as_("reader"), state="any").select("tbody tr")
    }
    assert rows[ANON] == ["2", "1", "0", "0"]
    assert rows[ASKED] == ["1", "0", "0", "0"], "what a person raised says nothing of a rule"


def test_a_rule_that_only_asks_is_worded_as_a_question(as_: As, desk: list[Statement]):
    Flag.objects.filter(code="SINGLE_ANON").update(question=True)
    page = page_of(as_("reader"), code="SINGLE_ANON")
    assert "Is all of this from one unnamed origin?" in page.select_one(".flag-card").get_text()
    assert "only asks" in page.select_one(".flag-card").get_text()


def test_deleted_claims_and_withdrawn_articles_are_left_out(as_: As, desk: list[Statement]):
    desk[1].discard(account("editor", "f"))
    desk[2].capture.document.withdraw(account("editor", "g"))
    for role in ("reader", "editor"):
        shown = {title for titles in listed(page_of(as_(role))).values() for title in titles}
        assert shown == {FERRY}
    assert listed(page_of(as_("reader"), article=desk[2].capture.document_id)) == {}


def test_pages_keep_the_filter(as_: As, desk: list[Statement], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "A_PAGE", 1)
    reader = as_("reader")
    assert listed(page_of(reader, code="SINGLE_ANON", page=2)) == {ANON: [FERRY]}
    onward = [a["href"] for a in page_of(reader, code="SINGLE_ANON").select(".pages a")]
    assert onward
    assert all("code=SINGLE_ANON" in href for href in onward)


def test_questions_don_t_grow_with_the_flags(as_: As, django_assert_max_num_queries: Any):
    def add(numbers: range) -> None:
        for n in numbers:
            made = article(f"The pier {n} is closed.", title=f"Pier {n}")
            statement(made, f"The pier {n} is closed", [LAMP, (f"guard {n}", "person", "anonymous")])

    add(range(2))
    reader, path = as_("editor"), reverse("flag-list")
    with django_assert_max_num_queries(100) as few:
        reader.get(path)
    add(range(2, 20))
    with django_assert_max_num_queries(len(few)):
        reader.get(path)
    assert len(few) < 12


def test_nothing_here(as_: As, capture: Capture):
    statement(capture, TIMETABLE, [SPOKESMAN])
    Flag.objects.all().delete()
    assert "No flags here." in page_of(as_("reader")).get_text()


# Deciding in the queue


def decided_in_queue(
    client: Client, name: str, flag: Flag, query: str = "code=SINGLE_ANON", **said: Any
) -> Any:
    seen = {"seen": "open", "ground": flag.ground, "queue": query}
    return client.post(reverse(name, args=[flag.pk]), seen | said)


@pytest.mark.parametrize(
    ("name", "reason", "state"),
    [
        ("flag-confirm", "", "confirmed"),
        ("flag-dismiss", "We know who it is.", "dismissed"),
        ("flag-waive", "", "waived"),
    ],
)
def test_a_decision_in_the_queue_leads_back_to_it(
    as_: As, desk: list[Statement], name: str, reason: str, state: str
):
    flag = desk[0].flags.get(code="SINGLE_ANON")
    page = page_of(as_("editor"), code="SINGLE_ANON")
    assert reverse(name, args=[flag.pk]) in {
        each.get("formaction") or each.get("action")
        for each in page.select(".flag-card form, .flag-card button")
    }
    answer = decided_in_queue(as_("editor"), name, flag, reason=reason)
    assert (answer.status_code, answer["Location"]) == (303, reverse("flag-list") + "?code=SINGLE_ANON")
    flag.refresh_from_db()
    assert (flag.state, flag.reason, str(flag.decided_by)) == (state, reason, "editor")


def test_a_dismissal_in_the_queue_wants_a_reason(as_: As, desk: list[Statement]):
    flag = desk[0].flags.get(code="SINGLE_ANON")
    answer = decided_in_queue(as_("editor"), "flag-dismiss", flag)
    assert answer.status_code == 422
    page: Any = BeautifulSoup(answer.content, "html.parser")
    assert "This field is required." in page.select_one(".flag-card [role=alert]").get_text()
    assert set(listed(page)) == {ANON}, "narrowed as it was"
    assert all(a["href"].startswith(reverse("flag-list") + "?") for a in page.select(".narrowing a"))
    flag.refresh_from_db()
    assert flag.state == "open"


def test_what_somebody_else_settled_meanwhile_is_told_in_the_queue(as_: As, desk: list[Statement]):
    flag = desk[0].flags.get(code="SINGLE_ANON")
    flag.decide("dismissed", account("editor", "other"), "known")
    answer = decided_in_queue(as_("editor"), "flag-waive", flag, "state=any", reason="It may stand.")
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "dismissed meanwhile, by other" in told
    assert "It may stand." in told


def test_who_may_not_decide_sees_no_buttons_and_is_refused(as_: As, desk: list[Statement]):
    flag = desk[0].flags.get(code="SINGLE_ANON")
    assert not page_of(as_("reporter")).select(".flag-card form")
    assert decided_in_queue(as_("reporter"), "flag-confirm", flag).status_code == 403
