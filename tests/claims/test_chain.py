"""The editor of a claim's chain: its page, its rows and forms, and what happens when two are at it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.models import Hop, Statement
from claims.models.chain_edits import add_hop
from tests.claims.conftest import As
from tests.factories import FERRY, LAMP, OFFICIAL, SPOKESMAN, account, article, hop_words, names, statement

pytestmark = pytest.mark.django_db


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def where(found: Statement, query: str = "") -> str:
    return reverse("chain", args=[found.pk]) + query


def hop(found: Statement, name: str) -> Hop:
    return found.hops.standing().get(source__name=name)


def listed(answer: Any) -> list[tuple[str, str]]:
    """The rows of the editor: how deep, and who."""
    return [(row["data-depth"], row.strong.get_text()) for row in soup(answer).select(".hop-row")]


@pytest.fixture
def forked(db: None) -> Statement:
    """The Evening Lamp, citing a port official and a spokesman."""
    return statement(article(), FERRY, [LAMP, OFFICIAL], [LAMP, SPOKESMAN])


@pytest.mark.parametrize(
    ("who", "status"), [("reporter", 200), ("editor", 200), ("reader", 403), (None, 403)]
)
def test_who_may_edit_a_chain(as_: As, ferry: Statement, who: str | None, status: int):
    assert as_(who).get(where(ferry)).status_code == status


def test_the_editor_is_asked_for_and_of_a_claim_that_is_there(as_: As, ferry: Statement):
    reporter = as_("reporter")
    assert reporter.post(where(ferry)).status_code == 405
    assert reporter.get(reverse("chain", args=[999_999])).status_code == 404
    ferry.capture.document.withdraw(account("editor", "ed"))
    assert reporter.get(where(ferry)).status_code == 404


def test_the_chain_editor_is_a_page_and_a_fragment(as_: As, ferry: Statement):
    page = soup(as_("reporter").get(where(ferry)))
    assert page.select_one("#text mark")
    assert page.select_one("#claim [data-chain-editor]")
    fragment = as_("reporter", htmx=True).get(where(ferry))
    assert soup(fragment).select_one("html") is None
    assert listed(fragment) == [("0", "Evening Lamp"), ("0", "a port official")]
    assert soup(fragment).select_one("[data-said]").get_text() == "Editing the chain."


def test_where_chains_part_each_is_listed_once_and_told_apart(as_: As, forked: Statement):
    answer = as_("reporter", htmx=True).get(where(forked))
    assert listed(answer) == [
        ("0", "Evening Lamp"),
        ("1", "a port official"),
        ("1", "a spokesman for the port"),
    ]
    labels = [label.get_text() for label in soup(answer).select(".hop-row .chain-label")]
    assert labels == ["Chain 1 of 2 after Evening Lamp", "Chain 2 of 2 after Evening Lamp"]


def test_nothing_is_moved_past_where_chains_part(as_: As, forked: Statement):
    page = soup(as_("reporter").get(where(forked)))
    assert not page.select("[data-move]")
    lamp = hop(forked, "Evening Lamp")
    wire = add_hop(forked, account("editor", "ed"), hop_words("Coast Wire", "agency"), after=lamp)
    page = soup(as_("reporter").get(where(forked)))
    assert [move["id"] for move in page.select("[data-move]")] == [
        f"hop-{lamp.pk}-origin",
        f"hop-{wire.pk}-reader",
    ]


def test_a_long_chain_is_listed_to_its_end(as_: As, ferry: Statement):
    parent = hop(ferry, "a port official")
    for _ in range(1100):
        parent = Hop.objects.create(statement=ferry, parent=parent, source=parent.source)
    assert len(listed(as_("reporter", htmx=True).get(where(ferry)))) == 1102


def test_one_step_s_fields_are_open_at_a_time(as_: As, ferry: Statement):
    official = hop(ferry, "a port official")
    page = soup(as_("reporter").get(where(ferry, f"?hop={official.pk}")))
    (form,) = page.select("form.hop-form")
    assert form["action"] == reverse("hop-amend", args=[ferry.pk, official.pk])
    assert form.select_one('[name="stands_on"]')["value"] == "a port official"
    assert form.select_one('[name="name"]').has_attr("autofocus")
    offered = [option["value"] for option in form.select("datalist option")]
    assert offered == ["Evening Lamp", "a port official"]


@pytest.mark.parametrize("query", ["?hop=999999", "?hop=999999999999999999999"])
def test_a_step_that_isn_t_there(as_: As, ferry: Statement, query: str):
    assert as_("reporter").get(where(ferry, query)).status_code in (200, 404)
    assert not soup(as_("reporter").get(where(ferry, query))).select("form.hop-form")


def test_a_new_source_begins_where_it_was_asked_for(as_: As, ferry: Statement):
    official = hop(ferry, "a port official")
    for asked, at in [
        (f"beside-{official.pk}", f"beside-{official.pk}"),
        ("reader", "reader"),
        ("chain", "chain"),
        ("", str(official.pk)),
        ("nonsense", str(official.pk)),
    ]:
        page = soup(as_("reporter").get(where(ferry, f"?add={asked}")))
        (form,) = page.select("form.hop-form")
        assert form.select_one('[name="where"] option[selected]')["value"] == at, asked


def test_a_claim_without_a_source_has_the_form_open(as_: As, capture: Any):
    bare = statement(capture, "The fares will double next year")
    page = soup(as_("reporter").get(where(bare)))
    assert page.select_one('form.hop-form [name="where"]')


def test_a_browser_comes_back_to_the_editor(as_: As, ferry: Statement):
    move = reverse("hop-move", args=[ferry.pk, hop(ferry, "a port official").pk])
    answer = as_("reporter").post(move, {"version": 1, "to": "reader"})
    assert answer.status_code == 303
    assert answer["Location"].startswith(where(ferry))


def test_the_focus_stays_on_what_was_moved(as_: As, ferry: Statement):
    add_hop(ferry, account("editor", "ed"), hop_words("Bo Quay"), after=hop(ferry, "a port official"))
    quay, reporter = hop(ferry, "Bo Quay"), as_("reporter", htmx=True)
    move = reverse("hop-move", args=[ferry.pk, quay.pk])
    once = soup(reporter.post(move, {"version": 2, "to": "reader"}))
    assert once.select_one("[autofocus]")["id"] == f"hop-{quay.pk}-reader"
    twice = soup(reporter.post(move, {"version": 3, "to": "reader"}))
    # There is no nearer: the focus stays on the source, at what it still has.
    assert twice.select_one("[autofocus]")["id"] == f"hop-{quay.pk}-edit"
    gone = soup(reporter.post(reverse("hop-remove", args=[ferry.pk, quay.pk]), {"version": 4}))
    assert gone.select_one("[autofocus]")["id"] == f"hop-{hop(ferry, 'Evening Lamp').pk}-edit"


QUAY = {"name": "Bo Quay", "kind": "person", "naming": "named", "cue": "told"}


def test_a_conflict_shows_the_chain_now_and_with_mine_on_top(as_: As, ferry: Statement):
    official = hop(ferry, "a port official")
    add_hop(
        ferry, account("editor", "ed"), hop_words("Coast Wire", "agency"), after=hop(ferry, "Evening Lamp")
    )
    amend = reverse("hop-amend", args=[ferry.pk, official.pk])
    answer = as_("reporter", htmx=True).post(amend, QUAY | {"version": 1, "basis": "Was there."})
    assert answer.status_code == 409
    conflict = soup(answer).select_one(".conflict")
    now, mine = [part.get_text(" ", strip=True) for part in conflict.select(".versions > div")]
    assert now == "The chain now Evening Lamp → Coast Wire → a port official"
    assert mine == "With yours on top Evening Lamp → Coast Wire → Bo Quay"
    assert "Was there." in conflict.get_text()
    assert names(ferry) == [["Evening Lamp", "Coast Wire", "a port official"]]
    on_top = {field["name"]: field.get("value", "") for field in conflict.select("form input")}
    assert as_("reporter").post(conflict.form["action"], on_top).status_code == 303
    assert names(ferry) == [["Evening Lamp", "Coast Wire", "Bo Quay"]]
    assert hop(ferry, "Bo Quay").basis == "Was there."


def test_a_conflict_over_a_source_that_is_gone_says_so_and_keeps_what_was_typed(as_: As, ferry: Statement):
    official = hop(ferry, "a port official")
    reporter = as_("reporter", htmx=True)
    reporter.post(reverse("hop-remove", args=[ferry.pk, official.pk]), {"version": 1})
    amend = reverse("hop-amend", args=[ferry.pk, official.pk])
    answer = reporter.post(amend, QUAY | {"version": 1})
    assert answer.status_code == 409
    conflict = soup(answer).select_one(".conflict")
    assert "This source was taken out of the chain." in conflict.get_text()
    assert "Bo Quay" in conflict.get_text()


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("the port", "A spokesman for the port"),
        ("a port   official", "a port official"),
        ("", None),
    ],
)
def test_the_words_of_a_source_can_be_written(as_: As, ferry: Statement, words: str, at: str | None):
    official = hop(ferry, "a port official")
    data = QUAY | {"version": 1, "stands_on": words, "start": 0, "end": 5}
    amend = reverse("hop-amend", args=[ferry.pk, official.pk])
    assert as_("reporter").post(amend, data).status_code == 303
    official.refresh_from_db()
    text = ferry.capture.text
    if at is None:
        assert official.start is None
    else:
        assert text[official.start : official.end].split() == words.split()


def test_words_of_a_source_that_are_not_in_the_text(as_: As, ferry: Statement):
    amend = reverse("hop-amend", args=[ferry.pk, hop(ferry, "a port official").pk])
    answer = as_("reporter", htmx=True).post(amend, QUAY | {"version": 1, "stands_on": "a whale"})
    assert answer.status_code == 422
    assert "Those words are not in the text." in soup(answer).select_one(".field-stands_on").get_text()


def test_of_words_that_stand_twice_the_nearest_are_taken(as_: As):
    text = "A pilot slept. Nothing moved on the water for long. The quay is shut, a pilot said. A pilot left."
    quay = statement(
        article(text, title="Pilots"), "The quay is shut", [("a pilot", "person", "described", "said")]
    )
    pilot = hop(quay, "a pilot")
    Hop.objects.filter(pk=pilot.pk).update(start=None, end=None)
    data = QUAY | {"version": 1, "stands_on": "pilot"}
    as_("reporter").post(reverse("hop-amend", args=[quay.pk, pilot.pk]), data)
    pilot.refresh_from_db()
    assert pilot.start == text.index("pilot said")
