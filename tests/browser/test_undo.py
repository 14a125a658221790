"""Undo by its key and its button, and from the history: the panel says what was taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, enter, panel
from tests.factories import FARES, FERRY, LAMP, OFFICIAL


@pytest.fixture
def ferry(server) -> Statement:
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


def test_the_key_takes_back_and_the_history_does_again(page: Page, server, ferry) -> None:
    enter(page.context, server.url, "editor")
    page.goto(address(ferry))
    undo = page.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_have_count(0)
    page.keyboard.press("w")
    expect(undo).to_have_attribute("title", "Undo: Weak")
    page.keyboard.press("u")
    expect(panel(page).locator(".state")).to_have_text("Unreviewed")
    expect(page.locator("#live")).to_contain_text("Took back: called it weak")
    expect(page.locator("mark.chosen")).to_have_attribute("data-state", "unreviewed")
    expect(undo).to_have_count(0)
    panel(page).get_by_text("History", exact=True).click()
    entry = panel(page).locator(".history li").first
    expect(entry).to_contain_text("editor took back: called it weak")
    entry.get_by_role("button", name="Redo").click()
    expect(panel(page).locator(".state")).to_have_text("Weak")
    expect(panel(page).locator(".history li").first).to_contain_text("editor did again: called it weak")
    # Where other words are marked in the text the page comes anew.
    factories.statement(ferry.capture, FARES)
    page.reload()
    panel(page).get_by_text("Edit claim").click()
    page.get_by_role("button", name="Delete claim").click()
    expect(page.locator("mark")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator("mark.chosen")).to_have_text(FERRY)
    expect(page.locator(".messages")).to_contain_text("Took back: deleted this claim")
