"""A review with scripts off: everything is a plain link or form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.desk import address, begin_source, done, panel, path, unfold
from tests.factories import FERRY, HARBOUR, LAMP


@pytest.fixture
def plain(another_page, server) -> Page:
    """A browser without scripts, logged in as an editor by the form."""
    factories.account("editor")
    page: Page = another_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    return page


def test_an_article_is_taken_in_and_its_reading_looked_at_again(plain: Page, faults) -> None:
    plain.get_by_role("navigation", name="Pages").get_by_role("link", name="Articles").click()
    plain.get_by_role("link", name="Take in the first one").click()
    plain.get_by_label("Paste the text").fill(HARBOUR)
    plain.get_by_role("button", name="Take in", exact=True).click()
    expect(plain.get_by_text("Waiting to be read…")).to_be_visible()
    plain.get_by_role("link", name="Look again").click()
    expect(plain.get_by_text("Waiting to be read…")).to_be_visible()
    assert not faults


def test_a_claim_is_reviewed_from_its_number_to_its_verdict(plain: Page, faults) -> None:
    ferry = factories.statement(factories.article(), FERRY, [LAMP])
    plain.goto(f"/articles/{ferry.capture.document_id}/")
    plain.get_by_role("link", name="Claim 1", exact=True).click()
    assert path(plain) == address(ferry)
    part = panel(plain)

    unfold(plain, "Note").get_by_role("link", name="Show it").click()
    part.get_by_label("Note", exact=True).fill("Ask the port.")
    part.get_by_role("button", name="Add note").click()
    expect(part.locator(".note .body")).to_have_text("Ask the port.")

    unfold(plain, "Flag").get_by_role("link", name="Show it").click()
    part.get_by_label("Weakness").select_option(label="Weasel words")
    part.get_by_label("Why", exact=True).fill("It says so itself.")
    part.get_by_role("button", name="Raise flag").click()
    expect(part.locator(".flag", has_text="Weasel words")).to_contain_text("It says so itself.")

    form = begin_source(plain, "Add after Evening Lamp")
    form.get_by_label("Source", exact=True).fill("a port official")
    form.get_by_label("Naming").select_option("anonymous")
    form.get_by_label("Its words in the text").fill("a port official")
    form.get_by_role("button", name="Add source").click()
    made = ferry.hops.get(source__name="a port official")
    assert ferry.capture.text[made.start : made.end] == "a port official"
    part.get_by_role("button", name="Nearer the reader a port official").click()
    expect(part.locator(".hop-row strong")).to_have_text(["a port official", "Evening Lamp"])
    part.get_by_role("button", name="Nearer the origin a port official").click()
    done(plain)
    expect(part.locator(".chain .name")).to_contain_text(["Island Post", "Evening Lamp", "a port official"])

    part.get_by_role("button", name="Needs source").click()
    expect(part.locator(".verdict .meta")).to_contain_text("Needs source by editor")
    assert path(plain) == address(ferry)
    assert not faults


def test_a_claim_is_added_by_writing_its_words(plain: Page) -> None:
    capture = factories.article()
    plain.goto(f"/articles/{capture.document_id}/")
    plain.get_by_text("Add a claim", exact=True).click()
    plain.get_by_label("The words, exactly as they stand in the text").fill(FERRY)
    plain.get_by_role("button", name="Add claim").click()
    expect(plain.locator("mark.chosen")).to_have_text(FERRY)
