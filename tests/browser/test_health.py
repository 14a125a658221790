"""The browser, the server and the database are there and know of each other."""

from __future__ import annotations

from playwright.sync_api import Page


def test_the_server_says_that_it_is_well(page: Page, server) -> None:
    answer = page.goto(f"{server.url}/healthz")
    assert answer is not None
    assert answer.status == 200


def test_a_login_leads_to_the_articles(page: Page, login) -> None:
    login(page, "reader")
    assert page.url.endswith("/articles/")
