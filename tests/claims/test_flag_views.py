"""Flags on the page: raise one by hand, confirm, dismiss, open again."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from claims.flags import CODES
from claims.models import Statement
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, LAMP, statement

pytestmark = pytest.mark.django_db

ODD = {"code": "OTHER", "why": "It reads oddly.", "severity": "info"}


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def test_a_reporter_raises_a_flag(as_: As, ferry: Statement):
    answer = as_("reporter", htmx=True).post(reverse("flag-add", args=[ferry.pk]), ODD)
    assert answer.status_code == 200
    assert "It reads oddly." in soup(answer).get_text()
    flag = ferry.flags.get(code="OTHER")
    assert (flag.why, flag.severity, str(flag.raised_by), flag.hop) == (
        "It reads oddly.",
        "info",
        "reporter",
        None,
    )


def test_a_flag_on_one_of_the_sources(as_: As, ferry: Statement):
    lamp = ferry.hops.get(source__name="Evening Lamp")
    answer = as_("reporter").post(reverse("flag-add", args=[ferry.pk]), ODD | {"hop": lamp.pk})
    assert answer.status_code == 303
    assert ferry.flags.get(code="OTHER").hop == lamp
    page = as_("reader").get(answer["Location"])
    assert "On Evening Lamp" in page.content.decode()


def test_every_code_can_be_raised(as_: As, capture: Capture):
    fares = statement(capture, FARES, [LAMP])
    reporter = as_("reporter", htmx=True)
    offered = soup(reporter.get(reverse("statement-part", args=[fares.pk, "flag"])))
    assert {o["value"] for o in offered.select('select[name="code"] option')} == CODES.keys()
    there = set(fares.flags.values_list("code", flat=True))
    plain = as_("reporter")
    for code in CODES.keys() - there:
        assert plain.post(reverse("flag-add", args=[fares.pk]), ODD | {"code": code}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"why": " "}, "This field is required."),
        ({"code": "GOSSIP"}, "not one of the available choices"),
        ({"code": "SINGLE_ANON"}, "stands on this already"),
        ({"severity": "dire"}, "not one of the available choices"),
    ],
)
def test_a_flag_that_won_t_do_comes_back(as_: As, ferry: Statement, wrong: dict[str, str], told: str):
    answer = as_("reporter", htmx=True).post(reverse("flag-add", args=[ferry.pk]), ODD | wrong)
    page = soup(answer)
    assert answer.status_code == 422
    assert told in page.get_text()
    assert page.select_one('textarea[name="why"]').get_text().strip() == (ODD | wrong)["why"].strip()
    assert not ferry.flags.filter(raised_by__isnull=False).exists()


def test_a_source_of_another_claim_can_t_be_flagged_here(as_: As, ferry: Statement, capture: Capture):
    other = statement(capture, FARES, [LAMP]).hops.get()
    answer = as_("reporter").post(reverse("flag-add", args=[ferry.pk]), ODD | {"hop": other.pk})
    assert answer.status_code == 422
    assert not ferry.flags.filter(code="OTHER").exists()


def test_an_editor_confirms_dismisses_and_opens_again(as_: As, ferry: Statement):
    flag, editor = ferry.flags.get(code="SINGLE_ANON"), as_("editor", htmx=True)

    def state() -> str:
        flag.refresh_from_db()
        return flag.state

    answer = editor.post(reverse("flag-confirm", args=[flag.pk]))
    assert answer.status_code == 200
    assert "confirmed by editor" in soup(answer).get_text()
    assert state() == "confirmed"
    editor.post(reverse("flag-reopen", args=[flag.pk]))
    assert state() == "open"
    editor.post(reverse("flag-dismiss", args=[flag.pk]), {"reason": "We know who it is."})
    assert (state(), flag.reason, str(flag.decided_by)) == ("dismissed", "We know who it is.", "editor")
    assert as_("editor").post(reverse("flag-reopen", args=[flag.pk])).status_code == 303
    assert (state(), flag.reason) == ("open", "")


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("reason", ["", "   ", "r" * 2001])
def test_a_dismissal_without_a_proper_reason_comes_back(as_: As, ferry: Statement, reason: str, htmx: bool):
    flag = ferry.flags.get(code="SINGLE_ANON")
    answer = as_("editor", htmx=htmx).post(reverse("flag-dismiss", args=[flag.pk]), {"reason": reason})
    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(".flag details").has_attr("open")
    assert page.select_one('.flag [role="alert"]')
    assert page.select_one('.flag [name="reason"]').get("value", "").strip() == reason.strip()
    flag.refresh_from_db()
    assert flag.state == "open"
