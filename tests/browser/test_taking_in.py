"""Taking in an article: pasted, uploaded, by its address; and how its reading is shown."""

from __future__ import annotations

import io
import re

import docx
import pytest
from playwright.sync_api import Page, expect

from claims import attribution
from claims.attribution.types import Reading as Found
from claims.models import Reading
from claims.models.reading import Progress
from sources.models import Document
from tests import factories
from tests.browser.desk import enter, path

PASTE = """([plain, html]) => {
  const box = document.activeElement, data = new DataTransfer();
  data.setData('text/plain', plain);
  if (html) data.setData('text/html', html);
  const ours = !box.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  // What a browser does itself when nobody takes the paste over.
  if (!ours) document.execCommand('insertText', false, plain);
}"""

RICH = """<html><body><!--StartFragment--><h1>Quay to close</h1>
<p>The quay will close in June, <a href="https://lamp.example/quay">the Evening Lamp reported</a>.</p>
<p>Nobody at the port would comment.<br>The fares stay <b>as they are</b>.</p><!--EndFragment-->
</body></html>"""
SHOWN = (
    "Quay to close\n\nThe quay will close in June, the Evening Lamp reported.\n\n"
    "Nobody at the port would comment.\nThe fares stay as they are."
)
OUT = "link of the article to https://lamp.example/quay"


@pytest.fixture
def engine(monkeypatch) -> None:
    """An engine that finds nothing, at once."""
    monkeypatch.setattr(attribution, "read", lambda text, **given: Found((), ()))


@pytest.fixture
def form(page: Page, server) -> Page:
    """The form to take in an article, with a reporter at it."""
    enter(page.context, server.url, "reporter")
    page.goto("/articles/new/")
    return page


def paste(page: Page, plain: str, html: str = "") -> None:
    page.get_by_label("Paste the text").focus()
    page.evaluate(PASTE, [plain, html])


def take_in(page: Page) -> None:
    page.get_by_role("button", name="Take in", exact=True).click()


def text_of_the_only_article() -> str:
    capture = Document.objects.get().latest_capture
    assert capture
    return capture.text


def test_pasted_text_is_taken_in_as_it_is(form: Page) -> None:
    paste(form, factories.HARBOUR)
    take_in(form)
    expect(form.get_by_role("heading", level=1)).to_have_text("Ferry to stop in winter")
    expect(form.locator("#text p").last).to_have_text("The fares will double next year.")
    assert text_of_the_only_article() == factories.HARBOUR


def test_pasted_html_keeps_its_links_and_paragraphs(form: Page) -> None:
    paste(form, "not looked at", RICH)
    expect(form.get_by_label("Paste the text")).to_have_value(SHOWN)
    expect(form.get_by_text("One link is kept.")).to_be_visible()
    take_in(form)
    expect(form.get_by_role("link", name=OUT)).to_have_attribute("href", "https://lamp.example/quay")
    expect(form.locator("#text p")).to_have_count(2)


def test_pictures_and_soft_hyphens_of_what_was_pasted_cost_no_link(form: Page) -> None:
    icon = "<svg><title>An icon</title><text>Share</text></svg>"
    paste(form, "not looked at", RICH.replace("Nobody", f"{icon}<q>No\u00adbody</q>"))
    expect(form.get_by_label("Paste the text")).not_to_have_value(re.compile("An icon"))
    take_in(form)
    expect(form.get_by_role("link", name=OUT)).to_have_attribute("href", "https://lamp.example/quay")


def test_editing_after_pasting_leaves_the_links_out_and_says_so(form: Page) -> None:
    paste(form, "not looked at", RICH)
    form.get_by_label("Paste the text").press_sequentially(" Perhaps.")
    expect(form.get_by_text("so its links are left out")).to_be_visible()
    take_in(form)
    expect(form.locator("#text")).to_contain_text("as they are. Perhaps.")
    expect(form.get_by_role("link", name=OUT)).to_have_count(0)


def test_a_paste_into_written_text_is_left_to_the_browser(form: Page) -> None:
    form.get_by_label("Paste the text").fill("Written first. ")
    form.get_by_label("Paste the text").press("End")
    paste(form, "The quay will close.", RICH)
    expect(form.get_by_label("Paste the text")).to_have_value("Written first. The quay will close.")


def word_file() -> bytes:
    document = docx.Document()
    for paragraph in factories.HARBOUR.split("\n\n"):
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def page_file() -> bytes:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in factories.HARBOUR.split("\n\n")[1:])
    head = "<title>Ferry to stop in winter</title>"
    body = f"<article><h1>Ferry to stop in winter</h1>{paragraphs}</article>"
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("name", "media_type", "make"),
    [
        ("ferry.html", "text/html", page_file),
        ("ferry.txt", "text/plain", factories.HARBOUR.encode),
        (
            "ferry.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            word_file,
        ),
    ],
)
def test_a_file_is_taken_in(form: Page, name, media_type, make) -> None:
    form.get_by_label("A file").set_input_files({"name": name, "mimeType": media_type, "buffer": make()})
    take_in(form)
    expect(form.get_by_role("heading", level=1)).to_contain_text(re.compile("ferry", re.IGNORECASE))
    expect(form.locator("#text p").last).to_have_text("The fares will double next year.")


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254"])
def test_an_address_of_our_own_machines_is_refused_and_nothing_typed_is_lost(
    form: Page, host, faults
) -> None:
    refused = f"http://{host}/latest/meta-data/"
    form.get_by_label("An address").fill(refused)
    form.get_by_text("Details, if you know better").click()
    form.get_by_label("Title").fill("What I call it")
    take_in(form)
    field = form.locator(".field", has=form.get_by_label("An address"))
    expect(field.get_by_role("alert")).not_to_be_empty()
    expect(form.get_by_label("An address")).to_have_value(refused)
    expect(form.get_by_label("Title")).to_have_value("What I call it")
    assert not Document.objects.exists()
    ignore_refusal(faults)


def ignore_refusal(faults: list[str], status: int = 422) -> None:
    """Chromium itself puts an answer of 4xx on the console."""
    assert faults
    assert all(f"{status}" in fault for fault in faults), faults
    faults.clear()


def test_a_form_without_any_text_says_what_is_missing(form: Page, faults) -> None:
    take_in(form)
    expect(form.get_by_role("alert").first).to_have_text("Paste a text, choose a file or give an address.")
    ignore_refusal(faults)


def test_what_is_here_already_is_said_to_be(form: Page) -> None:
    for _ in range(2):
        form.goto("/articles/new/")
        paste(form, factories.HARBOUR)
        take_in(form)
    expect(form.get_by_role("list", name="Messages")).to_contain_text("This text is here already")
    assert Document.objects.count() == 1


def test_the_reading_is_shown_as_it_goes_on_and_its_end_by_itself(form: Page, engine, work_off) -> None:
    paste(form, factories.HARBOUR)
    take_in(form)
    expect(form.get_by_text("Waiting to be read…")).to_be_visible()
    Reading.objects.update(progress=Progress.READING)
    expect(form.get_by_text("Reading…")).to_be_visible()
    Reading.objects.update(progress=Progress.WAITING)
    work_off()
    expect(form.locator("#reading")).to_have_count(0)
    expect(form.get_by_text("Nothing in this text was found to be said by somebody.")).to_be_visible()


def test_a_note_begun_while_the_text_is_read_outlives_the_end_of_the_reading(
    form: Page, engine, work_off
) -> None:
    paste(form, factories.HARBOUR)
    take_in(form)
    form.get_by_text("Notes on the article").click()
    form.get_by_label("Note", exact=True).fill("Half a tho")
    work_off()
    expect(form.locator("#reading")).to_have_count(0)
    expect(form.get_by_label("Note", exact=True)).to_have_value("Half a tho")


def test_details_and_a_claim_begun_while_the_text_is_read_outlive_the_end_of_the_reading(
    form: Page, engine, work_off
) -> None:
    paste(form, factories.HARBOUR)
    take_in(form)
    form.get_by_label("Publisher", exact=True).fill("Island Po")
    form.get_by_label("Published on").fill("2026-01-31")
    form.get_by_text("Add a claim").click()
    form.get_by_label("The words, exactly").fill("The fares will")
    work_off()
    expect(form.locator("#reading")).to_have_count(0)
    expect(form.get_by_label("Publisher", exact=True)).to_have_value("Island Po")
    expect(form.get_by_label("Published on")).to_have_value("2026-01-31")
    expect(form.get_by_label("The words, exactly")).to_have_value("The fares will")
    form.get_by_role("button", name="Save details").click()
    expect(form.get_by_role("list", name="Messages")).to_contain_text("The details are saved.")
    kept = "Object.keys(localStorage).filter((key) => key.includes(':details-'))"
    assert form.evaluate(kept) == []
    expect(form.get_by_label("The words, exactly")).to_have_value("The fares will")


def test_a_reading_that_failed_can_be_tried_again(form: Page, monkeypatch, work_off, caplog) -> None:
    def broken(text: str, **given: object) -> Found:
        raise RuntimeError("invented")

    with monkeypatch.context() as patched:
        patched.setattr(attribution, "read", broken)
        paste(form, factories.HARBOUR)
        take_in(form)
        form.locator("#reading").wait_for()
        work_off()
    expect(form.get_by_text("The reading failed.")).to_be_visible()
    monkeypatch.setattr(attribution, "read", lambda text, **given: Found((), ()))
    form.get_by_role("button", name="Try again").click()
    expect(form.get_by_text("Waiting to be read…")).to_be_visible()
    work_off()
    expect(form.get_by_text("Nothing in this text")).to_be_visible()


def test_a_text_in_another_language_is_kept_and_said_to_be_unread(form: Page, work_off) -> None:
    paste(
        form,
        "Die Fähre fährt im Winter nicht, berichtet das Abendblatt.\n\n"
        "Ein Sprecher des Hafens sagte, der Fahrplan stehe noch nicht fest. Die Preise sollen steigen.",
    )
    take_in(form)
    form.locator("#reading").wait_for()
    work_off()
    expect(form.get_by_text("Not read:")).to_be_visible()
    expect(form.locator("#text")).to_contain_text("Abendblatt")


def test_from_a_paste_to_a_chain_with_the_real_engine(form: Page, work_off) -> None:
    paste(
        form,
        "The Evening Lamp, citing a port official, reported that the ferry will not run in January.\n\n"
        "“We have not decided anything,” said Orla Pike, the head of the ferry company.",
    )
    take_in(form)
    form.locator("#reading").wait_for()
    work_off()
    mark = form.locator("mark", has_text="will not run in January").first
    mark.click()
    panel = form.locator("#claim")
    expect(panel.locator(".chain .name")).to_contain_text(["Evening Lamp", "port official"])
    expect(panel.get_by_text("Anonymous single origin").first).to_be_visible()
    assert path(form).endswith(f"/claims/{mark.get_attribute('data-statement')}/")
