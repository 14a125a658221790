"""The parts of the claim panel that are brought when they are unfolded."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.models import Statement
from tests.claims.conftest import As
from tests.factories import account

pytestmark = pytest.mark.django_db

BEGINNING = {"amend": "statement-amend", "flag": "flag-add", "note": "note-add"}


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def part_of(statement: Statement, part: str) -> str:
    return reverse("statement-part", args=[statement.pk, part])


@pytest.mark.parametrize("part", BEGINNING)
def test_a_part_comes_with_its_form_and_nothing_else(as_: As, ferry: Statement, part: str) -> None:
    page = soup(as_("reporter", htmx=True).get(part_of(ferry, part)))
    assert page.form["action"] == reverse(BEGINNING[part], args=[ferry.pk])
    assert page.form["data-draft"] == f"{part}-{ferry.pk}"
    assert page.html is None


@pytest.mark.parametrize("part", BEGINNING)
def test_without_scripts_it_is_the_page_with_the_part_unfolded(as_: As, ferry: Statement, part: str) -> None:
    answer = as_("reporter").get(part_of(ferry, part), follow=True)
    assert answer.redirect_chain[0][0].endswith(f"?open={part}#{part}-details")
    page = soup(answer)
    unfolded = page.select_one(f"#{part}-details")
    assert unfolded.has_attr("open")
    assert unfolded.select_one("form")["action"] == reverse(BEGINNING[part], args=[ferry.pk])
    assert not page.select_one(f"#claim [data-later*={part}]")


def test_a_folded_panel_has_none_of_the_forms(as_: As, ferry: Statement) -> None:
    page = soup(as_("reporter").get(ferry_page(ferry)))
    for part in BEGINNING:
        folded = page.select_one(f"#{part}-details")
        assert not folded.has_attr("open")
        assert folded.select_one("a")["href"] == part_of(ferry, part)
        assert not folded.select("form")


def ferry_page(statement: Statement) -> str:
    return reverse("statement", args=[statement.capture.document_id, statement.pk])


def test_there_are_no_other_parts_and_none_for_a_reader_or_of_a_hidden_article(
    as_: As, ferry: Statement
) -> None:
    assert as_("reporter").get(part_of(ferry, "chain")).status_code == 404
    assert as_("reader").get(part_of(ferry, "amend")).status_code == 403
    assert as_("reporter").post(part_of(ferry, "amend")).status_code == 405
    ferry.capture.document.withdraw(account("editor"))
    assert as_("reporter").get(part_of(ferry, "amend")).status_code == 404
