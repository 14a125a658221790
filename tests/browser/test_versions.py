"""A new version in the browser: without scripts, on a phone, and for those who can't see the marks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Statement
from config.places import PROJECT
from sources.models import Capture
from tests import factories
from tests.browser.desk import address, enter, panel
from tests.browser.test_every_page import serious, unfold_all, wider_than_the_screen
from tests.claims.test_versions import SECOND
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, TIMETABLE

FOLDER = PROJECT / "build" / "screenshots"


@pytest.fixture
def capture(server) -> Capture:
    """A reviewed article of three claims."""
    editor = factories.account("editor")
    capture = factories.article()
    factories.statement(capture, FERRY, [LAMP, OFFICIAL])
    for words in (TIMETABLE, FARES):
        factories.statement(capture, words).decide(editor, "weak", "One voice")
    return capture


def send(page: Page, capture: Capture) -> None:
    """Paste the new version."""
    page.goto(f"/articles/{capture.document_id}/")
    page.get_by_role("link", name="New version").click()
    page.get_by_label("Paste the new text").fill(SECOND)
    page.get_by_role("button", name="Take in this version").click()
    expect(page.get_by_role("region", name="Tray (1)")).to_be_visible()


def test_a_new_version_is_worked_through_without_scripts(another_page, server, capture, faults) -> None:
    page = another_page(java_script_enabled=False)
    enter(page.context, server.url, "editor")
    send(page, capture)
    expect(page.get_by_text("1 claim changed with a new version")).to_be_visible()
    timetable = Statement.objects.get(wording__contains="winter timetable")
    page.goto(address(timetable))
    expect(panel(page).get_by_role("heading", name="Changed since")).to_be_visible()
    expect(panel(page).locator("ins")).to_have_text(["winter", "yet"])
    page.goto(f"/articles/{capture.document_id}/")
    tray = page.get_by_role("region", name="Tray (1)")
    tray.get_by_text("Put it on other words").click()
    tray.get_by_label("The words, exactly").fill("Snow fell on the quay all night")
    tray.get_by_role("button", name="Put it there").click()
    expect(panel(page).get_by_role("heading", name="Changed since")).to_be_visible()
    expect(page.locator("#tray")).to_have_count(0)
    assert not faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_new_version_are_for_everybody(page: Page, server, capture, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    enter(page.context, server.url, "editor")
    send(page, capture)
    at = f"/articles/{capture.document_id}/"
    timetable = Statement.objects.get(wording__contains="winter timetable")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, there in {
        "version-form": f"{at}version/",
        "version-article": at,
        "version-changed": address(timetable),
        "version-earlier": f"{at}captures/{capture.pk}/",
    }.items():
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(there)
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
            unfold_all(page)
            assert serious(page, scheme) == []
            assert wider_than_the_screen(page) == []
