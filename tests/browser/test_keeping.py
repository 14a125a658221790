"""Nothing typed is lost: a session that ended, a server that is gone, a page that was left."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, begin_source, done, enter, panel, path
from tests.factories import FERRY, LAMP, OFFICIAL


@pytest.fixture
def ferry(server) -> Statement:
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def editor(page: Page, server, ferry) -> Page:
    """The page with that claim chosen, and an editor at it."""
    enter(page.context, server.url, "editor")
    page.goto(address(ferry))
    return page


def begin_note(page: Page, words: str) -> None:
    if panel(page).locator("#note-details").get_attribute("open") is None:
        panel(page).locator("#note-details > summary").click()
    panel(page).get_by_label("Note", exact=True).fill(words)


def lose_session(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def log_in(page: Page, name: str = "editor") -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in").click()


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('hearsay-draft'))")


def test_a_session_lost_on_the_way_to_a_verdict_leads_back_to_the_claim(editor: Page, ferry) -> None:
    begin_note(editor, "Half a thought")
    lose_session(editor)
    panel(editor).get_by_role("button", name="Weak", exact=True).click()
    editor.wait_for_url("**/login/**")
    log_in(editor)
    editor.wait_for_url(f"**{address(ferry)}")
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    assert ferry.verdicts.count() == 0
    panel(editor).get_by_role("button", name="Weak", exact=True).click()
    expect(panel(editor).locator(".verdict .meta")).to_contain_text("Weak by editor")
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("Half a thought")


def test_a_note_sent_without_a_session_is_there_after_the_log_in(editor: Page, ferry) -> None:
    begin_note(editor, "A whole thought")
    lose_session(editor)
    panel(editor).get_by_role("button", name="Add note").click()
    editor.wait_for_url("**/login/**")
    log_in(editor)
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("A whole thought")
    panel(editor).get_by_role("button", name="Add note").click()
    expect(panel(editor).locator(".note .body")).to_have_text("A whole thought")
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_count(0)
    assert kept(editor) == []


def test_a_source_and_a_reason_typed_without_a_session_are_there_after_the_log_in(
    editor: Page, ferry
) -> None:
    editor.get_by_label("Reason").fill("Nobody else has it.")
    form = begin_source(editor)
    form.get_by_label("Source", exact=True).fill("Morning Bell")
    form.get_by_label("Kind").select_option("agency")
    lose_session(editor)
    form.get_by_role("button", name="Add source").click()
    editor.wait_for_url("**/login/**")
    log_in(editor)
    panel(editor).get_by_role("link", name="Add a chain of its own").click()
    expect(form.get_by_label("Source", exact=True)).to_have_value("Morning Bell")
    expect(form.get_by_label("Kind")).to_have_value("agency")
    done(editor)
    panel(editor).get_by_role("button", name="Reject").click()
    expect(panel(editor).locator(".verdict .meta")).to_contain_text("Nobody else has it.")


def test_a_plain_form_sent_without_a_session_is_there_after_the_log_in(editor: Page, ferry) -> None:
    panel(editor).get_by_text("Edit claim").click()
    editor.get_by_role("textbox", name="Claim", exact=True).fill("No ferry in January")
    lose_session(editor)
    editor.get_by_role("button", name="Save claim").click()
    editor.wait_for_url("**/login/**")
    log_in(editor)
    editor.wait_for_url(f"**{address(ferry)}")
    expect(editor.get_by_role("textbox", name="Claim", exact=True)).to_have_value("No ferry in January")
    editor.get_by_role("button", name="Save claim").click()
    expect(panel(editor).locator(".wording")).to_have_text("No ferry in January")
    assert kept(editor) == []


def test_an_article_pasted_without_a_session_is_there_after_the_log_in(editor: Page) -> None:
    editor.goto("/articles/new/")
    editor.get_by_label("Paste the text").fill(factories.HARBOUR)
    lose_session(editor)
    editor.get_by_role("button", name="Take in", exact=True).click()
    editor.wait_for_url("**/login/**")
    log_in(editor)
    expect(editor.get_by_label("Paste the text")).to_have_value(factories.HARBOUR)


def test_logging_out_clears_what_was_typed(editor: Page, ferry) -> None:
    begin_note(editor, "Half a thought")
    editor.reload()
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    assert kept(editor)
    editor.locator(".account summary").click()
    editor.get_by_role("button", name="Log out").click()
    expect(editor.get_by_role("heading", name="Log in")).to_be_visible()
    assert kept(editor) == []


def test_what_one_person_typed_is_not_shown_to_the_next(editor: Page, ferry) -> None:
    begin_note(editor, "Half a thought")
    factories.account("reporter")
    lose_session(editor)
    editor.reload()
    log_in(editor, "reporter")
    expect(panel(editor).locator("#note-details")).not_to_have_attribute("open", "")
    panel(editor).locator("#note-details > summary").click()
    expect(panel(editor).get_by_label("Note", exact=True)).to_be_empty()


def test_a_server_that_is_gone_is_told_and_the_note_stays(editor: Page, ferry, faults) -> None:
    begin_note(editor, "Half a thought")
    editor.route("**/notes/", lambda route: route.abort("connectionrefused"))
    panel(editor).get_by_role("button", name="Add note").click()
    trouble = editor.get_by_role("alert").filter(has_text="The server can’t be reached.")
    expect(trouble).to_be_visible()
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    assert faults
    faults.clear()
    editor.unroute("**/notes/")
    panel(editor).get_by_role("button", name="Add note").click()
    expect(panel(editor).locator(".note .body")).to_have_text("Half a thought")
    expect(trouble).to_be_hidden()


def test_a_server_that_breaks_is_told_and_the_note_stays(editor: Page, ferry, faults) -> None:
    begin_note(editor, "Half a thought")
    editor.route("**/notes/", lambda route: route.fulfill(status=500, body="broken"))
    panel(editor).get_by_role("button", name="Add note").click()
    expect(editor.get_by_role("alert").filter(has_text="Nothing was saved")).to_be_visible()
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    assert path(editor) == address(ferry)
    faults.clear()


def test_a_claim_that_was_deleted_meanwhile_is_told(editor: Page, ferry, faults) -> None:
    begin_note(editor, "Half a thought")
    ferry.discard(User.objects.get(username="editor"))
    panel(editor).get_by_role("button", name="Add note").click()
    expect(editor.get_by_role("alert").filter(has_text="somebody may have deleted it")).to_be_visible()
    expect(panel(editor).get_by_label("Note", exact=True)).to_have_value("Half a thought")
    faults.clear()


def test_saving_one_form_of_the_panel_keeps_what_is_begun_in_the_others(editor: Page, ferry) -> None:
    panel(editor).get_by_text("Edit claim").click()
    wording = editor.get_by_role("textbox", name="Claim", exact=True)
    wording.fill("No ferry in Jan")
    panel(editor).get_by_role("link", name="Edit Evening Lamp").click()
    cue = panel(editor).get_by_label("Cue")
    cue.fill("repor")
    panel(editor).get_by_role("link", name="Close").click()
    expect(cue).to_have_count(0)
    panel(editor).get_by_role("link", name="Add a chain of its own").click()
    panel(editor).get_by_label("Source", exact=True).fill("Morning Bell")
    panel(editor).get_by_role("button", name="Add source").click()
    expect(panel(editor).locator(".hop-row strong").filter(has_text="Morning Bell")).to_be_visible()
    assert not [key for key in kept(editor) if ":add-hop-" in key]
    panel(editor).get_by_role("link", name="Edit Evening Lamp").click()
    expect(cue).to_have_value("repor")
    panel(editor).get_by_role("button", name="Save source").click()
    expect(cue).to_have_count(0)
    done(editor)
    expect(panel(editor).locator(".chain .cue em").first).to_have_text("repor")
    expect(wording).to_have_value("No ferry in Jan")
    panel(editor).get_by_role("button", name="Save claim").click()
    expect(panel(editor).locator(".wording")).to_have_text("No ferry in Jan")
    assert kept(editor) == []


def test_what_is_begun_over_words_that_somebody_else_changed_does_not_come_over_theirs(
    editor: Page, ferry
) -> None:
    panel(editor).get_by_text("Edit claim").click()
    wording = editor.get_by_role("textbox", name="Claim", exact=True)
    wording.fill("No ferry in Jan")
    Statement.objects.filter(pk=ferry.pk).update(wording="No boat at all")
    editor.reload()
    expect(editor.locator("#amend-details [name=wording]")).to_have_value("No boat at all")


def test_a_source_saved_on_top_of_a_conflict_is_not_begun_again(editor: Page, ferry, faults) -> None:
    begin_source(editor).get_by_label("Source", exact=True).fill("Morning Bell")
    Statement.objects.filter(pk=ferry.pk).update(version=ferry.version + 1)
    panel(editor).get_by_role("button", name="Add source").click()
    panel(editor).get_by_role("button", name="Save mine on top").click()
    expect(panel(editor).locator(".hop-row strong").filter(has_text="Morning Bell")).to_be_visible()
    expect(panel(editor).locator(".conflict")).to_have_count(0)
    assert kept(editor) == []
    faults.clear()
