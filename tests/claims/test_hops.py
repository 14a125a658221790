"""The steps of a claim's chains, on the page, and choosing a source by typing."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims import history
from claims.models import Hop, Statement
from sources.models import Capture, Source
from tests.claims.conftest import As
from tests.factories import FARES, HARBOUR, LAMP, OFFICIAL, account, article, names, statement

pytestmark = pytest.mark.django_db

QUAY = {"name": "Bo Quay", "kind": "person", "naming": "named", "cue": "told", "link": "https://bo.example/"}


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def hop(statement: Statement, name: str) -> Hop:
    return statement.hops.standing().get(source__name=name)


def path(what: str, statement: Statement, name: str) -> str:
    return reverse(f"hop-{what}", args=[statement.pk, hop(statement, name).pk])


def test_a_reporter_adds_a_source_behind_the_origin(as_: As, ferry: Statement):
    data = QUAY | {"version": 1, "where": hop(ferry, "a port official").pk}
    answer = as_("reporter", htmx=True).post(reverse("hop-add", args=[ferry.pk]), data)
    assert answer.status_code == 200
    assert "Bo Quay" in soup(answer).select_one("#claim .hop-rows").get_text()
    assert names(ferry) == [["Evening Lamp", "a port official", "Bo Quay"]]
    made = hop(ferry, "Bo Quay")
    assert (made.cue, made.link, made.made_by.username) == ("told", QUAY["link"], "reporter")  # type: ignore[union-attr]
    ferry.refresh_from_db()
    assert ferry.version == 2


@pytest.mark.parametrize(
    ("where", "chains"),
    [
        ("reader", [["Bo Quay", "Evening Lamp", "a port official"]]),
        ("chain", [["Evening Lamp", "a port official"], ["Bo Quay"]]),
        ("beside-a port official", [["Evening Lamp", "a port official"], ["Evening Lamp", "Bo Quay"]]),
        ("beside-Evening Lamp", [["Evening Lamp", "a port official"], ["Bo Quay"]]),
    ],
)
def test_a_source_goes_where_it_is_put(as_: As, ferry: Statement, where: str, chains: list[list[str]]):
    if where.startswith("beside-"):
        where = f"beside-{hop(ferry, where.removeprefix('beside-')).pk}"
    data = QUAY | {"version": 1, "where": where}
    assert as_("reporter").post(reverse("hop-add", args=[ferry.pk]), data).status_code == 303
    assert names(ferry) == chains


def test_a_source_with_its_words_in_the_text(as_: As, ferry: Statement):
    at = HARBOUR.index("A spokesman")
    data = QUAY | {"version": 1, "where": "reader", "start": at, "end": at + 11}
    as_("reporter").post(reverse("hop-add", args=[ferry.pk]), data)
    made = hop(ferry, "Bo Quay")
    assert (made.start, made.end) == (at, at + 11)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": " “…” "}, "A source needs a name."),
        ({"name": "Bo\0"}, "Null characters are not allowed."),
        ({"name": "b" * 301}, "at most 300 characters"),
        ({"kind": "rumour"}, "not one of the available choices"),
        ({"naming": "whispered"}, "not one of the available choices"),
        ({"certainty": "sworn"}, "not one of the available choices"),
        ({"basis": "b" * 501}, "at most 500 characters"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"where": "nowhere"}, "not one of the available choices"),
        ({"start": 5, "end": 100_000}, "Those words are not in this text."),
    ],
)
def test_a_source_that_won_t_do_comes_back_as_it_was_typed(
    as_: As, ferry: Statement, wrong: dict[str, Any], told: str
):
    data = QUAY | {"version": 1, "where": "reader"} | wrong
    answer = as_("reporter", htmx=True).post(reverse("hop-add", args=[ferry.pk]), data)
    form = soup(answer).select_one("form.hop-form")
    assert answer.status_code == 422
    assert told in form.get_text()
    assert form.select_one('[name="name"]').get("value", "") == data["name"]
    assert form.select_one('[name="cue"]')["value"] == "told"
    assert len(names(ferry)[0]) == 2


def test_a_reporter_replaces_a_source(as_: As, ferry: Statement):
    answer = as_("reporter", htmx=True).post(path("amend", ferry, "a port official"), QUAY | {"version": 1})
    assert answer.status_code == 200
    assert names(ferry) == [["Evening Lamp", "Bo Quay"]]
    assert "Bo Quay" in soup(answer).select_one("#claim .hop-rows").get_text()


def test_an_edit_that_won_t_do_comes_back_at_its_hop(as_: As, ferry: Statement):
    official = hop(ferry, "a port official")
    data = QUAY | {"version": 1, "link": "nonsense", "cue": "whispered to"}
    answer = as_("reporter").post(path("amend", ferry, "a port official"), data)
    page = soup(answer)
    assert answer.status_code == 422
    form = page.select_one(f'[data-hop="{official.pk}"] form.hop-form')
    assert "Enter a valid URL." in form.get_text()
    assert form.select_one('[name="cue"]')["value"] == "whispered to"
    assert form.select_one('[name="link"]')["value"] == "nonsense"
    assert len(page.select("form.hop-form")) == 1


def test_a_reporter_takes_a_source_out(as_: As, ferry: Statement):
    answer = as_("reporter").post(path("remove", ferry, "Evening Lamp"), {"version": 1})
    assert answer.status_code == 303
    assert names(ferry) == [["a port official"]]


def test_a_reporter_moves_a_source(as_: As, ferry: Statement):
    as_("reporter").post(path("move", ferry, "a port official"), {"version": 1, "to": "reader"})
    assert names(ferry) == [["a port official", "Evening Lamp"]]
    as_("reporter").post(path("move", ferry, "a port official"), {"version": 2, "to": "origin"})
    assert names(ferry) == [["Evening Lamp", "a port official"]]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_move_that_makes_no_sense_is_told(as_: As, ferry: Statement, htmx: bool):
    answer = as_("reporter", htmx=htmx).post(
        path("move", ferry, "Evening Lamp"), {"version": 1, "to": "reader"}
    )
    assert answer.status_code == 422
    assert (
        "This source is nearest the reader already."
        in soup(answer).select_one('[role="alert"].error').get_text()
    )


@pytest.mark.parametrize("what", ["remove", "move"])
def test_a_button_without_a_version_does_nothing(as_: As, ferry: Statement, what: str):
    assert as_("reporter").post(path(what, ferry, "Evening Lamp"), {}).status_code == 422
    assert names(ferry) == [["Evening Lamp", "a port official"]]


def test_a_source_that_was_taken_out_already_is_told(as_: As, ferry: Statement):
    where = path("remove", ferry, "Evening Lamp")
    as_("reporter").post(where, {"version": 1})
    answer = as_("reporter").post(where, {"version": 2})
    assert answer.status_code == 422
    assert "This source was taken out of the chain." in answer.content.decode()


# What is said of a source

TOLD = {
    "certainty": "confirmed",
    "basis": "Was in the room.",
    "reason": "Fears for the job.",
    "interest": "Sits on the board.",
}
AN_OFFICIAL = {"name": "a port official", "kind": "person", "naming": "anonymous", "cue": "citing"}


def test_what_a_person_writes_down_of_a_source_is_kept_and_shown(as_: As, ferry: Statement):
    official = hop(ferry, "a port official")
    data = AN_OFFICIAL | TOLD | {"version": 1, "start": official.start, "end": official.end}
    data["basis"] = "  Was in \n the room. "
    answer = as_("reporter").post(path("amend", ferry, "a port official"), data)
    assert answer.status_code == 303
    official = hop(ferry, "a port official")
    assert {name: getattr(official, name) for name in TOLD} == TOLD
    page = as_("reader").get(reverse("statement", args=[ferry.capture.document_id, ferry.pk]))
    shown = soup(page).select_one(f'[data-hop="{official.pk}"]').get_text(" ", strip=True)
    for words in (
        "How they know Was in the room.",
        "Why unnamed Fears",
        "Their interest Sits",
        "vouched for",
    ):
        assert words in shown
    ferry.refresh_from_db()
    assert ferry.confidence == 0.85  # What is known of a source corrects no reading.


@pytest.mark.parametrize(
    ("field", "code", "why"),
    [
        ("basis", "NO_BASIS", "how “an insider” knows is written down now"),
        ("reason", "NO_REASON", "why “an insider” isn’t named is written down now"),
    ],
)
def test_what_a_rule_misses_is_answered_by_writing_it_down(as_: As, field: str, code: str, why: str):
    insider = ("an insider", "person", "anonymous", "said")
    mill = statement(
        article("The mill will close in spring, an insider said.\n\nNobody else did.", title="Mill"),
        "The mill will close in spring",
        [insider],
    )
    words = dict(zip(("name", "kind", "naming", "cue"), insider, strict=True))
    reporter, where = as_("reporter"), path("amend", mill, "an insider")
    assert mill.flags.get(code=code).state == "open"
    reporter.post(where, words | {"version": 1, field: TOLD[field]})
    flag = mill.flags.get(code=code)
    assert (flag.state, flag.reason) == ("closed", why)
    assert mill.flags.filter(state="open").exists()
    reporter.post(where, words | {"version": 2})
    assert mill.flags.get(code=code).state == "open"


def test_the_history_says_what_was_written_down(as_: As, ferry: Statement):
    as_("reporter").post(path("amend", ferry, "a port official"), AN_OFFICIAL | TOLD | {"version": 1})
    said = next(entry.what for entry in history.of_statement(ferry) if entry.who == "reporter")
    assert "wrote down how they know, of a port official: Was in the room." in said
    assert "graded the certainty of a port official: confirmed" in said


# Choosing by typing


def options(answer: Any) -> list[str]:
    return [option["data-name"] for option in soup(answer).select('[role="option"]')]


def test_typing_offers_known_sources_by_any_of_their_names(as_: As, ferry: Statement):
    wire = Source.objects.find_or_make("Coast Wire", "agency")
    wire.add_alias("CW News")
    where, reporter = reverse("source-options"), as_("reporter", htmx=True)
    assert options(reporter.get(where, {"name": "lamp"})) == ["Evening Lamp"]
    assert options(reporter.get(where, {"name": "ening"})) == ["Evening Lamp"]
    assert options(reporter.get(where, {"name": "cw"})) == ["Coast Wire"]
    assert options(reporter.get(where, {"name": "W"})) == ["Coast Wire"]
    assert options(reporter.get(where, {"name": "zeppelin"})) == []
    assert reporter.get(where, {"name": "a\0b"}).status_code == 200
    said = reporter.get(where, {"name": "cw news"}).content.decode()
    assert "agency · CW News · 0 claims" in said


@pytest.mark.parametrize("typed", ["evning", "Evennig", "lampp", "evening lmap", "évening"])
def test_typing_errors_are_put_up_with(as_: As, ferry: Statement, typed: str):
    Source.objects.find_or_make("Morning Bell", "outlet")
    found = options(as_("reporter").get(reverse("source-options"), {"name": typed}))
    assert found == ["Evening Lamp"]


def test_what_most_rests_on_is_offered_first(as_: As, capture: Capture):
    Source.objects.find_or_make("Early Lamp", "outlet")
    for text in ("The pier is closed.", "The quay is closed."):
        statement(article(text, title=text), text[:-1], [LAMP, OFFICIAL])
    answer = as_("reporter", htmx=True).get(reverse("source-options"), {"name": "lamp"})
    assert options(answer) == ["Evening Lamp", "Early Lamp"]
    assert "outlet · 2 claims" in answer.content.decode()


def test_an_unnamed_source_is_offered_in_its_own_article_alone(as_: As, ferry: Statement):
    other = statement(article("The pier is closed.", title="Pier"), "The pier is closed", [LAMP])
    where, reporter = reverse("source-options"), as_("reporter")
    assert options(reporter.get(f"{where}?name=official&statement={ferry.pk}")) == ["a port official"]
    assert options(reporter.get(f"{where}?name=official&statement={other.pk}")) == []
    assert options(reporter.get(where, {"name": "official"})) == []
    offered = soup(reporter.get(f"{where}?name=official&statement={ferry.pk}"))
    assert offered.select_one("[role=option]")["data-naming"] == "anonymous"


def test_before_a_letter_is_typed_the_article_s_own_sources_are_offered(as_: As, ferry: Statement):
    Source.objects.find_or_make("Coast Wire", "agency")
    answer = as_("reporter").get(f"{reverse('source-options')}?name=&statement={ferry.pk}")
    assert options(answer) == ["Evening Lamp", "a port official"]


@pytest.mark.parametrize("typed", ["guard", "g"])
def test_no_more_than_a_dozen_are_offered_by_the_same_few_queries(
    as_: As, typed: str, django_assert_num_queries: Any
):
    reporter = as_("reporter")
    for n in range(80):
        Source.objects.find_or_make(f"Guard {n}", "person")
    with django_assert_num_queries(7):
        assert len(options(reporter.get(reverse("source-options"), {"name": typed}))) == 12


def test_what_a_name_holds_is_no_markup(as_: As):
    Source.objects.find_or_make("<b>Bold</b> News", "outlet")
    answer = as_("reporter").get(reverse("source-options"), {"name": "bold"}).content.decode()
    assert "&lt;b&gt;Bold" in answer
    assert "<b>" not in answer


@pytest.mark.parametrize(("who", "status"), [("reader", 403), (None, 403), ("reporter", 200)])
def test_who_may_be_offered_sources(as_: As, who: str | None, status: int):
    assert as_(who).get(reverse("source-options"), {"name": "x"}).status_code == status


@pytest.mark.parametrize("asked", ["999999", "x", "-1", "9" * 30])
def test_options_for_a_claim_that_isn_t_there(as_: As, asked: str):
    assert as_("reporter").get(reverse("source-options"), {"statement": asked}).status_code == 404


def test_a_claim_without_a_source_gets_its_first(as_: As, capture: Capture):
    fares = statement(capture, FARES)
    fares.flags.get().decide("dismissed", account("editor"), "obvious")
    as_("reporter").post(reverse("hop-add", args=[fares.pk]), QUAY | {"version": 1, "where": "reader"})
    assert names(fares) == [["Bo Quay"]]
    assert fares.flags.get().state == "dismissed"
