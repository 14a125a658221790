"""Notes, flags and verdicts, and what they change on the page at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, choose_words, enter, panel, unfold
from tests.factories import FERRY, HARBOUR, LAMP, OFFICIAL, TIMETABLE

ONLY_ORIGIN = "“a port official” is the only origin of this, and isn’t named."


@pytest.fixture
def ferry(server) -> Statement:
    """A claim over a chain of two with an anonymous end, and a claim beside it."""
    capture = factories.article()
    factories.statement(capture, TIMETABLE, [LAMP])
    return factories.statement(capture, FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def editor(page: Page, server, ferry) -> Page:
    """The page with that claim chosen, and an editor at it."""
    enter(page.context, server.url, "editor")
    page.goto(address(ferry))
    return page


def flag(page: Page, title: str) -> Locator:
    return panel(page).locator(".flag", has_text=title)


def tally(page: Page, what: str) -> Locator:
    return page.locator("#tally div", has_text=what).locator("dd")


def mark(page: Page) -> Locator:
    return page.locator("mark.chosen")


def history(page: Page) -> Locator:
    panel(page).get_by_text("History", exact=True).click()
    return panel(page).locator(".history li")


def test_notes_on_the_claim_and_a_hop_with_a_reply(editor: Page, ferry) -> None:
    form = unfold(editor, "Note")
    form.get_by_label("Note", exact=True).fill("Ask the port.\n\nTwice.")
    form.get_by_role("button", name="Add note").click()
    note = panel(editor).locator(".note")
    expect(note.locator(".body p")).to_have_text(["Ask the port.", "Twice."])
    expect(note.locator(".by").first).to_contain_text("editor")
    form = unfold(editor, "Note")
    expect(form.get_by_label("Note", exact=True)).to_be_empty()
    form.get_by_label("Note", exact=True).fill("Who is that?")
    form.get_by_label("On").select_option(label="a port official")
    form.get_by_role("button", name="Add note").click()
    expect(note.nth(1)).to_contain_text("on a port official")
    note.first.get_by_text("Reply", exact=True).first.click()
    note.first.get_by_label("Reply").fill("They do not answer.")
    note.first.get_by_role("button", name="Reply").click()
    expect(note.first.locator(".reply")).to_contain_text("They do not answer.")
    expect(history(editor).first).to_contain_text("editor replied: They do not answer.")


def test_a_note_on_chosen_words_shows_them(editor: Page, ferry) -> None:
    choose_words(editor, HARBOUR, "citing a port official")
    editor.get_by_role("region", name="Chosen words").get_by_role("button", name="Note").click()
    expect(panel(editor).locator("[data-shows-words]:visible")).to_have_text("citing a port official")
    editor.keyboard.type("Which one?")
    panel(editor).get_by_role("button", name="Add note").click()
    note = panel(editor).locator(".note")
    expect(note.locator("blockquote")).to_have_text("citing a port official")
    written = ferry.annotations.get()
    assert HARBOUR[written.start : written.end] == "citing a port official"


def test_a_note_on_words_with_no_claim_chosen_is_one_on_the_article(editor: Page, ferry) -> None:
    editor.goto(f"/articles/{ferry.capture.document_id}/")
    choose_words(editor, HARBOUR, "fares will double")
    editor.get_by_role("region", name="Chosen words").get_by_role("button", name="Note").click()
    editor.keyboard.type("By how much?")
    editor.get_by_role("button", name="Add note").click()
    note = editor.locator("#words-notes .note")
    expect(note.locator("blockquote")).to_have_text("fares will double")
    expect(note.locator(".body")).to_have_text("By how much?")


def test_a_flag_raised_by_hand_marks_the_text_and_the_tally_at_once(editor: Page, ferry) -> None:
    editor.goto(address(ferry.capture.statements.get(exact=TIMETABLE)))
    expect(mark(editor)).to_have_attribute("data-severity", "warn")
    form = unfold(editor, "Flag")
    form.get_by_label("Weakness").select_option(label="Denied in the same text")
    form.get_by_label("Why").fill("The port says otherwise.")
    form.get_by_label("Weight").select_option("block")
    form.get_by_label("On").select_option(label="Evening Lamp")
    form.get_by_role("button", name="Raise flag").click()
    raised = flag(editor, "Denied in the same text")
    expect(raised).to_contain_text("The port says otherwise. On Evening Lamp.")
    expect(raised).to_contain_text("raised by editor")
    expect(mark(editor)).to_have_attribute("data-severity", "block")
    expect(history(editor).first).to_contain_text("editor raised “Denied in the same text”")


def test_a_flag_is_dismissed_with_a_reason_only_and_opened_again(editor: Page, ferry, faults) -> None:
    by = factories.account("editor", "earlier")
    for other in ferry.flags.exclude(code="SINGLE_ANON"):
        other.decide("dismissed", by, "Looked at before.")
    editor.reload()
    expect(tally(editor, "weakly sourced")).to_have_text("2")
    there = flag(editor, "Anonymous single origin")
    there.get_by_text("Dismiss…").click()
    # An empty field is stopped by the browser; blanks get as far as the server.
    there.get_by_label("Why it doesn’t hold").fill("  ")
    there.get_by_role("button", name="Dismiss").click()
    expect(there.get_by_role("alert")).to_be_visible()
    expect(there.get_by_label("Why it doesn’t hold")).to_be_focused()
    assert all("422" in fault for fault in faults)
    faults.clear()
    there.get_by_label("Why it doesn’t hold").fill("The desk knows who it is.")
    there.get_by_role("button", name="Dismiss").click()
    expect(there).to_contain_text("dismissed by editor: The desk knows who it is.")
    expect(mark(editor)).to_have_attribute("data-severity", "none")
    expect(tally(editor, "weakly sourced")).to_have_text("1")
    there.get_by_role("button", name="Reopen").click()
    expect(mark(editor)).to_have_attribute("data-severity", "block")
    expect(tally(editor, "weakly sourced")).to_have_text("2")


def test_a_flag_is_confirmed(editor: Page) -> None:
    flag(editor, "Anonymous single origin").get_by_role("button", name="Confirm").click()
    expect(flag(editor, "Anonymous single origin")).to_contain_text("confirmed by editor")
    expect(history(editor).first).to_contain_text("editor confirmed “Anonymous single origin”")


def test_a_verdict_takes_the_reason_that_is_offered(editor: Page, ferry) -> None:
    expect(tally(editor, "reviewed")).to_have_text("0 / 2")
    expect(mark(editor)).to_have_attribute("data-state", "unreviewed")
    expect(editor.get_by_label("Reason")).to_have_value(ONLY_ORIGIN)
    panel(editor).get_by_role("button", name="Weak", exact=True).click()
    expect(panel(editor).locator(".verdict .meta")).to_contain_text("by editor")
    expect(panel(editor).locator(".verdict .meta")).to_contain_text(ONLY_ORIGIN)
    expect(panel(editor).get_by_role("button", name="Weak", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(mark(editor)).to_have_attribute("data-state", "weak")
    expect(tally(editor, "reviewed")).to_have_text("1 / 2")
    expect(editor.locator("#live")).to_contain_text("Saved.")
    expect(history(editor).first).to_contain_text(f"editor called it weak: {ONLY_ORIGIN}")


def test_a_verdict_without_the_offered_reason(editor: Page, ferry) -> None:
    editor.get_by_label("Reason").fill("")
    panel(editor).get_by_role("button", name="Reject").click()
    expect(panel(editor).locator(".verdict .meta")).to_contain_text("Rejected by editor")
    assert ferry.verdicts.get().reason == ""


def test_accepting_does_not_keep_a_reason_against(editor: Page, ferry) -> None:
    panel(editor).get_by_role("button", name="Accept").click()
    expect(panel(editor).locator(".verdict .meta")).to_contain_text("Accepted by editor")
    assert ferry.verdicts.get().reason == ""


def test_a_reporter_flags_and_notes_but_does_not_decide(page: Page, server, ferry) -> None:
    enter(page.context, server.url, "reporter")
    page.goto(address(ferry))
    expect(panel(page).get_by_text("Verdicts are an editor’s.")).to_be_visible()
    expect(panel(page).get_by_role("button", name="Accept")).to_have_count(0)
    expect(panel(page).get_by_text("Dismiss…")).to_have_count(0)
