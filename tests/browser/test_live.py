"""Two browsers on one article: what one does shows in the other, and takes nothing from who is at it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Page, expect

from claims.models import Presence, Statement
from tests import factories
from tests.browser.desk import address, enter, panel
from tests.factories import FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE
from tests.server import wait_until


@pytest.fixture
def ferry(server) -> Statement:
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def timetable(ferry) -> Statement:
    return factories.statement(ferry.capture, TIMETABLE, [SPOKESMAN])


@pytest.fixture
def both(page: Page, another_page, server, ferry, timetable) -> tuple[Page, Page]:
    """Two browsers on the claim, with Ada and Ben, who see each other."""
    other = another_page()
    for each, name in ((page, "Ada"), (other, "Ben")):
        enter(each.context, server.url, "editor", name)
        each.goto(address(ferry))
    expect(page.locator("#here")).to_contain_text("Ben · this claim")
    expect(other.locator("#here")).to_contain_text("Ada · this claim")
    return page, other


def press(page: Page, decision: str) -> None:
    panel(page).get_by_role("button", name=decision, exact=True).click()


def fold(page: Page, selector: str) -> None:
    panel(page).locator(f"{selector} > summary").click()


def test_a_verdict_shows_at_once_in_the_other_browser_s_panel_text_and_tally(both, ferry) -> None:
    ada, ben = both
    panel(ben).locator(".history > summary").click()
    press(ada, "Weak")
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Weak by Ada")
    expect(ben.locator(f"#mark-{ferry.pk}")).to_have_attribute("data-state", "weak")
    expect(ben.locator("#tally")).to_contain_text("1 / 2")
    expect(ben.locator("#live")).to_contain_text("Ada changed this claim.")
    # What was unfolded is, and the one who did it isn't told.
    expect(panel(ben).locator(".history")).to_have_attribute("open", "")
    expect(ada.locator("#live")).not_to_contain_text("changed this claim")
    expect(ada.locator(".news")).to_have_count(0)


def test_another_claim_s_mark_follows_and_who_goes_there_is_seen(both, ferry, timetable) -> None:
    ada, ben = both
    ada.locator(f"#mark-{timetable.pk}").click()
    expect(ben.locator("#here")).to_contain_text("Ada · claim 2")
    press(ada, "Accept")
    expect(ben.locator(f"#mark-{timetable.pk}")).to_have_attribute("data-state", "accepted")
    expect(panel(ben).locator(".wording")).to_have_text(FERRY)
    ada.close()
    expect(ben.locator("#here")).to_be_hidden()


def test_a_half_written_note_is_never_overwritten(both, ferry) -> None:
    ada, ben = both
    fold(ben, "#note-details")
    note = panel(ben).get_by_label("Note", exact=True)
    note.press_sequentially("Half a th")
    press(ada, "Weak")
    news = panel(ben).locator(".news")
    expect(news).to_contain_text("Ada changed this claim.")
    note.press_sequentially("ought")
    expect(note).to_have_value("Half a thought")
    expect(note).to_be_focused()
    expect(panel(ben).locator(".verdict .meta")).to_have_count(0)
    news.get_by_role("button", name="See it").click()
    expect(panel(ben).locator(".verdict .meta")).to_contain_text("Weak by Ada")
    expect(panel(ben).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    expect(news).to_have_count(0)


def test_words_typed_over_words_that_changed_are_kept_beside_them(both, ferry) -> None:
    ada, ben = both
    fold(ben, "#amend-details")
    wording = panel(ben).locator("#amend-details [name=wording]")
    wording.fill("No ferry in Jan")
    Statement.objects.get(pk=ferry.pk).amend(
        factories.account("editor", "Cleo"), "No boat at all", ferry.start, ferry.end
    )
    panel(ben).locator(".news").get_by_role("button", name="See it").click()
    expect(wording).to_have_value("No boat at all")
    kept = panel(ben).locator(".typed-before")
    expect(kept).to_contain_text("No ferry in Jan")
    kept.get_by_role("button", name="Put mine back").click()
    expect(wording).to_have_value("No ferry in Jan")
    panel(ben).get_by_role("button", name="Save claim").click()
    expect(panel(ben).locator(".wording")).to_have_text("No ferry in Jan")
    expect(panel(ada).locator(".wording")).to_have_text("No ferry in Jan")


def test_a_new_and_a_deleted_claim_change_the_text_and_not_where_one_is(both, ferry, timetable) -> None:
    ada, ben = both
    ben.evaluate("document.querySelector('#text').style.paddingTop = '60rem'; scrollTo(0, 700)")
    ben.evaluate("getSelection().selectAllChildren(document.querySelector('#text p:nth-of-type(2)'))")
    chosen = ben.evaluate("getSelection().toString()")
    top = ben.locator("#text p").nth(1).bounding_box()
    factories.statement(ferry.capture, factories.FARES)
    expect(ben.locator("#text mark[id]")).to_have_count(3)
    expect(ben.locator("#text mark[aria-current]")).to_have_attribute("data-statement", str(ferry.pk))
    assert ben.evaluate("getSelection().toString()") == chosen
    assert ben.locator("#text p").nth(1).bounding_box() == top
    panel(ada).locator("#amend-details > summary").click()
    panel(ada).get_by_role("button", name="Delete claim").click()
    expect(ben.locator("#text mark[id]")).to_have_count(2)
    expect(panel(ben).locator(".news")).to_contain_text("Ada deleted this claim.")
    expect(ben.locator("#deleted")).to_contain_text(FERRY)


def test_the_article_s_title_and_notes_follow_unless_somebody_is_at_them(both, ferry) -> None:
    ada, ben = both
    document = ferry.capture.document
    type(document).objects.filter(pk=document.pk).update(title="No ferry")
    expect(ben.locator("h1")).to_have_text("No ferry")
    ada.goto(reverse("article", args=[document.pk]))
    notes = [each.locator("#words-notes") for each in both]
    for each in notes:
        each.locator("> summary").click()
    notes[1].get_by_label("Note", exact=True).fill("Half a thought")
    notes[0].get_by_label("Note", exact=True).fill("Ring the port.")
    notes[0].get_by_role("button", name="Add note").click()
    news = ben.locator("#article-notes .news")
    expect(news).to_be_visible()
    news.get_by_role("button", name="See it").click()
    expect(notes[1]).to_contain_text("Ring the port.")
    expect(notes[1].get_by_label("Note", exact=True)).to_have_value("Half a thought")


def test_a_note_is_there_after_the_tab_crashed_and_gone_after_the_log_out(
    page: Page, server, ferry, faults
) -> None:
    enter(page.context, server.url, "editor", "Ada")
    page.goto(address(ferry))
    fold(page, "#note-details")
    panel(page).get_by_label("Note", exact=True).press_sequentially("Half a thought")
    # The renderer dies without a word to the page.
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    again = page.context.new_page()
    again.goto(address(ferry))
    expect(panel(again).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    again.locator(".account summary").click()
    again.get_by_role("button", name="Log out").click()
    enter(again.context, server.url, "editor", "Ada")
    again.goto(address(ferry))
    fold(again, "#note-details")
    expect(panel(again).get_by_label("Note", exact=True)).to_be_empty()
    again.close()
    faults.clear()


def test_a_page_whose_server_was_away_says_so_and_catches_up(page: Page, server, ferry, faults) -> None:
    enter(page.context, server.url, "editor", "Ada")
    page.goto(address(ferry))
    wait_until(Presence.objects.exists, "the stream is open")
    page.context.set_offline(True)
    server.cut_streams()
    expect(page.locator("#live-state")).to_have_text("Live updates paused")
    Statement.objects.filter(pk=ferry.pk).update(wording="No boat")
    page.context.set_offline(False)
    expect(panel(page).locator(".wording")).to_have_text("No boat")
    expect(page.locator("#live-state")).to_be_hidden()
    faults.clear()
