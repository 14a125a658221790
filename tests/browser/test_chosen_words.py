"""The bar for chosen words: used by the keyboard alone, and right behind emoji and right-to-left text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, choose_words, enter, panel
from tests.factories import LAMP, OFFICIAL, names

# Astral characters, a joined family, a letter with two combining marks, Hebrew and Arabic before the words.
HARD = (
    "👩‍👩‍👧 🛥️ q̣̇ Notes\n\n"
    "דובר הנמל אמר כי המעבורת תושבת. قال المتحدث إن العبّارة لن تبحر. The ferry 🚢 will stop and "
    "the quay 🏗️ will close, a pilot said.\n\nThe fares rise in June."
)
BOTH = "The ferry 🚢 will stop and the quay 🏗️ will close"


@pytest.fixture
def both(server) -> Statement:
    """A claim of two things, behind all that."""
    return factories.statement(factories.article(HARD, title="Hard"), BOTH, [LAMP, OFFICIAL])


@pytest.fixture
def reporter(page: Page, server, both) -> Page:
    enter(page.context, server.url, "reporter")
    page.goto(address(both))
    return page


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Chosen words")


def test_a_claim_is_split_where_words_of_it_are_chosen(reporter: Page, both) -> None:
    choose_words(reporter, HARD, "the quay 🏗️ will close")
    bar(reporter).get_by_role("button", name="Split here").click()
    parts = panel(reporter).locator(".parts blockquote")
    expect(parts).to_have_text(["The ferry 🚢 will stop and", "the quay 🏗️ will close"])
    expect(panel(reporter).get_by_role("button", name="Split claim")).to_be_focused()
    reporter.keyboard.press("Enter")
    expect(reporter.locator("#text mark")).to_have_text(
        ["The ferry 🚢 will stop and", "the quay 🏗️ will close"]
    )
    made = Statement.objects.get(split_from=both)
    assert HARD[made.start : made.end] == "the quay 🏗️ will close"
    assert names(made) == [["Evening Lamp", "a port official"]]


def test_the_bar_is_reached_and_left_by_the_keyboard(reporter: Page, both) -> None:
    keys = reporter.keyboard
    mark = reporter.locator(f"#mark-{both.pk}")
    mark.focus()
    # Its words from the end on: twelve letters less.
    keys.press("Shift+ArrowRight")
    expect(bar(reporter)).to_be_visible()
    expect(bar(reporter).get_by_role("button", name="Split here")).to_be_hidden()
    for _ in range(len(" will close")):
        keys.press("Shift+ArrowLeft")
    assert reporter.evaluate("getSelection().toString()") == "The ferry 🚢 will stop and the quay 🏗️"
    keys.press("Tab")
    expect(bar(reporter).get_by_role("button", name="New claim")).to_be_focused()
    keys.press("Escape")
    expect(bar(reporter)).to_be_hidden()
    expect(mark).to_be_focused()
    assert reporter.evaluate("getSelection().isCollapsed")
    # And its words from the beginning on.
    keys.press("Shift+ArrowLeft")
    for _ in range(len("The ferry ")):
        keys.press("Shift+ArrowRight")
    keys.press("Tab")
    bar(reporter).get_by_role("button", name="Extend or trim").focus()
    keys.press("Enter")
    wording = reporter.get_by_role("textbox", name="Claim", exact=True)
    expect(wording).to_be_focused()
    expect(wording).to_have_value("🚢 will stop and the quay 🏗️ will close")
    reporter.get_by_role("button", name="Save claim").click()
    expect(reporter.locator("mark.chosen")).to_have_text("🚢 will stop and the quay 🏗️ will close")
    both.refresh_from_db()
    assert HARD[both.start : both.end] == "🚢 will stop and the quay 🏗️ will close"
