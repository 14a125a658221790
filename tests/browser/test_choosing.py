"""Choosing a claim: by mouse, keyboard and address; its marks in a text of every kind."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, enter, panel, path
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE

CHOSEN = "mark[aria-current]"


@pytest.fixture
def statements(server) -> list[Statement]:
    """Three claims of one article: over an anonymous chain, over a spokesman, over nobody."""
    capture = factories.article()
    return [
        factories.statement(capture, FERRY, [LAMP, OFFICIAL]),
        factories.statement(capture, TIMETABLE, [SPOKESMAN]),
        factories.statement(capture, FARES),
    ]


@pytest.fixture
def article(page: Page, server, statements) -> Page:
    """The page of that article, with a reader at it."""
    enter(page.context, server.url, "reader")
    page.goto(f"/articles/{statements[0].capture.document_id}/")
    return page


def marks(page: Page, statement: Statement):
    return page.locator(f'mark[data-statement="{statement.pk}"]')


def test_a_click_on_a_mark_swaps_the_panel_and_sets_the_address(article: Page, statements) -> None:
    ferry, timetable, _ = statements
    article.evaluate("window.stays = true")
    marks(article, ferry).click()
    expect(panel(article).locator(".wording")).to_have_text(FERRY)
    expect(panel(article).locator(".chain .name")).to_contain_text(["Evening Lamp", "“a port official”"])
    assert path(article) == address(ferry)
    expect(article.locator(CHOSEN)).to_have_text(FERRY)
    expect(article.locator("#live")).to_have_text(FERRY)
    marks(article, timetable).click()
    expect(article.locator(CHOSEN)).to_have_text(TIMETABLE)
    assert article.evaluate("window.stays"), "the page was not loaded anew"


def test_back_and_forward_follow_what_was_chosen(article: Page, statements) -> None:
    ferry, timetable, _ = statements
    marks(article, ferry).click()
    expect(panel(article).locator(".wording")).to_have_text(FERRY)
    marks(article, timetable).click()
    expect(panel(article).locator(".wording")).to_have_text(TIMETABLE)
    article.go_back()
    expect(panel(article).locator(".wording")).to_have_text(FERRY)
    assert path(article) == address(ferry)
    expect(article.locator(CHOSEN)).to_have_text(FERRY)
    article.go_back()
    expect(panel(article)).to_contain_text("Choose a claim in the text")
    marks(article, timetable).click()
    expect(panel(article).locator(".wording")).to_have_text(TIMETABLE)


def test_the_claim_that_was_chosen_last_is_shown_however_late_the_first_one_comes(
    article: Page, statements
) -> None:
    ferry, timetable, _ = statements

    def late(route: Route) -> None:
        article.wait_for_timeout(300)
        route.continue_()

    article.route(f"**{address(ferry)}", late)
    marks(article, ferry).click(no_wait_after=True)
    marks(article, timetable).click(no_wait_after=True)
    expect(panel(article).locator(".wording")).to_have_text(TIMETABLE)
    expect(article.locator(CHOSEN)).to_have_text(TIMETABLE)
    assert path(article) == address(timetable)


def test_an_address_opens_its_claim(article: Page, statements) -> None:
    article.goto(address(statements[1]))
    expect(panel(article).locator(".wording")).to_have_text(TIMETABLE)
    expect(article.locator(CHOSEN)).to_have_text(TIMETABLE)


def test_next_and_previous_go_through_the_text(article: Page, statements) -> None:
    article.goto(address(statements[0]))
    expect(article.get_by_role("link", name="Previous claim")).to_have_count(0)
    article.get_by_role("link", name="Next claim").click()
    expect(panel(article).locator(".wording")).to_have_text(TIMETABLE)
    article.get_by_role("link", name="Next claim").click()
    expect(article.locator(CHOSEN)).to_have_text(FARES)
    expect(article.get_by_role("link", name="Next claim")).to_have_count(0)
    article.get_by_role("link", name="Previous claim").click()
    expect(article.locator(CHOSEN)).to_have_text(TIMETABLE)
    assert path(article) == address(statements[1])


def test_the_keyboard_reaches_a_mark_and_opens_it(article: Page, statements) -> None:
    article.get_by_role("link", name="original").or_(article.get_by_role("heading", level=1)).first.click()
    for _ in range(12):
        article.keyboard.press("Tab")
        if article.evaluate("document.activeElement.tagName") == "MARK":
            break
    assert article.evaluate("document.activeElement.textContent") == FERRY
    article.keyboard.press("Tab")
    assert article.evaluate("document.activeElement.textContent") == TIMETABLE, "each claim is one stop"
    article.keyboard.press("Enter")
    expect(panel(article).locator(".wording")).to_have_text(TIMETABLE)
    expect(panel(article)).to_be_focused()


def test_the_list_beside_an_unopened_article_opens_a_claim(article: Page, statements) -> None:
    panel(article).get_by_role("link", name=FARES).click()
    expect(panel(article).locator(".wording")).to_have_text(FARES)
    expect(panel(article)).to_contain_text("Nobody named")
    assert path(article) == address(statements[2])


HARD = (
    "👩‍👩‍👧 🛥️ Notes from the quay\n\n"
    "قال المتحدث إن العبّارة لن تبحر. The ferry 🚢 will stop and the quay will close.\n\n"
    "The fares rise in June."
)


def test_claims_that_overlap_and_run_over_paragraphs_are_marks_of_one_claim(page: Page, server) -> None:
    capture = factories.article(HARD, title="Hard")
    long = factories.statement(capture, "the quay will close.\n\nThe fares rise")
    whole = factories.statement(capture, "The ferry 🚢 will stop and the quay will close")
    inner = factories.statement(capture, "will stop")
    enter(page.context, server.url, "reader")
    page.goto(f"/articles/{capture.document_id}/")
    assert "".join(marks(page, long).all_text_contents()) == "the quay will close.The fares rise"
    assert "".join(marks(page, inner).all_text_contents()) == "will stop"
    assert page.locator(f"#mark-{long.pk}").count() == 1
    marks(page, inner).click()
    expect(panel(page).locator(".wording")).to_have_text("will stop")
    expect(page.locator("mark.chosen")).to_have_count(1)
    marks(page, long).last.click()
    expect(panel(page).locator(".wording")).to_have_text("the quay will close. The fares rise")
    expect(page.locator("mark.chosen")).to_have_count(marks(page, long).count())
    expect(page.locator(CHOSEN)).to_have_count(1)
    page.get_by_role("link", name="Claim 1", exact=True).click()
    expect(panel(page).locator(".wording")).to_have_text(whole.wording)


def test_a_claim_of_another_article_has_no_page_here(page: Page, server, statements, faults) -> None:
    other = factories.article("Another one, said a pilot.", title="Other")
    enter(page.context, server.url, "reader")
    answer = page.goto(f"/articles/{other.document_id}/claims/{statements[0].pk}/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Not here")).to_be_visible()
    faults.clear()


def test_where_the_sources_of_the_chosen_claim_stand_is_shown_in_the_text(page: Page, server) -> None:
    text = "🚢 “It stops,” said a pilot 🧭 of the port. The quay closes."
    capture = factories.article(text, title="Pilot")
    quay = factories.statement(capture, "The quay closes")
    stops = factories.statement(
        capture, "It stops", [("a pilot 🧭 of the port", "person", "described", "said")]
    )
    enter(page.context, server.url, "reader")
    page.goto(address(stops))
    shown = "[...CSS.highlights.get('sources')].map(String)"
    assert page.evaluate(shown) == ["a pilot 🧭 of the port"]
    marks(page, quay).click()
    expect(panel(page).locator(".wording")).to_have_text("The quay closes")
    assert page.evaluate(shown) == []
