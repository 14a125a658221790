"""The page of a claim: its statements in several articles, their chains side by side."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse

from claims.chains import describe
from claims.models import Claim, Statement
from tests.claims.conftest import As
from tests.factories import FERRY, LAMP, OFFICIAL, account, article, statement

pytestmark = pytest.mark.django_db

OTHER_TEXT = "No ferry in January, says the Port Authority."
AUTHORITY = ("Port Authority", "organisation", "named", "says")


@pytest.fixture
def joined() -> Claim:
    one = statement(article(), FERRY, [LAMP, OFFICIAL])
    other = article(OTHER_TEXT, title="No ferry", publisher="Harbour Times")
    two = statement(other, "No ferry in January", [AUTHORITY])
    return Claim.objects.join([one, two], "The ferry will not run", account("editor", "joiner"))


def page_of(claim: Claim, client: Any) -> Any:
    answer = client.get(reverse("claim", args=[claim.pk]))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_the_lines_stand_side_by_side(as_: As, joined: Claim):
    page = page_of(joined, as_("reader"))
    columns = [column.get_text(" ", strip=True) for column in page.select(".column")]
    assert page.h1.get_text() == "The ferry will not run"
    assert "Island Post" in columns[0]
    assert "a port official" in columns[0]
    assert "Harbour Times" in columns[1]
    assert describe(joined.statements.order_by("pk")[1].chains()) in columns[1]
    assert page.select_one(".tally").get_text(" ", strip=True) == (
        "2 articles carry it 2 origins 2 hops in the longest chain"
    )
    assert not page.select("main form")


def test_what_is_deleted_or_withdrawn_is_left_out(as_: As, joined: Claim):
    one, two = joined.statements.order_by("pk")
    one.discard(account("reporter"))
    assert len(page_of(joined, as_("reader")).select(".column")) == 1
    two.capture.document.withdraw(account("editor"))
    assert as_("reader").get(reverse("claim", args=[joined.pk])).status_code == 404
    assert len(page_of(joined, as_("editor")).select(".column")) == 1


def test_an_editor_rewords_it(as_: As, joined: Claim):
    path = reverse("claim-wording", args=[joined.pk])
    answer = as_("editor").post(path, {"wording": " No ferry\nin January ", "version": 1})
    assert (answer.status_code, answer["Location"]) == (303, reverse("claim", args=[joined.pk]))
    joined.refresh_from_db()
    assert joined.wording == "No ferry in January"


@pytest.mark.parametrize("wording", ["", "  ", "no\0ne", "w" * 20_001])
def test_a_wording_that_won_t_do_changes_nothing(as_: As, joined: Claim, wording: str):
    path = reverse("claim-wording", args=[joined.pk])
    answer = as_("editor").post(path, {"wording": wording, "version": 1})
    assert answer.status_code == 422
    joined.refresh_from_db()
    assert joined.wording == "The ferry will not run"
    assert BeautifulSoup(answer.content, "html.parser").select_one("form .error")


def test_the_second_who_rewords_it_sees_both_and_can_save_theirs_on_top(as_: As, joined: Claim):
    path = reverse("claim-wording", args=[joined.pk])
    assert as_("editor").post(path, {"wording": "No ferry in January", "version": 1}).status_code == 303
    answer = as_("admin").post(path, {"wording": "The boat stays", "version": 1})
    assert answer.status_code == 409
    page = BeautifulSoup(answer.content, "html.parser")
    now, mine = [cell.get_text() for cell in page.select("table.versions tbody td")]
    assert (now, mine) == ("No ferry in January", "The boat stays")
    joined.refresh_from_db()
    assert joined.wording == "No ferry in January"
    [box], [version] = page.select("[name=wording]"), page.select(".edit > form [name=version]")
    again = {"wording": box.get_text().strip(), "version": version["value"]}
    assert as_("admin").post(path, again).status_code == 303
    joined.refresh_from_db()
    assert (joined.wording, joined.version) == ("The boat stays", 3)


def test_a_claim_of_one_article_twice(as_: As):
    capture = article()
    two = [statement(capture, FERRY, [LAMP]), statement(capture, "The fares will double next year")]
    claim = Claim.objects.join(two, "Both", account("editor"))
    page = page_of(claim, as_("reader"))
    assert page.select_one(".tally").get_text(" ", strip=True) == (
        "1 article carries it 1 origin 1 hop in the longest chain"
    )
    assert "Nobody named" in page.get_text()


def test_questions_don_t_grow_with_the_statements(as_: As, joined: Claim, django_assert_max_num_queries: Any):
    reader, path = as_("editor"), reverse("claim", args=[joined.pk])
    with django_assert_max_num_queries(100) as few:
        reader.get(path)
    for n in range(10):
        made = statement(
            article(f"Pier {n} is closed.", title=f"P{n}", publisher=f"Post {n}"), f"Pier {n}", [LAMP]
        )
        Statement.objects.filter(pk=made.pk).update(claim=joined)
    with django_assert_max_num_queries(len(few)):
        reader.get(path)
    assert User.objects.count()


def test_a_wording_taken_from_a_hidden_claim_is_not_shown(as_: As):
    editor = account("editor")
    hidden = statement(article("Quiet, a guard said.\n", title="Secret"), "Quiet", [OFFICIAL])
    open_one = article("It was all quiet, a pilot said.", title="Open")
    shown = statement(open_one, "It was all quiet", [OFFICIAL])
    claim = Claim.objects.join([hidden, shown], "", editor)
    assert claim.wording == "Quiet"
    hidden.capture.document.withdraw(editor)
    for path in (
        reverse("claim", args=[claim.pk]),
        reverse("statement", args=[shown.capture.document_id, shown.pk]),
    ):
        page: Any = BeautifulSoup(as_("reader").get(path).content, "html.parser")
        assert "Quiet" not in page.get_text()
        assert "It was all quiet" in page.get_text()
