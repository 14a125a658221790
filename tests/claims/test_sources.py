"""Sources: the list, and the page of one with what rests on it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from claims.models import Statement
from sources.models import Capture, Source
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, account, article, statement

pytestmark = pytest.mark.django_db


def listed(client: Client, **asked: Any) -> list[tuple[str, str]]:
    """The sources by name, with how many claims rest on each."""
    answer = client.get(reverse("source-list"), asked)
    assert answer.status_code == 200
    cards = BeautifulSoup(answer.content, "html.parser").select(".card")
    return [(c.select_one(".card-title").get_text(), c.select_one("b").get_text()) for c in cards]  # type: ignore[union-attr]


@pytest.fixture
def lamp(ferry: Statement, capture: Capture) -> Source:
    """The Evening Lamp, also known as EL; two claims rest on it."""
    statement(capture, FARES, [LAMP])
    lamp = Source.objects.get(name="Evening Lamp")
    lamp.add_alias("EL")
    return lamp


def test_what_most_rests_on_is_first(as_: As, lamp: Source):
    assert listed(as_("reader")) == [("Evening Lamp", "2"), ("“a port official”", "1"), ("Island Post", "0")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "lamp"}, ["Evening Lamp"]),
        ({"q": "The EL"}, ["Evening Lamp"]),
        ({"q": "official"}, ["“a port official”"]),
        ({"q": "x\0"}, []),
        ({"kind": "person"}, ["“a port official”"]),
        ({"kind": "person", "q": "lamp"}, []),
        ({"kind": "rumour"}, ["Evening Lamp", "“a port official”", "Island Post"]),
    ],
)
def test_filters(as_: As, lamp: Source, asked: dict[str, str], found: list[str]):
    assert [name for name, _ in listed(as_("reader"), **asked)] == found


def test_nothing_rests_through_what_was_removed_deleted_or_withdrawn(
    as_: As, lamp: Source, ferry: Statement, capture: Capture
):
    editor = as_("editor")
    ferry.hops.get(source=lamp).mark_removed()
    assert dict(listed(editor))["Evening Lamp"] == "1"
    Statement.objects.get(exact=FARES).discard(account("reporter"))
    assert dict(listed(editor))["Evening Lamp"] == "0"
    capture.document.withdraw(account("editor", "w"))
    # The unnamed source of a withdrawn article is hidden with it.
    assert "“a port official”" not in dict(listed(as_("reader")))


def test_a_source_with_its_aliases_and_the_claims_that_rest_on_it(as_: As, lamp: Source):
    page: Any = BeautifulSoup(as_("reader").get(reverse("source", args=[lamp.pk])).content, "html.parser")
    text = page.main.get_text(" ", strip=True)
    assert "Also known as EL" in text
    assert "2 claims rest on it" in text
    assert [a.get_text() for a in page.select(".card-title")] == [FARES, FERRY]
    assert not page.select("main form")


def test_an_unnamed_source_says_which_article_it_is_of(as_: As, ferry: Statement):
    official = Source.objects.get(name="a port official")
    page: Any = BeautifulSoup(as_("reader").get(reverse("source", args=[official.pk])).content, "html.parser")
    assert "unnamed, in “Ferry to stop in winter”" in page.main.get_text(" ", strip=True)


def test_what_a_source_published(as_: As, capture: Capture):
    assert capture.document.publisher
    path = reverse("source", args=[capture.document.publisher.pk])
    assert "Published by it" in as_("reader").get(path).content.decode()
    capture.document.withdraw(account("editor"))
    assert "Published by it" not in as_("reader").get(path).content.decode()


def test_a_reporter_corrects_a_source(as_: As, lamp: Source):
    path = reverse("source-amend", args=[lamp.pk])
    answer = as_("reporter").post(path, {"name": " The Lamp ", "kind": "agency", "alias": "Skerry Lamp"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("source", args=[lamp.pk]))
    lamp.refresh_from_db()
    assert (lamp.name, lamp.kind) == ("The Lamp", "agency")
    assert {alias.name for alias in lamp.aliases.all()} == {"Evening Lamp", "EL", "The Lamp", "Skerry Lamp"}


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "…"}, "name", "An alias needs a name."),
        ({"name": "Island Post"}, "name", "“Island Post” is already a name of Island Post."),
        (
            {"name": "Island Post", "alias": "Lamplight"},
            "name",
            "“Island Post” is already a name of Island Post.",
        ),
        ({"alias": "the island post"}, "alias", "“Island Post” is already a name of Island Post."),
        ({"alias": "…"}, "alias", "An alias needs a name."),
        ({"kind": "rumour"}, "kind", "not one of the available choices"),
        ({"alias": "a" * 301}, "alias", "at most 300 characters"),
    ],
)
def test_a_correction_that_won_t_do_comes_back(
    as_: As, lamp: Source, wrong: dict[str, str], field: str, told: str
):
    data = {"name": "Evening Lamp", "kind": "outlet", "alias": ""} | wrong
    answer = as_("reporter").post(reverse("source-amend", args=[lamp.pk]), data)
    page: Any = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert told in page.select_one(f".field-{field}").get_text()
    assert page.select_one('[name="name"]').get("value", "") == data["name"]
    assert page.select_one('[name="alias"]').get("value", "") == data["alias"]
    # What is written above the form is still the source as it is.
    assert page.h1.get_text() == "Evening Lamp"
    lamp.refresh_from_db()
    assert (lamp.name, lamp.aliases.count()) == ("Evening Lamp", 2)


def test_questions_don_t_grow_with_the_sources(as_: As, django_assert_max_num_queries: Any):
    def add(numbers: range) -> None:
        for n in numbers:
            made = article(f"The pier {n} is closed.", title=f"Pier {n}")
            statement(made, f"The pier {n} is closed", [LAMP, (f"guard {n}", "person", "anonymous")])

    add(range(2))
    reader = as_("reader")
    paths = [reverse("source-list"), reverse("source", args=[Source.objects.get(name="Evening Lamp").pk])]
    few = []
    for path in paths:
        with django_assert_max_num_queries(20) as asked:
            reader.get(path)
        few.append(len(asked))
    add(range(2, 15))
    for path, most in zip(paths, few, strict=True):
        with django_assert_max_num_queries(most):
            reader.get(path)


def test_the_second_of_two_corrections_is_told(as_: As, lamp: Source):
    reporter = as_("reporter")
    address = reverse("source-amend", args=[lamp.pk])
    seen = reporter.get(reverse("source", args=[lamp.pk])).context["form"].initial["seen"]
    first = reporter.post(address, {"name": "The Lamp", "kind": "outlet", "seen": seen})
    assert first.status_code == 303
    second = reporter.post(address, {"name": "Lamp of the Evening", "kind": "outlet", "seen": seen})
    assert second.status_code == 422
    assert "changed this source to The Lamp (outlet)" in second.content.decode()
    assert "Lamp of the Evening" in second.content.decode()
    lamp.refresh_from_db()
    assert lamp.name == "The Lamp"
    again = second.context["form"].data["seen"]
    assert (
        reporter.post(address, {"name": "Lamp of the Evening", "kind": "outlet", "seen": again}).status_code
        == 303
    )
