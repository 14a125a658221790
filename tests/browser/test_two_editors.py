"""Two editors at the same claim: the second is told, sees both, and loses nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, enter, panel
from tests.factories import FERRY, LAMP, OFFICIAL


@pytest.fixture
def ferry(server) -> Statement:
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def both(page: Page, another_page, server, ferry, faults) -> tuple[Page, Page]:
    """Two browsers on the claim, with Ada and Ben."""
    other = another_page()
    for each, name in ((page, "Ada"), (other, "Ben")):
        enter(each.context, server.url, "editor", name)
        each.goto(address(ferry))
    return page, other


def ignore_conflict(faults: list[str]) -> None:
    """Chromium itself puts the 409 on the console."""
    assert faults
    assert all("409" in fault for fault in faults), faults
    faults.clear()


def decide(page: Page, decision: str, reason: str | None = None) -> None:
    if reason is not None:
        page.get_by_label("Reason").fill(reason)
    panel(page).get_by_role("button", name=decision, exact=True).click()


def test_a_second_verdict_is_stopped_shown_beside_the_first_and_can_go_on_top(both, ferry, faults) -> None:
    ada, ben = both
    # What is being typed keeps the panel as it was.
    ben.get_by_label("Reason").fill("Nobody else has it.")
    decide(ada, "Accept", "I rang the port.")
    expect(panel(ben).locator(".news")).to_contain_text("Ada changed this claim.")
    decide(ben, "Reject")
    conflict = panel(ben).locator(".conflict")
    expect(conflict).to_contain_text("Ada accepted it: I rang the port.")
    expect(conflict).to_contain_text("Nobody else has it.")
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Accepted by Ada")
    assert ferry.verdicts.count() == 1
    ignore_conflict(faults)
    conflict.get_by_role("button", name="Save mine on top").click()
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Rejected by Ben")
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Nobody else has it.")
    assert [v.decision for v in ferry.verdicts.order_by("pk")] == ["accepted", "rejected"]


def test_theirs_can_be_kept(both, ferry, faults) -> None:
    ada, ben = both
    ben.get_by_label("Reason").fill("One origin.")
    decide(ada, "Accept", "")
    expect(panel(ada).locator(".verdict .meta")).to_contain_text("Accepted by Ada")
    decide(ben, "Weak")
    panel(ben).get_by_role("link", name="Keep theirs").click()
    expect(panel(ben).locator(".conflict")).to_have_count(0)
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Accepted by Ada")
    ignore_conflict(faults)
    assert ferry.verdicts.count() == 1


def test_a_wording_typed_over_a_changed_chain_is_kept_and_can_be_saved(both, ferry, faults) -> None:
    ada, ben = both
    panel(ben).get_by_text("Edit claim").click()
    ben.get_by_role("textbox", name="Claim", exact=True).fill("No ferry in January")
    panel(ada).get_by_role("link", name="Edit a port official").click()
    panel(ada).get_by_label("Source", exact=True).fill("an official of the port")
    panel(ada).get_by_role("button", name="Save source").click()
    expect(panel(ada).locator(".hop-rows")).to_contain_text("an official of the port")
    ben.get_by_role("button", name="Save claim").click()
    conflict = panel(ben).locator(".conflict")
    expect(conflict).to_contain_text("Ada replaced a port official by an official of the port")
    expect(conflict).to_contain_text("No ferry in January")
    ignore_conflict(faults)
    conflict.get_by_role("button", name="Save mine on top").click()
    expect(panel(ben).locator(".wording")).to_have_text("No ferry in January")
    expect(panel(ben).locator(".chain")).to_contain_text("an official of the port")


def test_a_note_of_the_second_needs_no_leave_of_the_first(both, ferry) -> None:
    ada, ben = both
    decide(ada, "Accept", "")
    expect(panel(ada).locator(".verdict .meta")).to_contain_text("Accepted by Ada")
    note = panel(ben).locator("#note-details")
    note.locator("summary").click()
    note.get_by_label("Note", exact=True).fill("Ask again.")
    note.get_by_role("button", name="Add note").click()
    expect(panel(ben).locator(".note .body")).to_have_text("Ask again.")
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Accepted by Ada")
