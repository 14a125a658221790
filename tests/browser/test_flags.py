"""Flags by keyboard: from the queue to the words, deciding, and the policy with its preview; axe on each."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Flag, PolicyChoice, Rerun, Statement
from tests import factories
from tests.browser.desk import address, enter, panel, path
from tests.browser.test_every_page import serious

TEXT = (
    "👩‍👩‍👧 News\n\n"
    "The quay 🚢 is shut, the Evening Lamp 🏮 reported, citing a port official.\n\n"
    "Rain will fall."
)
QUAY = "The quay 🚢 is shut"
LAMP = ("Evening Lamp 🏮", "outlet", "named", "reported", "said")
OFFICIAL = ("a port official", "person", "anonymous", "citing", "citing")
BOXED = '#text [data-stands="flag"]'


@pytest.fixture
def quay(server) -> Statement:
    """A claim with flags; a browser counts its text otherwise."""
    made = factories.statement(factories.article(TEXT), QUAY, [LAMP, OFFICIAL], confidence=0.9)
    at = TEXT.index("a port official")
    Flag.objects.filter(statement=made, code="SINGLE_ANON").update(places=[[at, at + 15]])
    return made


def press_to(page: Page, role, name: str) -> None:
    wanted = page.get_by_role(role, name=name).first
    for _ in range(90):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {name}")


def test_from_the_queue_to_a_decision_by_keyboard(page: Page, quay: Statement, server) -> None:
    enter(page.context, server.url, "editor")
    page.goto("/flags/?code=SINGLE_ANON")
    assert serious(page, "light") == []
    press_to(page, "link", QUAY)
    page.keyboard.press("Enter")
    flag = quay.flags.get(code="SINGLE_ANON")
    expect(page.locator("#chosen-flag")).to_contain_text(flag.why)
    assert path(page) == address(quay)
    expect(page.locator(BOXED)).to_have_text("a port official")
    style = "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e, '::after').content]"
    assert page.locator(BOXED).evaluate(style) == ["double", '"flag"'], "told by more than its colour"
    assert serious(page, "light") == []

    page.evaluate("window.stays = true")
    page.locator("#chosen-flag").get_by_role("link", name="Hide its words").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-flag")).to_have_count(0)
    assert page.locator(BOXED).count() == 0
    # A swap boxes what the server would: the same words at the same offset.
    page.get_by_role("link", name=f"Show its words {flag.title}").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-flag")).to_be_focused()
    expect(page.locator("#live")).to_have_text(flag.why)
    assert page.locator(BOXED).get_attribute("data-start") == str(TEXT.index("a port official"))

    page.locator("#chosen-flag summary", has_text="Waive…").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("The desk knows her.")
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text("waived by editor: The desk knows her.")
    assert page.evaluate("window.stays"), "the page was not loaded anew"
    flag.refresh_from_db()
    assert flag.state == "waived"


def test_an_admin_looks_before_saving_a_policy(page: Page, quay: Statement, server, work_off) -> None:
    enter(page.context, server.url, "admin")
    page.goto("/policy/")
    assert serious(page, "light") == []
    page.get_by_label("Weight of Anonymous single origin").focus()
    page.keyboard.type("off")
    press_to(page, "button", "Show what it would change")
    page.keyboard.press("Enter")
    told = page.locator("#preview")
    expect(told).to_contain_text("Nothing is saved yet. It would raise 0, close 1 and weigh 0 otherwise.")
    assert not PolicyChoice.objects.exists()
    assert serious(page, "light") == []
    expect(page.get_by_label("Weight of Anonymous single origin")).to_have_value("off")
    press_to(page, "button", "Save")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("The policy is in force.")
    expect(page.locator("#rerun")).to_contain_text("The rules run over all articles")
    work_off()
    expect(page.locator("#rerun")).to_contain_text("The rules ran over all articles")
    assert Rerun.objects.get().progress == "done"
    assert quay.flags.get(code="SINGLE_ANON").state == "closed"


def test_a_policy_can_be_set_without_scripts(another_page, quay: Statement, server, faults) -> None:
    plain: Page = another_page(java_script_enabled=False)
    enter(plain.context, server.url, "admin")
    plain.goto("/policy/")
    plain.get_by_role("link", name="Wire agency").click()
    plain.get_by_role("button", name="Show what it would change").click()
    expect(plain.locator("#preview")).to_contain_text("Nothing is saved yet.")
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.locator(".lede")).to_contain_text("Wire agency")
    assert PolicyChoice.objects.get().pack == "wire"
    assert not faults


def test_in_the_dark_the_contrast_holds(page: Page, quay: Statement, server) -> None:
    page.emulate_media(color_scheme="dark")
    enter(page.context, server.url, "admin")
    flag = quay.flags.get(code="SINGLE_ANON")
    for at in ("/flags/?state=any", "/policy/", f"{address(quay)}?words={flag.pk}&flag=SINGLE_ANON"):
        page.goto(at)
        assert serious(page, "dark") == [], at


def test_nothing_is_wider_than_a_phone(page: Page, quay: Statement, server) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    enter(page.context, server.url, "admin")
    flag = quay.flags.get(code="SINGLE_ANON")
    for at in ("/flags/?state=any", "/policy/", f"{address(quay)}?words={flag.pk}"):
        page.goto(at)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, at
