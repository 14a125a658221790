"""A review by the keyboard alone: two keystrokes for each claim, and never the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from claims.models import Annotation, Flag, Statement
from tests import factories
from tests.browser.desk import address, enter, panel, path
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE


@pytest.fixture
def statements(server) -> list[Statement]:
    capture = factories.article()
    return [
        factories.statement(capture, FERRY, [LAMP, OFFICIAL]),
        factories.statement(capture, TIMETABLE, [SPOKESMAN]),
        factories.statement(capture, FARES),
    ]


@pytest.fixture
def article(page: Page, server, statements) -> Page:
    enter(page.context, server.url, "editor")
    page.goto(f"/articles/{statements[0].capture.document_id}/")
    return page


def states(statements: list[Statement]) -> list[str]:
    return [Statement.objects.get(pk=each.pk).state for each in statements]


def late(route: Route) -> None:
    """Let an answer be under way for a while."""
    route.request.frame.page.wait_for_timeout(150)
    route.continue_()


def test_an_article_is_cleared_with_two_keys_a_claim(article: Page, statements) -> None:
    article.route("**/claims/**", late)
    # As fast as they can be struck: a key that comes before the answer is meant for what the answer brings.
    for key in ("j", "w", "j", "a", "j", "s"):
        article.keyboard.press(key)
    expect(article.locator("#live")).to_contain_text("Needs source", timeout=20_000)
    assert states(statements) == ["weak", "accepted", "needs_source"]
    expect(article.locator("#tally")).to_contain_text("3 / 3")
    weak = statements[0].verdicts.get()
    assert weak.reason, "the reason that the worst flag gives is kept with it"


def test_each_key_is_a_button_of_the_same_name(article: Page, statements) -> None:
    article.goto(address(statements[0]))
    named = {"a": "Accept", "w": "Weak", "s": "Needs source", "x": "Reject", "f": "Flag", "n": "Note"}
    for key, name in named.items():
        button = article.get_by_role("button", name=name, exact=True)
        expect(button).to_be_visible()
        expect(button).to_have_attribute("aria-keyshortcuts", key)
    article.keyboard.press("x")
    expect(panel(article).locator(".state")).to_have_text("Rejected")
    expect(article.get_by_role("button", name="Reject", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(panel(article)).to_be_focused()
    # What was pressed by hand keeps the focus.
    article.get_by_role("button", name="Weak", exact=True).focus()
    article.keyboard.press("Enter")
    expect(panel(article).locator(".state")).to_have_text("Weak")
    expect(article.get_by_role("button", name="Weak", exact=True)).to_be_focused()


def test_a_flag_and_a_note_without_the_mouse_and_no_key_fires_while_typing(article: Page, statements) -> None:
    article.goto(address(statements[1]))
    article.keyboard.press("f")
    expect(article.get_by_label("Weakness")).to_be_focused()
    article.keyboard.press("Tab")
    article.keyboard.type("a jaws waxes")
    article.keyboard.press("Control+Enter")
    expect(panel(article)).to_contain_text("a jaws waxes")
    article.keyboard.press("n")
    article.keyboard.type("ask again? awjx")
    article.keyboard.press("Escape")
    expect(article.get_by_role("button", name="Note", exact=True)).to_be_focused()
    article.keyboard.press("n")
    article.keyboard.press("Control+Enter")
    expect(panel(article).locator(".note")).to_contain_text("ask again? awjx")
    assert Annotation.objects.get().body == "ask again? awjx"
    assert Flag.objects.filter(why="a jaws waxes").count() == 1
    assert states(statements) == ["unreviewed"] * 3
    assert path(article) == address(statements[1])


def test_capitals_go_to_what_nobody_reviewed(article: Page, statements) -> None:
    article.goto(address(statements[1]))
    article.keyboard.press("a")
    article.keyboard.press("k")
    expect(panel(article).locator(".wording")).to_have_text(FERRY)
    article.keyboard.press("J")
    expect(panel(article).locator(".wording")).to_have_text(FARES)
    expect(article.locator("mark[aria-current]")).to_have_text(FARES)
    article.keyboard.press("K")
    expect(panel(article).locator(".wording")).to_have_text(FERRY)
    article.keyboard.press("k")
    expect(article.locator("#live")).to_have_text("That was the first claim.")


def test_a_key_is_forgotten_when_its_claim_does_not_come(article: Page, statements, faults) -> None:
    article.goto(address(statements[0]))
    article.route(f"**{address(statements[1])}", lambda route: route.abort())
    article.keyboard.press("j")
    article.keyboard.press("a")
    expect(article.locator("#trouble")).to_contain_text("can’t be reached")
    article.wait_for_timeout(200)
    assert states(statements) == ["unreviewed"] * 3
    faults.clear()


def test_keys_lead_to_pages_through_lists_and_to_the_list_of_keys(article: Page, statements) -> None:
    article.keyboard.press("?")
    expect(article.get_by_role("heading", name="Keys")).to_be_visible()
    article.keyboard.press("Escape")
    expect(article.get_by_role("heading", name="Keys")).to_be_hidden()
    article.keyboard.press("g")
    article.keyboard.press("c")
    article.wait_for_url("**/claims/")
    article.keyboard.press("j")
    article.keyboard.press("j")
    expect(article.locator("[data-row]").nth(1).locator("a").first).to_be_focused()
    article.keyboard.press("k")
    article.keyboard.press("Enter")
    expect(panel(article).locator(".wording")).to_be_visible()
