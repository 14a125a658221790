"""The browser, the server and the database are there and know of each other."""

from __future__ import annotations

from playwright.sync_api import Page


def test_the_server_says_that_it_is_well(page: Page, server) -> None:
    # Not by going there: it isn't a page, and a browser would ask for its icon.
    assert page.request.get(f"{server.url}/healthz").status == 200


def test_a_login_leads_to_the_desk(page: Page, login) -> None:
    login(page, "reader")
    assert page.url.endswith("/desk/")
