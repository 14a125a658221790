"""Notes in the browser: the words they are on, the thread beside them, and what only their author sees."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Annotation, Statement
from config.places import PROJECT
from tests import factories
from tests.browser.desk import address, choose_words, enter, panel
from tests.browser.test_every_page import serious, unfold_all, wider_than_the_screen
from tests.factories import FERRY, LAMP, OFFICIAL, TIMETABLE

FOLDER = PROJECT / "build" / "screenshots"
SEA = "🌊 Båten står — "


@pytest.fixture
def ferry(server) -> Statement:
    """A claim behind words that a browser counts otherwise than the text does."""
    capture = factories.article(SEA + factories.HARBOUR)
    factories.statement(capture, TIMETABLE, [LAMP])
    return factories.statement(capture, FERRY, [LAMP, OFFICIAL])


def noted(page: Page) -> str:
    return "".join(page.locator("#text [data-noted]").all_text_contents())


def test_a_note_on_words_is_written_found_again_edited_and_settled(page: Page, server, ferry) -> None:
    enter(page.context, server.url, "editor")
    page.goto(address(ferry))
    words = "run in January, the Evening"
    choose_words(page, ferry.capture.text, words)
    page.get_by_role("region", name="Chosen words").get_by_role("button", name="Note").click()
    page.keyboard.type("Which **year**?")
    panel(page).get_by_label("Tags").fill("dates")
    panel(page).get_by_label("Who sees it").select_option(label="Only me")
    panel(page).get_by_role("button", name="Add note").click()
    note = panel(page).locator(".note")
    expect(note.locator("strong", has_text="year")).to_be_visible()
    expect(note).to_contain_text("visible to you alone")
    assert noted(page) == words, "marked at once, without the page being loaded anew"
    page.get_by_role("link", name="Note by editor on the words before").press("Enter")
    expect(note).to_be_focused()
    assert "".join(page.locator("#text [data-stands=note]").all_text_contents()) == words
    note.get_by_role("link", name="Edit note").press("Enter")
    box = note.get_by_label("Note", exact=True)
    expect(box).to_be_focused()
    box.fill("Which winter?")
    page.reload()
    expect(box).to_have_value("Which winter?")
    note.get_by_role("button", name="Save note").click()
    expect(note).to_contain_text("Earlier versions (1)")
    note.get_by_role("button", name="Resolve").click()
    expect(note.locator("details.folded")).to_contain_text("Resolved by editor")
    assert noted(page) == ""
    expect(page.locator("#text .note-mark")).to_have_count(0)


def test_a_note_on_the_article_stands_beside_the_text_when_it_is_chosen(page: Page, server, ferry) -> None:
    enter(page.context, server.url, "editor")
    at = ferry.capture.text.index("fares will")
    by = factories.account("reporter", "ada")
    Annotation.objects.write(by, "By how much?", ferry.capture, start=at, end=at + 10, tags=["fares"])
    page.goto(f"/articles/{ferry.capture.document_id}/")
    page.get_by_role("link", name="Note by ada on the words before").click()
    thread = page.get_by_role("region", name="Note", exact=True)
    expect(thread).to_contain_text("By how much?")
    expect(page.locator("#stands")).to_be_in_viewport()
    thread.get_by_role("link", name="Tag: fares").click()
    expect(page.locator(".note-card")).to_have_count(1)
    page.get_by_role("link", name="fares will").click()
    expect(thread).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_notes_are_for_everybody(page: Page, server, ferry, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    enter(page.context, server.url, "editor")
    ada, editor = factories.account("reporter", "ada"), enter(page.context, server.url, "editor")
    flag = ferry.flags.first()
    start = ferry.capture.text.index("not run in January, the Evening Lamp")
    on_words = Annotation.objects.write(
        ada,
        "Which *January*? See <https://port.example/>.",
        ferry.capture,
        statement=ferry,
        start=start,
        end=start + 36,
        tags=["dates", "port authority"],
    )
    on_words.amend("Which *January*? See <https://port.example/>.\n\n- this one\n- the next")
    on_words.reply(editor, "The next, says the port.")
    Annotation.objects.write(editor, "Is it so?", ferry.capture, statement=ferry, flag=flag, private=True)
    Annotation.objects.write(editor, "Settled", ferry.capture, statement=ferry).resolve(ada)
    Annotation.objects.write(editor, "Not this", ferry.capture, statement=ferry).withdraw()
    at = ferry.capture.text.index("fares")
    on_article = Annotation.objects.write(ada, "How much?", ferry.capture, start=at, end=at + 5)
    mine = Annotation.objects.write(editor, "For **me**", ferry.capture, statement=ferry, private=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    article = f"/articles/{ferry.capture.document_id}/"
    for name, there in {
        "notes-claim": f"{address(ferry)}?note={on_words.pk}",
        "notes-edit": f"{address(ferry)}?note={mine.pk}&edit={mine.pk}",
        "notes-article": f"{article}?note={on_article.pk}",
        "notes-text": article,
        "notes-list": "/notes/?state=any",
    }.items():
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(there)
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=width == 390)
            unfold_all(page)
            assert serious(page, scheme) == []
            assert wider_than_the_screen(page) == []
