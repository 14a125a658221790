"""The desk in the browser: rows by the keyboard, several at once, and back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, enter
from tests.factories import FERRY, LAMP, OFFICIAL, TIMETABLE


def test_rows_by_the_keyboard_and_several_decided_at_once(page: Page, server) -> None:
    capture = factories.article()
    ferry = factories.statement(capture, FERRY, [LAMP, OFFICIAL])
    factories.statement(capture, TIMETABLE)
    enter(page.context, server.url, "editor")
    page.goto("/desk/?show=claims")
    expect(page.get_by_role("group", name="With those that are chosen")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=FERRY, exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.get_by_label(f"Choose: {TIMETABLE}").check()
    page.get_by_label("Reason").fill("One origin.")
    page.get_by_role("button", name="Weak").click()
    notice = page.locator("#did")
    expect(notice).to_contain_text("2 claims marked “weak”.")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    assert set(Statement.objects.values_list("state", flat=True)) == {"weak"}
    notice.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert set(Statement.objects.values_list("state", flat=True)) == {"unreviewed"}
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(ferry)}*")
