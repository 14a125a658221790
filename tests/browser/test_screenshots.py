"""Pictures of the pages, in build/screenshots: a chain, and with HEARSAY_SCREENSHOTS=1 every page.

HEARSAY_README_SCREENSHOT=1 makes the README's.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from claims.models import Claim, Statement
from config.places import PROJECT
from sources.models import Source
from tests.browser.desk import address, enter

FOLDER = PROJECT / "build" / "screenshots"
README = PROJECT / "docs" / "screenshot.png"
WIDTHS = (1440, 768, 390)


@pytest.fixture
def sample_desk(server, settings) -> None:
    """The demo's own articles, read by the real engine."""
    settings.DEMO = True
    call_command("make_demo_accounts", stdout=io.StringIO())
    call_command("load_sample_desk", stdout=io.StringIO(), stderr=io.StringIO())


def longest_chain() -> Statement:
    """The claim of the desk that came the longest way and isn't reviewed to the end."""
    return max(Statement.objects.standing(), key=lambda s: (max(map(len, s.chains()), default=0), -s.pk))


def pages(chain: Statement) -> dict[str, str]:
    """What is worth a picture, by name."""
    source = Source.objects.filter(hops__statement=chain).order_by("pk").first()
    claim = Claim.objects.order_by("pk").first()
    assert source
    assert claim
    return {
        "login": "/login/",
        "articles": "/articles/",
        "article": f"/articles/{chain.capture.document_id}/",
        "take-in": "/articles/new/",
        "claims": "/claims/",
        "claim": f"/claims/{claim.pk}/",
        "flags": "/flags/",
        "policy": "/policy/",
        "sources": "/sources/",
        "source": f"/sources/{source.pk}/",
    }


def take(page: Page, file: Path, *, full_page: bool = False) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=full_page)
    assert file.stat().st_size > 10_000


def test_the_pages_have_their_pictures(sample_desk, page: Page, server) -> None:
    chain = longest_chain()
    assert [hop.naming for hop in chain.chains()[0]] == ["named", "pseudonymous", "anonymous"]
    enter(page.context, server.url, "editor")
    shown = {"chain": address(chain)} | (pages(chain) if os.environ.get("HEARSAY_SCREENSHOTS") else {})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for name, at in shown.items():
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(at)
                take(page, FOLDER / f"{name}-{width}-{scheme}.png", full_page=width < WIDTHS[0])
    if os.environ.get("HEARSAY_README_SCREENSHOT"):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address(chain))
        take(page, README)
