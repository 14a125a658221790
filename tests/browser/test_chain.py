"""Editing the chain of a claim: by the keyboard alone, with sources offered while a name is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Statement
from sources.models import Source
from tests import factories
from tests.browser.desk import address, begin_source, choose_words, edit_chain, enter, panel, path
from tests.factories import FERRY, HARBOUR, LAMP, OFFICIAL, names


@pytest.fixture
def ferry(server) -> Statement:
    """A claim over a chain of two."""
    return factories.statement(factories.article(), FERRY, [LAMP, OFFICIAL])


@pytest.fixture
def reporter(page: Page, server, ferry) -> Page:
    """A reporter with that claim chosen."""
    enter(page.context, server.url, "reporter")
    page.goto(address(ferry))
    return page


def test_a_chain_is_put_in_order_mended_and_left_by_the_keyboard_alone(reporter: Page, ferry) -> None:
    Source.objects.find_or_make("Coast Wire", "agency").add_alias("CW News")
    keys = reporter.keyboard
    keys.press("e")
    done = panel(reporter).get_by_role("button", name="Done")
    expect(done).to_be_focused()
    live = reporter.locator("#live")
    expect(live).to_have_text("Editing the chain.")
    rows = panel(reporter).locator(".hop-row strong")
    expect(rows).to_have_text(["Evening Lamp", "a port official"])
    # To the second source, which then goes nearer the reader and back; the focus stays on it.
    panel(reporter).get_by_role("link", name="Edit a port official").focus()
    keys.press("Alt+ArrowUp")
    expect(rows).to_have_text(["a port official", "Evening Lamp"])
    expect(live).to_have_text("Moved nearer the reader.")
    moved = panel(reporter).locator(".hop-row", has=reporter.locator(":focus"))
    expect(moved.locator("strong")).to_have_text("a port official")
    keys.press("Alt+ArrowUp")
    expect(live).to_have_text("It can’t go nearer the reader.")
    keys.press("Alt+ArrowDown")
    expect(rows).to_have_text(["Evening Lamp", "a port official"])
    expect(moved.locator("strong")).to_have_text("a port official")
    # Enter opens its fields; a name is chosen from the list that a typing error leads to.
    panel(reporter).get_by_role("link", name="Edit a port official").focus()
    keys.press("Enter")
    field = panel(reporter).get_by_role("combobox", name="Source")
    expect(field).to_be_focused()
    keys.press("Control+a")
    keys.type("CW New")
    option = panel(reporter).get_by_role("listbox", name="Sources").get_by_role("option")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("Coast Wire")
    expect(option).to_contain_text("agency · CW News · 0 claims")
    keys.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(field).to_have_value("Coast Wire")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(panel(reporter).get_by_label("Kind")).to_have_value("agency")
    expect(panel(reporter).get_by_label("Naming")).to_have_value("named")
    keys.press("Enter")
    expect(rows).to_have_text(["Evening Lamp", "Coast Wire"])
    expect(panel(reporter).get_by_role("link", name="Edit Coast Wire")).to_be_focused()
    keys.press("Escape")
    expect(panel(reporter).locator(".chain .name")).to_contain_text(
        ["Island Post", "Evening Lamp", "Coast Wire"]
    )
    assert path(reporter) == address(ferry)
    assert names(ferry) == [["Evening Lamp", "Coast Wire"]]


def test_escape_closes_the_list_the_form_and_the_editor_and_loses_nothing(reporter: Page, ferry) -> None:
    field = begin_source(reporter).get_by_role("combobox", name="Source")
    field.press_sequentially("lamp")
    offers = panel(reporter).get_by_role("listbox", name="Sources")
    expect(offers.get_by_role("option")).to_have_count(1)
    reporter.keyboard.press("Escape")
    expect(offers).to_be_hidden()
    expect(field).to_have_value("lamp")
    reporter.keyboard.press("Escape")
    expect(field).to_have_count(0)
    panel(reporter).get_by_role("link", name="Add a chain of its own").click()
    expect(field).to_have_value("lamp")
    reporter.keyboard.press("Escape")
    expect(field).to_have_count(0)
    panel(reporter).get_by_role("button", name="Done").focus()
    reporter.keyboard.press("Escape")
    expect(panel(reporter).locator(".chain")).to_be_visible()
    assert names(ferry) == [["Evening Lamp", "a port official"]]


def test_a_parallel_source_of_chosen_words(reporter: Page, ferry) -> None:
    edit_chain(reporter).get_by_role("link", name="Add a parallel source to a port official").click()
    form = panel(reporter).locator("form.hop-form")
    form.wait_for()
    start, end = choose_words(reporter, HARBOUR, "A spokesman for the port")
    reporter.get_by_role("button", name="Source of the open claim").click()
    expect(form.get_by_label("Source", exact=True)).to_have_value("A spokesman for the port")
    expect(form.get_by_label("Its words in the text")).to_have_value("A spokesman for the port")
    form.get_by_label("Kind").select_option("person")
    form.get_by_label("Naming").select_option("described")
    form.get_by_label("How they know").fill("Speaks for it.")
    form.get_by_role("button", name="Add source").click()
    expect(panel(reporter).locator(".chain-label")).to_have_text(
        ["Chain 1 of 2 after Evening Lamp", "Chain 2 of 2 after Evening Lamp"]
    )
    made = ferry.hops.get(source__name="A spokesman for the port")
    assert (made.start, made.end, made.basis) == (start, end, "Speaks for it.")
    assert names(ferry) == [["Evening Lamp", "a port official"], ["Evening Lamp", "A spokesman for the port"]]


def test_words_chosen_while_the_editor_is_closed_open_it(reporter: Page, ferry) -> None:
    start, end = choose_words(reporter, HARBOUR, "A spokesman for the port")
    reporter.get_by_role("button", name="Source of the open claim").click()
    form = panel(reporter).locator("form.hop-form")
    expect(form.get_by_label("Source", exact=True)).to_have_value("A spokesman for the port")
    form.get_by_role("button", name="Add source").click()
    expect(form).to_have_count(0)
    made = ferry.hops.get(source__name="A spokesman for the port")
    assert (made.start, made.end) == (start, end)


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(reporter: Page, ferry, faults) -> None:
    panel(reporter).get_by_role("link", name="Edit Evening Lamp").click()
    form = panel(reporter).locator("form.hop-form")
    form.get_by_label("Source", exact=True).fill("—")
    form.get_by_label("Cue").fill("had it that")
    form.get_by_role("button", name="Save source").click()
    expect(form.get_by_text("A source needs a name.")).to_be_visible()
    expect(form.get_by_label("Source", exact=True)).to_have_value("—")
    expect(form.get_by_label("Source", exact=True)).to_be_focused()
    expect(form.get_by_label("Cue")).to_have_value("had it that")
    assert names(ferry) == [["Evening Lamp", "a port official"]]
    assert all("422" in fault for fault in faults)
    faults.clear()
