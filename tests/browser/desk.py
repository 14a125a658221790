"""What people do in the browser, by the words that the pages have for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page

from claims.models import Statement
from tests import factories

SELECT = """([start, end]) => {
  // The text's offsets are code points, a browser's are UTF-16 units.
  const edge = (at, last) => {
    for (const run of document.querySelectorAll('#text [data-start]')) {
      const points = Array.from(run.textContent), from = Number(run.dataset.start);
      if (last ? at > from && at <= from + points.length : at >= from && at < from + points.length)
        return [run.firstChild, points.slice(0, at - from).join('').length];
    }
    throw new Error(`no words at ${at}`);
  };
  getSelection().setBaseAndExtent(...edge(start, false), ...edge(end, true));
}"""


def enter(context: BrowserContext, url: str, role: str, name: str = "") -> Any:
    """Give the browser a session of that role, without the way through the log-in page."""
    from django.contrib.auth.models import User

    user = User.objects.filter(username=name or role).first() or factories.account(role, name)
    client = Client()
    client.force_login(user, "claims.access.NewsroomBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    return user


def address(statement: Statement) -> str:
    """The address of the page with this claim chosen."""
    return f"/articles/{statement.capture.document_id}/claims/{statement.pk}/"


def path(page: Page) -> str:
    """Where the page is, without the server's name."""
    return urlsplit(page.url).path


def panel(page: Page) -> Locator:
    """The panel of the claim that is chosen."""
    return page.locator("#claim")


def choose_words(page: Page, text: str, words: str) -> tuple[int, int]:
    """Select words of the article as a mouse would; their offsets in code points."""
    start = text.index(words)
    page.evaluate(SELECT, [start, start + len(words)])
    page.locator("#chosen-words").wait_for()
    return start, start + len(words)


def unfold(page: Page, title: str) -> Locator:
    """Open the part of the panel that folds out under this title."""
    part = panel(page).locator("details", has=page.locator(f"summary:text-is('{title}')"))
    part.locator("> summary").click()
    return part


def edit_chain(page: Page) -> Locator:
    """Open the editor of the chain."""
    panel(page).get_by_role("button", name="Edit chain", exact=True).click()
    editor = panel(page).locator("[data-chain-editor]")
    editor.wait_for()
    return editor


def begin_source(page: Page, where: str = "Add a chain of its own") -> Locator:
    """Open the form of a new source in the editor."""
    edit_chain(page).get_by_role("link", name=where, exact=True).click()
    form = panel(page).locator("form.hop-form")
    form.wait_for()
    return form


def done(page: Page) -> None:
    """Leave the editor of the chain."""
    panel(page).get_by_role("button", name="Done", exact=True).click()
    panel(page).locator(".chain").first.wait_for()
