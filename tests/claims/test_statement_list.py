"""The list of claims with its filters, and joining some of them to one."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Flag, Statement
from claims.views import statements
from sources.models import Capture, Source
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(capture: Capture) -> list[Statement]:
    """A decided one with a flag, one with another flag, one with a flag that was dismissed."""
    editor = account("editor", "e")
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    timetable = statement(capture, TIMETABLE, [SPOKESMAN])
    fares = statement(capture, FARES)
    ferry.decide(editor, "weak")
    fares.flags.get().decide("dismissed", editor, "fine")
    Flag.objects.raise_by_hand(timetable, editor, "OTHER", "odd", "info")
    return [ferry, timetable, fares]


def listed(client: Client, **asked: Any) -> list[str]:
    answer = client.get(reverse("statement-list"), asked)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "html.parser")
    return [title.get_text() for title in page.select(".card-title")]


def test_the_newest_is_first_with_its_chain_state_and_flags(as_: As, three: list[Statement]):
    reader = as_("reader")
    assert listed(reader) == [FARES, TIMETABLE, FERRY]
    page = BeautifulSoup(reader.get(reverse("statement-list")).content, "html.parser")
    last: Any = page.select(".card")[-1]
    text = last.get_text(" ", strip=True)
    assert "Evening Lamp" in text
    assert "a port official" in text
    assert "weak" in text
    assert "Anonymous single origin" in text
    assert "Island Post" in text
    assert last["data-severity"] == "block"
    assert not page.select("input[type=checkbox]")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "weak"}, [FERRY]),
        ({"state": "unreviewed"}, [FARES, TIMETABLE]),
        ({"state": "nonsense"}, [FARES, TIMETABLE, FERRY]),
        ({"flag": "any"}, [TIMETABLE, FERRY]),
        ({"flag": "OTHER"}, [TIMETABLE]),
        ({"flag": "NO_SOURCE"}, []),
        ({"flag": "nonsense"}, [FARES, TIMETABLE, FERRY]),
        ({"q": "ferries"}, [FERRY]),
        ({"q": "timetable", "flag": "any", "state": "unreviewed"}, [TIMETABLE]),
        ({"q": "timetable", "state": "weak"}, []),
        ({"q": "ferry\0"}, [FERRY]),
        ({"q": "\"( & | ! :* '"}, []),
        ({"source": "x"}, [FARES, TIMETABLE, FERRY]),
        ({"source": "²"}, [FARES, TIMETABLE, FERRY]),
        ({"source": "9" * 5000}, [FARES, TIMETABLE, FERRY]),
        ({"source": "999999"}, []),
    ],
)
def test_filters(as_: As, three: list[Statement], asked: dict[str, str], found: list[str]):
    assert listed(as_("reader"), **asked) == found


def test_by_the_source_that_they_rest_on(as_: As, three: list[Statement]):
    lamp = Source.objects.get(name="Evening Lamp")
    assert listed(as_("reader"), source=lamp.pk) == [FERRY]
    three[0].hops.get(source=lamp).mark_removed()
    assert listed(as_("reader"), source=lamp.pk) == []


def test_deleted_ones_and_those_of_withdrawn_articles_are_left_out(as_: As, three: list[Statement]):
    three[0].discard(account("editor", "d"))
    editor = as_("editor")
    assert listed(editor) == [FARES, TIMETABLE]
    three[0].capture.document.withdraw(account("editor", "w"))
    assert listed(editor) == []


def test_pages_keep_the_filter(as_: As, three: list[Statement], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(statements, "A_PAGE", 1)
    reader = as_("reader")
    assert listed(reader, state="unreviewed", page=2) == [TIMETABLE]
    answer = reader.get(reverse("statement-list"), {"state": "unreviewed"})
    page = BeautifulSoup(answer.content, "html.parser")
    onward = [str(a["href"]) for a in page.select("a") if "page=2" in str(a["href"])]
    assert onward
    assert all("state=unreviewed" in href for href in onward)


def test_questions_don_t_grow_with_the_claims(as_: As, django_assert_max_num_queries: Any):
    def add(numbers: range) -> None:
        for n in numbers:
            made = article(f"The pier {n} is closed.", title=f"Pier {n}")
            statement(made, f"The pier {n} is closed", [LAMP, (f"guard {n}", "person", "anonymous")])

    add(range(2))
    reader, path = as_("editor"), reverse("statement-list")
    with django_assert_max_num_queries(100) as few:
        reader.get(path)
    add(range(2, 20))
    with django_assert_max_num_queries(len(few)):
        reader.get(path)
    assert len(few) < 12


# Joining


def join(client: Client, *chosen: object, wording: str = "") -> Any:
    return client.post(reverse("claim-join"), {"statement": chosen, "wording": wording}, follow=True)


def test_an_editor_joins_claims_to_one(as_: As, three: list[Statement]):
    answer = join(as_("editor"), three[0].pk, three[1].pk, wording=" No  ferry ")
    claim = Claim.objects.get()
    assert answer.redirect_chain == [(reverse("claim", args=[claim.pk]), 303)]
    assert (claim.wording, str(claim.made_by)) == ("No ferry", "editor")
    assert set(claim.statements.all()) == {three[0], three[1]}


def test_without_a_wording_it_is_the_shortest(as_: As, three: list[Statement]):
    join(as_("editor"), *(s.pk for s in three))
    assert Claim.objects.get().wording == min((FERRY, TIMETABLE, FARES), key=len)


def test_joining_to_a_joined_one_adds_to_it(as_: As, three: list[Statement]):
    join(as_("editor"), three[0].pk, three[1].pk, wording="First")
    join(as_("editor"), three[1].pk, three[2].pk, wording="Second")
    assert Claim.objects.get().wording == "First"
    assert Claim.objects.get().statements.count() == 3


@pytest.mark.parametrize("chosen", [[], [0], ["x", "²", "9" * 5000]])
def test_joining_fewer_than_two_is_told(as_: As, three: list[Statement], chosen: list[Any]):
    if chosen == [0]:
        chosen = [three[0].pk, three[0].pk, 10**9]
    answer = join(as_("editor"), *chosen)
    assert "Choose at least two claims to join." in answer.content.decode()
    assert not Claim.objects.exists()


def test_joining_two_joined_ones_is_told(as_: As, three: list[Statement]):
    for made in three[:2]:
        Statement.objects.filter(pk=made.pk).update(claim=Claim.objects.create(wording="x"))
    answer = join(as_("editor"), three[0].pk, three[1].pk)
    assert "part of different joined claims already" in answer.content.decode()


@pytest.mark.parametrize("wording", ["no\0ne", "w" * 20_001])
def test_a_wording_that_won_t_do_is_told(as_: As, three: list[Statement], wording: str):
    answer = join(as_("editor"), three[0].pk, three[1].pk, wording=wording)
    told = BeautifulSoup(answer.content, "html.parser").select_one(".messages")
    assert told
    assert "haracters" in told.get_text()
    assert not Claim.objects.exists()
