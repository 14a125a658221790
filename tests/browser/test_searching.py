"""The search box: the key that leads to it, and the way from there to a claim."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from claims.models import Word
from tests import factories
from tests.browser.desk import address, enter, panel, path
from tests.factories import FERRY, LAMP, OFFICIAL


def test_the_key_leads_to_the_box_and_the_box_to_a_claim(page: Page, server) -> None:
    ferry = factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])
    Word.objects.renew()
    enter(page.context, server.url, "reporter")
    page.goto(address(ferry))
    box = page.get_by_role("searchbox", name="Search")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    # In a field it is a letter like any other.
    page.keyboard.type("ferrry/")
    expect(box).to_have_value("ferrry/")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator("#corrected")).to_contain_text("Searched for ferry instead of ferrry")
    assert path(page) == "/search/"
    page.get_by_role("link", name=FERRY).click()
    expect(panel(page).locator(".wording")).to_have_text(FERRY)


def test_the_key_is_left_alone_while_typing(page: Page, server) -> None:
    ferry = factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])
    enter(page.context, server.url, "reporter")
    page.goto(address(ferry))
    note = page.locator("#note-details textarea")
    if not note.is_visible():
        page.locator("#note-details > summary").click()
    note.fill("one")
    note.press("End")
    page.keyboard.press("/")
    page.keyboard.press("Control+/")
    expect(note).to_have_value("one/")
    expect(note).to_be_focused()
