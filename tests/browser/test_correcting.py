"""Correcting claims: words chosen in the text, wording, bounds, the steps of the chain, deleting."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, choose_words, enter, panel, path
from tests.factories import FERRY, HARBOUR, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE

HARD = (
    "👩‍👩‍👧 🛥️ Notes from the quay\n\n"
    "قال المتحدث إن العبّارة لن تبحر. The ferry 🚢 will stop and the quay will close, a pilot said.\n\n"
    "The fares rise in June."
)


@pytest.fixture
def reporter(page: Page, server) -> Page:
    """A browser with a reporter logged in."""
    enter(page.context, server.url, "reporter")
    return page


@pytest.fixture
def ferry(server) -> Statement:
    """A claim over a chain of two."""
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


def chain(page: Page) -> Locator:
    """The names of the chain, the article first."""
    return panel(page).locator(".chain .name")


def new_claim(page: Page, start: int, end: int) -> Statement:
    """Make a claim of the chosen words; what the database got."""
    page.get_by_role("region", name="Chosen words").get_by_role("button", name="New claim").click()
    page.wait_for_url("**/claims/*/")
    made = Statement.objects.latest("pk")
    assert (made.start, made.end) == (start, end)
    assert path(page) == address(made)
    return made


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("The ferry 🚢 will stop", id="emoji-inside-and-rtl-before"),
        pytest.param("the quay will close, a pilot", id="across-a-mark"),
        pytest.param("a pilot said.\n\nThe fares rise", id="across-paragraphs"),
        pytest.param("will stop and the quay will close", id="ending-where-a-mark-ends"),
    ],
)
def test_a_claim_is_made_of_the_very_words_that_were_chosen(reporter: Page, server, words) -> None:
    capture = factories.article(HARD, title="Hard")
    factories.statement(capture, "the quay will close")
    reporter.goto(f"/articles/{capture.document_id}/")
    start, end = choose_words(reporter, capture.text, words)
    made = new_claim(reporter, start, end)
    assert made.exact == words
    expect(panel(reporter).locator(".wording")).to_have_text(" ".join(words.split()))
    assert "".join(reporter.locator("mark.chosen").all_text_contents()) == words.replace("\n\n", "")


def test_words_chosen_up_to_a_number_end_at_the_last_word(reporter: Page, ferry) -> None:
    reporter.goto(f"/articles/{ferry.capture.document_id}/")
    reporter.evaluate("""() => {
      const words = document.querySelector('mark span').firstChild;
      getSelection().setBaseAndExtent(words, 4, document.querySelector('a.number').lastChild, 1);
    }""")
    new_claim(reporter, HARBOUR.index("island ferry"), HARBOUR.index("January") + len("January"))


def test_a_paragraph_chosen_by_three_clicks_is_that_paragraph(reporter: Page, ferry) -> None:
    reporter.goto(f"/articles/{ferry.capture.document_id}/")
    reporter.locator("#text p", has_text="A spokesman").click(click_count=3)
    sentence = "A spokesman for the port said the timetable was not settled."
    start = HARBOUR.index(sentence)
    new_claim(reporter, start, start + len(sentence))


def test_words_of_a_text_with_windows_line_ends_keep_their_place(reporter: Page, server) -> None:
    text = "One line, said a pilot.\r\nAnother line 🚢 here.\r\n\r\nThe fares rise."
    capture = factories.article(text, title="Lines")
    reporter.goto(f"/articles/{capture.document_id}/")
    start, end = choose_words(reporter, text, "line 🚢 here.\r\n\r\nThe fares")
    new_claim(reporter, start, end)


def test_the_mouse_chooses_words_and_a_click_beside_them_lets_go(reporter: Page, ferry) -> None:
    reporter.goto(f"/articles/{ferry.capture.document_id}/")
    bar = reporter.get_by_role("region", name="Chosen words")
    line = reporter.locator("#text p", has_text="The fares").bounding_box()
    assert line
    reporter.mouse.move(line["x"] + 2, line["y"] + 12)
    reporter.mouse.down()
    reporter.mouse.move(line["x"] + 150, line["y"] + 12, steps=4)
    reporter.mouse.up()
    expect(bar).to_be_visible()
    expect(bar.get_by_role("button", name="Extend or trim")).to_be_hidden()
    reporter.mouse.click(line["x"] + 300, line["y"] + 60)
    expect(bar).to_be_hidden()


def test_wording_and_bounds_are_changed(reporter: Page, ferry) -> None:
    reporter.goto(address(ferry))
    start, end = choose_words(reporter, HARBOUR, "The island ferry will not run")
    reporter.get_by_role("button", name="Extend or trim").click()
    expect(reporter.get_by_role("textbox", name="Claim", exact=True)).to_have_value(
        "The island ferry will not run"
    )
    reporter.get_by_role("textbox", name="Claim", exact=True).fill("No ferry in winter")
    reporter.get_by_role("button", name="Save claim").click()
    expect(panel(reporter).locator(".wording")).to_have_text("No ferry in winter")
    expect(reporter.locator("mark.chosen")).to_have_text("The island ferry will not run")
    ferry.refresh_from_db()
    assert (ferry.start, ferry.end, ferry.wording) == (start, end, "No ferry in winter")


def test_a_deleted_claim_comes_back(reporter: Page, server) -> None:
    capture = factories.article()
    ferry = factories.statement(capture, FERRY, [LAMP])
    factories.statement(capture, TIMETABLE, [SPOKESMAN])
    reporter.goto(address(ferry))
    panel(reporter).get_by_text("Edit claim").click()
    reporter.get_by_role("button", name="Delete claim").click()
    expect(reporter.locator("mark")).to_have_count(1)
    reporter.get_by_role("button", name="Undo").click()
    expect(reporter.locator("mark.chosen")).to_have_text(FERRY)
    panel(reporter).get_by_text("Edit claim").click()
    reporter.get_by_role("button", name="Delete claim").click()
    expect(reporter.get_by_role("button", name="Undo")).to_be_visible()
    reporter.goto(f"/articles/{capture.document_id}/")
    reporter.get_by_text("Deleted claims (1)").click()
    reporter.get_by_role("button", name="Bring back").click()
    expect(reporter.locator("mark.chosen")).to_have_text(FERRY)
    expect(chain(reporter)).to_contain_text(["Island Post", "Evening Lamp"])
