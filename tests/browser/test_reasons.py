"""Why the engine thinks so: choosing a hop by keyboard, its words boxed in the text, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Statement
from tests import factories
from tests.browser.desk import address, choose_words, enter, panel, path

TEXT = (
    "👩‍👩‍👧 News\n\n"
    "The quay 🚢 is shut, the Evening Lamp 🏮 reported, citing a port official.\n\n"
    "Rain will fall."
)
QUAY = "The quay 🚢 is shut"
LAMP = ("Evening Lamp 🏮", "outlet", "named", "reported", "said")
OFFICIAL = ("a port official", "person", "anonymous", "citing", "citing")
BOXED = "#text [data-stands]"


@pytest.fixture
def quay(server) -> Statement:
    """A claim by the Evening Lamp, citing an official; a browser counts its text otherwise."""
    return factories.statement(factories.article(TEXT), QUAY, [LAMP, OFFICIAL], confidence=0.4)


def boxed(page: Page) -> list[tuple[str, str]]:
    runs = page.locator(BOXED)
    return [(run.inner_text(), run.get_attribute("data-stands") or "") for run in runs.all()]


def tab_to(page: Page, name: str) -> None:
    link = page.get_by_role("link", name=name)
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_the_keyboard_chooses_one_hop_after_the_other(page: Page, quay: Statement, server) -> None:
    enter(page.context, server.url, "reader")
    page.goto(address(quay))
    whole = page.locator("#text").text_content()
    page.evaluate("window.stays = true")
    tab_to(page, "Why a port official stands here")
    page.keyboard.press("Enter")
    why = page.locator("#why")
    expect(why).to_be_focused()
    expect(why.locator(".pattern")).to_have_text(
        f"Evening Lamp 🏮, citing a port official, said that “{QUAY}”."
    )
    expect(page.locator("#live")).to_have_text(
        f"Evening Lamp 🏮, citing a port official, said that “{QUAY}”."
    )
    expect(why).to_contain_text("Unsure reading, check it: 4 in 10")
    assert boxed(page) == [("citing", "cue"), ("a port official", "source")]
    official, *_ = quay.hops.filter(source__name="a port official")
    assert page.url.endswith(f"{address(quay)}?hop={official.pk}")
    # A swap boxes what the server would: the same words at the same offsets.
    starts = [run.get_attribute("data-start") for run in page.locator(BOXED).all()]
    assert starts == [str(TEXT.index("citing")), str(TEXT.index("a port official"))]

    page.get_by_role("link", name="Why Evening Lamp 🏮 stands here").focus()
    page.keyboard.press("Enter")
    expect(why.locator(".pattern")).to_have_text(f"Evening Lamp 🏮 said that “{QUAY}”.")
    assert boxed(page) == [("Evening Lamp 🏮", "source"), ("reported", "cue")]

    page.get_by_role("link", name="Hide why").focus()
    page.keyboard.press("Enter")
    expect(why).to_have_count(0)
    assert boxed(page) == []
    assert path(page) == address(quay)
    assert page.locator("#text").text_content() == whole
    assert page.evaluate("window.stays"), "the page was not loaded anew"


def test_the_boxes_differ_by_more_than_colour(page: Page, quay: Statement, server) -> None:
    enter(page.context, server.url, "reader")
    page.goto(f"{address(quay)}?hop={quay.chains()[0][0].pk}")
    style = "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e, '::after').content]"
    assert [page.locator(BOXED).nth(n).evaluate(style) for n in (0, 1)] == [
        ["solid", '"source"'],
        ["dashed", '"cue"'],
    ]


def test_words_can_still_be_chosen_where_a_run_was_cut(page: Page, quay: Statement, server) -> None:
    enter(page.context, server.url, "editor")
    page.goto(address(quay))
    page.get_by_role("link", name="Why Evening Lamp 🏮 stands here").click()
    expect(page.locator(BOXED)).to_have_count(2)
    start, end = choose_words(page, TEXT, "Lamp 🏮 reported, citing")
    bar = page.locator("#chosen-words")
    assert bar.locator("[name=start]").input_value() == str(start)
    assert bar.locator("[name=end]").input_value() == str(end)


def test_the_reason_is_there_without_scripts(another_page, quay: Statement, server, faults) -> None:
    plain: Page = another_page(java_script_enabled=False)
    enter(plain.context, server.url, "reader")
    plain.goto(address(quay))
    panel(plain).get_by_role("link", name="Why Evening Lamp 🏮 stands here").click()
    expect(panel(plain).get_by_role("heading", name="Why the engine thinks so")).to_be_visible()
    assert boxed(plain) == [("Evening Lamp 🏮", "source"), ("reported", "cue")]
    plain.get_by_role("link", name="See them there").click()
    assert plain.url.endswith("#stands")
    assert not faults
