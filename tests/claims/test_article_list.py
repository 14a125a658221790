"""The list of articles."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.models import Reading
from claims.views import articles
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, account, article, statement

pytestmark = pytest.mark.django_db


def cards(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [c.get_text(" ", strip=True) for c in BeautifulSoup(answer.content, "html.parser").select(".card")]


def titles(answer: Any) -> list[str]:
    page = BeautifulSoup(answer.content, "html.parser")
    return [a.get_text() for a in page.select(".card-title")]


def test_the_newest_is_first_with_its_figures(as_: As):
    first = article("The pier is closed.", title="Pier")
    second = article(title="Ferry")
    statement(second, FERRY, [LAMP, OFFICIAL]).decide(account("editor"), "weak")
    fares = statement(second, FARES)
    fares.flags.get().decide("dismissed", account("editor", "e"), "fine")
    statement(second, "the timetable was not settled").discard(account("editor", "f"))
    Reading.objects.create(capture=first, progress="failed")
    Reading.objects.create(capture=first, progress="waiting")
    newest, oldest = cards(as_("reader").get(reverse("article-list")))
    assert newest.startswith("Ferry Island Post")
    assert newest.endswith("2 claims 1 reviewed 1 flagged")
    assert oldest.endswith("waiting")


def test_the_figures_are_those_of_the_latest_capture(as_: As):
    statement(article(url="https://post.example/"), FERRY, [LAMP])
    article("The ferry runs again.", url="https://post.example/")
    assert cards(as_("reader").get(reverse("article-list")))[0].endswith("0 claims 0 reviewed")


@pytest.mark.parametrize(
    ("words", "found"), [("pier", ["Pier shut"]), ("harbour", ["Pier shut"]), ("x\0y", []), ("%", [])]
)
def test_words_of_title_or_publisher(as_: As, words: str, found: list[str]):
    article("The pier is closed.", title="Pier shut", publisher="Harbour Times")
    article(title="Ferry", publisher="Island Post")
    answer = as_("reader").get(reverse("article-list"), {"q": words})
    assert titles(answer) == found
    assert ("Show all" in answer.content.decode()) == (not found)


def test_an_empty_desk_offers_to_take_in_the_first_one(as_: As):
    path = reverse("article-list")
    assert "Take in the first one" in as_("reporter").get(path).content.decode()
    assert "Take in" not in as_("reader").get(path).content.decode()


def test_it_has_pages(as_: As, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(articles, "A_PAGE", 2)
    for n in range(5):
        article(f"Text {n}.", title=f"Title {n}")
    reader, path = as_("reader"), reverse("article-list")
    assert titles(reader.get(path)) == ["Title 4", "Title 3"]
    assert titles(reader.get(path, {"page": 3})) == ["Title 0"]
    # A page that there isn't is the nearest that there is.
    assert titles(reader.get(path, {"page": 99})) == ["Title 0"]
    assert titles(reader.get(path, {"page": "x"})) == ["Title 4", "Title 3"]


def test_questions_don_t_grow_with_the_articles(as_: As, django_assert_max_num_queries: Any):
    def add(numbers: range) -> None:
        for n in numbers:
            made = article(f"The pier {n} is closed.", title=f"Pier {n}", publisher=f"Post {n}")
            statement(made, f"The pier {n} is closed")
            Reading.objects.create(capture=made, progress="done")

    reader, path = as_("reader"), reverse("article-list")
    add(range(2))
    with django_assert_max_num_queries(100) as few:
        reader.get(path)
    add(range(2, 20))
    with django_assert_max_num_queries(len(few)):
        reader.get(path)
    assert len(few) < 12
