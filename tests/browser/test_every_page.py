"""What holds on every page: axe has nothing serious to say, and nothing is wider than a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Annotation, Claim, Flag, Statement, Word
from sources.models import Source
from tests import factories
from tests.browser.desk import address, enter, panel
from tests.factories import FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE

SERIOUS = ("serious", "critical")
LONG_WORD = "https://lamp.example/" + "a-very-long-address-without-any-break" * 4


@pytest.fixture
def pages(server) -> dict[str, str]:
    """The address of every page, over an article on which much has been done."""
    editor = factories.account("editor")
    capture = factories.article(by=editor)
    ferry = factories.statement(capture, FERRY, [LAMP, OFFICIAL], [SPOKESMAN])
    other = factories.statement(capture, TIMETABLE, [SPOKESMAN], stance="denies", confidence=0.3)
    decided = factories.statement(capture, factories.FARES)
    note = Annotation.objects.write(editor, f"See {LONG_WORD}.", capture, statement=ferry)
    note.reply(editor, "I did.")
    Annotation.objects.write(editor, "On words.", capture, start=0, end=5)
    Flag.objects.raise_by_hand(ferry, editor, "NO_LINK", "It is named and not linked.", "info")
    Flag.objects.raise_by_hand(ferry, editor, "DENIED", "It is.", "warn").decide("confirmed", editor)
    weasel = Flag.objects.raise_by_hand(ferry, editor, "WEASEL", "It does.", "warn")
    weasel.decide("dismissed", editor, "It does not.")
    decided.decide(editor, "rejected", "Nobody says so.")
    claim = Claim.objects.join([ferry, other], "No ferry in winter", editor)
    source = Source.objects.get(name="Evening Lamp")
    Word.objects.renew()
    return {
        "desk": reverse("desk"),
        "desk, claims": reverse("desk") + "?show=claims&state=any&flag=NO_LINK",
        "desk, chosen": reverse("desk") + "?show=claims&chosen=all",
        "desk, nothing": reverse("desk") + "?who=mine",
        "away": reverse("away"),
        "articles": reverse("article-list"),
        "nothing found": reverse("article-list") + "?q=nothing-like-it",
        "take in": reverse("article-new"),
        "article": reverse("article", args=[capture.document_id]),
        "chosen": address(ferry),
        "reason": f"{address(ferry)}?hop={ferry.chains()[0][1].pk}",
        "unsure": f"{address(other)}?hop={other.hops.get().pk}",
        "decided": address(decided),
        "chain": reverse("chain", args=[ferry.pk]),
        "chain, a source": reverse("chain", args=[ferry.pk]) + f"?hop={ferry.hops.all()[0].pk}",
        "chain, a new source": reverse("chain", args=[ferry.pk]) + "?add=reader",
        "copy a chain": reverse("chain-copy", args=[ferry.pk]),
        "split": reverse("statement-split", args=[ferry.pk]),
        "merge": reverse("statement-merge", args=[ferry.pk]),
        "claims": reverse("statement-list"),
        "claim": reverse("claim", args=[claim.pk]),
        "flags": reverse("flag-list") + "?state=any",
        "notes": reverse("note-list") + "?state=any",
        "a note edited": f"{address(ferry)}?note={note.pk}&edit={note.pk}",
        "words": f"{address(ferry)}?words={ferry.flags.exclude(places=[])[0].pk}",
        "policy": reverse("policy"),
        "sources": reverse("source-list"),
        "search": reverse("search") + "?q=ferry+OR+port+OR+see",
        "search, corrected": reverse("search") + "?q=ferrry",
        "search, nothing": reverse("search") + "?q=nothing-like-it",
        "source": reverse("source", args=[source.pk]),
        "password": reverse("password_change"),
        "404": "/nothing/",
    }


def unfold_all(page: Page) -> None:
    """Open all that folds out, so that it is looked at as well."""
    page.evaluate(
        "document.querySelectorAll('details:not(.account)').forEach((part) => { part.open = true; })"
    )


def serious(page: Page, scheme: str) -> list[str]:
    """What axe finds serious or critical on the page, by rule and place."""
    # Dark differs from light by its colours alone.
    rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found
        if v["impact"] in SERIOUS
        for node in v["nodes"]
    ]


def wider_than_the_screen(page: Page) -> list[str]:
    """What sticks out at the right, where the page scrolls sideways."""
    return page.evaluate("""() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      return [...document.querySelectorAll('body *')]
        .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
        .map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 40)}`);
    }""")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, server, pages, faults, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    found = {}
    page.goto("/login/")
    found["login"] = serious(page, scheme)
    enter(page.context, server.url, "reader")
    page.goto(pages["take in"])
    expect(page.get_by_role("heading", name="Not for this account")).to_be_visible()
    found["403"] = serious(page, scheme)
    enter(page.context, server.url, "editor")
    for name, at in pages.items():
        page.goto(at)
        unfold_all(page)
        found[name] = serious(page, scheme)
    assert {name: what for name, what in found.items() if what} == {}
    assert all("403" in fault or "404" in fault for fault in faults)
    faults.clear()


def test_no_page_is_wider_than_a_phone(page: Page, server, pages, faults) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    enter(page.context, server.url, "editor")
    found = {}
    for name, at in pages.items():
        page.goto(at)
        found[name] = wider_than_the_screen(page)
        unfold_all(page)
        found[f"{name}, unfolded"] = wider_than_the_screen(page)
    assert {name: what for name, what in found.items() if what} == {}
    faults.clear()


def test_on_a_phone_choosing_a_claim_leads_to_its_panel(page: Page, server, pages) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    enter(page.context, server.url, "editor")
    page.goto(pages["article"])
    ferry = Statement.objects.get(exact=FERRY)
    page.locator(f"#mark-{ferry.pk}").click()
    expect(panel(page).locator(".wording")).to_be_in_viewport()
    expect(panel(page).locator(".wording")).to_have_text(FERRY)
