"""A new version of an article, through HTTP: the form, the marks, the tray, and who may."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims import access
from claims.models import Annotation, Statement
from claims.models.statement import StatementQuerySet
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import FARES, FERRY, HARBOUR, LAMP, OFFICIAL, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db

PUT_IN = "🚢 The harbour was full of boats on Friday.\n\n"
SECOND = PUT_IN + HARBOUR.replace(
    "the timetable was not settled", "the winter timetable was not yet settled"
).replace("The fares will double next year.", "Snow fell on the quay all night.")


def address(capture: Capture) -> str:
    return reverse("article-version", args=[capture.document_id])


def latest(capture: Capture) -> Capture:
    found = capture.document.latest_capture
    assert found
    return found


def send(client: Client, capture: Capture, text: str = SECOND, **more: object):
    return client.post(address(capture), {"text": text, "over": capture.pk} | more)


def page(client: Client, capture: Capture) -> str:
    return client.get(reverse("article", args=[capture.document_id])).content.decode()


@pytest.fixture
def timetable(capture: Capture) -> Statement:
    made = statement(capture, TIMETABLE)
    made.decide(account("editor", "ada"), "accepted", "Seen it")
    return made


@pytest.fixture
def fares(capture: Capture) -> Statement:
    made = statement(capture, FARES, [LAMP, OFFICIAL])
    Annotation.objects.write(account("editor", "bo"), "By how much?", capture, statement=made)
    return made


def test_a_reporter_pastes_a_new_version(
    as_: As, capture: Capture, ferry: Statement, timetable: Statement, fares: Statement
):
    client = as_("reporter")
    assert address(capture) in page(client, capture)
    form = client.get(address(capture)).content.decode()
    assert f'name="over" value="{capture.pk}"' in form
    answer = send(client, capture)
    assert (answer.status_code, answer["Location"]) == (303, reverse("article", args=[capture.document_id]))
    new = latest(capture)
    assert new != capture
    assert new.readings.filter(progress="waiting").exists()
    there = page(client, capture)
    assert "1 unchanged, 1 changed since and open again, 1 in the tray" in there
    assert there.count("data-changed") == 1
    assert "changed since</small>" in there
    assert 'id="tray"' in there
    assert "The fares will double next year" in there
    assert "1 note" in there
    earlier = client.get(reverse("article-capture", args=[capture.document_id, capture.pk])).content.decode()
    assert "Claims that went on to a later version (2)" in earlier
    assert "here it was accepted" in earlier


def test_the_panel_shows_old_and_new_words_until_somebody_decides(
    as_: As, capture: Capture, timetable: Statement
):
    send(as_("reporter"), capture)
    at = reverse("statement", args=[capture.document_id, timetable.pk])
    client = as_("editor")
    panel = client.get(at).content.decode()
    assert "Changed since" in panel
    assert "<ins>winter</ins>" in panel
    assert "The verdict was “accepted”; it is open again." in panel
    history = client.get(f"{at}?open=history").content.decode()
    assert "carried it over to a new version, where “the timetable was not settled” is" in history
    assert "changed the words" not in history
    version = Statement.objects.get(pk=timetable.pk).version
    client.post(
        reverse("statement-verdict", args=[timetable.pk]), {"decision": "accepted", "version": version}
    )
    assert "Changed since" not in client.get(at).content.decode()
    assert "data-changed" not in page(client, capture)


def test_a_change_over_the_version_before_is_a_conflict(as_: As, capture: Capture, ferry: Statement):
    send(as_("reporter"), capture)
    answer = as_("editor").post(
        reverse("statement-verdict", args=[ferry.pk]), {"decision": "weak", "version": ferry.version}
    )
    assert answer.status_code == 409
    assert "Somebody changed this claim while you were at it" in answer.content.decode()
    history = as_("editor").get(reverse("statement-history", args=[ferry.pk]), follow=True)
    assert "carried it over to a new version" in history.content.decode()


def test_a_file_is_a_version_too(as_: As, capture: Capture, ferry: Statement):
    upload = SimpleUploadedFile("draft.txt", SECOND.encode(), "text/plain")
    answer = as_("reporter").post(address(capture), {"over": capture.pk, "file": upload})
    assert answer.status_code == 303
    assert Statement.objects.get(pk=ferry.pk).capture == capture.document.latest_capture


def test_what_is_no_new_version_is_told(as_: As, capture: Capture):
    client = as_("reporter")
    other = article("Another text altogether.", title="Bells", url="https://bells.example/")
    upload = SimpleUploadedFile("draft.txt", b"x", "text/plain")
    for sent, told in (
        ({"text": HARBOUR}, "the words of the latest version already"),
        ({"text": other.text}, "as another article: “Bells”"),
        ({"text": ""}, "Paste the new text"),
        ({"text": "x", "file": upload}, "Take in one at a time"),
        ({"text": "\x00"}, "error"),
        ({"text": SECOND, "over": ""}, "error"),
    ):
        answer = send(client, capture, **sent)
        assert answer.status_code == 422, sent
        assert told in answer.content.decode(), sent
    assert capture.document.captures.count() == 1


def test_going_back_to_an_earlier_version_byte_for_byte_is_told(as_: As, capture: Capture):
    client = as_("reporter")
    send(client, capture)
    second = latest(capture)
    answer = send(client, second, HARBOUR)
    assert answer.status_code == 422
    assert "byte for byte" in answer.content.decode()


def test_a_version_over_one_that_is_no_longer_the_latest_comes_back(as_: As, capture: Capture):
    client = as_("reporter")
    send(client, capture)
    third = PUT_IN + SECOND
    answer = send(client, capture, third)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Somebody took in a newer version" in body
    assert "full of boats on Friday" in body
    second = latest(capture)
    assert f'name="over" value="{second.pk}"' in body
    assert send(client, second, third).status_code == 303


def test_a_claim_of_the_tray_is_put_on_other_words(as_: As, capture: Capture, fares: Statement):
    client = as_("reporter")
    send(client, capture)
    there = {"words": "Snow fell on the quay", "version": Statement.objects.get(pk=fares.pk).version}
    at = reverse("statement-place", args=[fares.pk])
    wrong = client.post(at, there | {"words": "Nowhere to be found"})
    assert wrong.status_code == 422
    assert "Nowhere to be found" in wrong.content.decode()
    assert client.post(at, there | {"version": 99}).status_code == 422
    answer = client.post(at, there)
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("statement", args=[capture.document_id, fares.pk]),
    )
    now = Statement.objects.get(pk=fares.pk)
    assert (now.exact, now.capture) == ("Snow fell on the quay", capture.document.latest_capture)
    assert 'id="tray"' not in page(client, capture)
    again = client.post(at, there | {"words": "full of boats"}, follow=True)
    assert "on the latest version already" in again.content.decode()
    assert Statement.objects.get(pk=fares.pk).exact == "Snow fell on the quay"


def test_a_claim_of_the_tray_is_deleted(as_: As, capture: Capture, fares: Statement):
    client = as_("reporter")
    send(client, capture)
    version = Statement.objects.get(pk=fares.pk).version
    client.post(reverse("statement-delete", args=[fares.pk]), {"version": version})
    assert 'id="tray"' not in page(client, capture)
    assert Statement.objects.get(pk=fares.pk).deleted_at


@pytest.fixture
def lost(capture: Capture) -> Annotation:
    """A note on words that the second version lacks, with a reply, tags and an end."""
    at = HARBOUR.index(FARES)
    editor = account("editor", "ada")
    note = Annotation.objects.write(
        editor, "Sure?", capture, start=at, end=at + len(FARES), tags=["fares", "port"]
    )
    note.reply(account("editor", "bo"), "Quite.")
    Annotation.objects.get(pk=note.pk).resolve(editor)
    return note


def place_note(client: Client, note: Annotation, words: str, **more: object):
    return client.post(reverse("note-place", args=[note.pk]), {"words": words, "version": 1} | more)


def test_a_note_on_lost_words_is_in_the_tray_and_put_on_others(as_: As, capture: Capture, lost: Annotation):
    client = as_("reporter")
    assert place_note(client, lost, "Snow fell").status_code == 404, "it isn't in the tray yet"
    send(client, capture)
    there = page(as_("reader"), capture)
    assert "Tray (1)" in there
    assert "Note by ada: Sure?" in there
    assert "1 reply · resolved" in there
    assert reverse("note-place", args=[lost.pk]) not in there
    wrong = place_note(client, lost, "Nowhere to be found")
    assert wrong.status_code == 422
    assert "Nowhere to be found" in wrong.content.decode()
    assert place_note(client, lost, "Snow fell", version=9).status_code == 422
    answer = place_note(client, lost, "Snow fell")
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{reverse('article', args=[capture.document_id])}?note={lost.pk}#note-{lost.pk}",
    )
    now = Annotation.objects.get(pk=lost.pk)
    assert (now.capture, now.exact, now.tags) == (latest(capture), "Snow fell", ["fares", "port"])
    assert now.resolved_by
    assert now.replies.get().capture == now.capture
    again = page(client, capture)
    assert 'id="tray"' not in again
    assert "Notes whose words changed (1)" in again
    assert place_note(client, lost, "all night", version=2).status_code == 404


def test_nobody_else_hears_of_a_private_note_in_a_new_version(as_: As, capture: Capture, lost: Annotation):
    Annotation.objects.filter(parent=lost).update(parent=None, private=False, body="Quite another")
    Annotation.objects.get(pk=lost.pk).amend("Sure?", private=True)
    at = HARBOUR.index("the timetable")
    Annotation.objects.write(lost.author, "Which?", capture, start=at, end=at + len(TIMETABLE), private=True)
    told = as_("editor").post(address(capture), {"text": SECOND, "over": capture.pk}, follow=True)
    assert "Of its claims and notes: 1 moved." not in told.content.decode()
    assert "Its notes and claims" not in told.content.decode()
    for role in ("editor", "admin", "reader"):
        there = page(as_(role), capture)
        assert "Sure?" not in there, role
        assert "Notes whose words changed" not in there, role
        assert "Tray" not in there, role
    mine = Client()
    mine.force_login(lost.author)
    there = page(mine, capture)
    assert "Tray (1)" in there
    assert "Notes whose words changed (1)" in there


def test_a_note_on_a_claim_s_words_goes_where_they_went(as_: As, capture: Capture, timetable: Statement):
    def note(words: str) -> Annotation:
        at = HARBOUR.index(words)
        editor = timetable.verdicts.get().by
        return Annotation.objects.write(
            editor, "Look", capture, statement=timetable, start=at, end=at + len(words)
        )

    kept, gone = note("was not"), note("A spokesman for the port")
    send(as_("reporter"), capture, SECOND.replace("A spokesman for the port said", "It is said that"))
    kept, gone = (Annotation.objects.get(pk=each.pk) for each in (kept, gone))
    new = latest(capture)
    assert (kept.capture, gone.capture) == (new, new)
    assert kept.start is not None
    assert new.text[kept.start : kept.end] == kept.exact
    assert (gone.start, gone.end, gone.exact) == (None, None, "A spokesman for the port")
    at = reverse("statement", args=[capture.document_id, timetable.pk])
    assert "No longer in the text" in as_("reader").get(at).content.decode()


@pytest.mark.parametrize(("role", "status"), [(None, 403), ("reader", 403)])
def test_who_may_not_write_takes_in_no_version(
    as_: As, capture: Capture, fares: Statement, role: str | None, status: int
):
    client = as_(role)
    assert client.get(address(capture)).status_code == status
    assert send(client, capture).status_code == status
    assert client.post(reverse("statement-place", args=[fares.pk])).status_code == status
    assert capture.document.captures.count() == 1


def test_a_reader_sees_the_tray_without_its_buttons(as_: As, capture: Capture, fares: Statement):
    send(as_("reporter"), capture)
    there = page(as_("reader"), capture)
    assert 'id="tray"' in there
    assert reverse("statement-place", args=[fares.pk]) not in there
    assert address(capture) not in there


def test_a_stranger_is_sent_to_the_log_in(client: Client, capture: Capture, fares: Statement):
    for answer in (
        client.get(address(capture)),
        send(client, capture),
        client.post(reverse("statement-place", args=[fares.pk])),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("login"))
    assert capture.document.captures.count() == 1


def test_a_withdrawn_article_takes_no_version_of_a_reporter(as_: As, capture: Capture):
    capture.document.withdraw(account("editor"))
    assert send(as_("reporter"), capture).status_code == 404


def test_another_method_is_refused(as_: As, capture: Capture, fares: Statement):
    assert as_("reporter").get(reverse("statement-place", args=[fares.pk])).status_code == 405
    assert as_("reporter").put(address(capture)).status_code == 405


def test_an_address_taken_in_again_carries_its_claims_over_too(as_: As):
    first = article(url="https://island.example/ferry")
    ferry = statement(first, FERRY, [LAMP])
    ferry.decide(account("editor", "ada"), "weak")
    answer = as_("reporter").post(
        reverse("article-new"), {"text": SECOND, "url": "https://island.example/ferry"}
    )
    assert answer.status_code == 303
    now = Statement.objects.get(pk=ferry.pk)
    assert (now.capture, now.state) == (latest(first), "weak")


def test_a_text_that_is_taken_in_elsewhere_meanwhile_is_no_newer_version(as_: As, capture: Capture):
    elsewhere: list[Capture] = []

    def beaten(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if not elsewhere and sql.startswith("SELECT") and '"sha256" = ' in sql:
            elsewhere.append(capture)  # first, so that what follows isn't beaten too
            elsewhere.append(article(SECOND, title="Boats"))
        return found

    with connection.execute_wrapper(beaten):
        answer = send(as_("reporter"), capture)
    assert len(elsewhere) == 2
    assert answer.status_code == 422
    assert "This text is here already, as another article." in answer.content.decode()


def test_a_claim_that_is_gone_meanwhile_is_put_nowhere(
    as_: As, capture: Capture, fares: Statement, monkeypatch: pytest.MonkeyPatch
):
    client = as_("reporter")
    send(client, capture)
    version = Statement.objects.get(pk=fares.pk).version
    monkeypatch.setattr(StatementQuerySet, "with_article", lambda rows: rows.none())
    monkeypatch.setattr(access, "statement_or_404", lambda user, pk: fares)
    answer = client.post(
        reverse("statement-place", args=[fares.pk]), {"words": "full of boats", "version": version}
    )
    assert answer.status_code == 404


def test_a_place_is_looked_for_in_the_version_that_is_the_latest_by_then(
    as_: As, capture: Capture, fares: Statement
):
    """The document is locked before its latest capture is read, as for taking in a version."""
    client = as_("reporter")
    send(client, capture)
    locked: list[str] = []

    def noted(execute, sql, params, many, context):
        if " FOR NO KEY UPDATE" in sql or ("sources_capture" in sql and "LIMIT 1" in sql):
            locked.append("document" if 'FROM "sources_document"' in sql else sql.split('"')[1])
        return execute(sql, params, many, context)

    version = Statement.objects.get(pk=fares.pk).version
    with connection.execute_wrapper(noted):
        client.post(
            reverse("statement-place", args=[fares.pk]),
            {"words": "Snow fell on the quay", "version": version},
        )
    at = locked.index("document")
    assert locked[at + 1 :][:2] == ["sources_capture", "claims_statement"]


def test_lists_say_of_a_claim_in_the_tray_that_it_is_gone(
    as_: As, capture: Capture, ferry: Statement, fares: Statement
):
    gone = "gone from the latest version"
    reporter = as_("reporter")
    for name in ("statement-list", "flag-list"):
        assert gone not in reporter.get(reverse(name)).content.decode()
    send(reporter, capture, capture.text.replace(FARES, "Nobody knows what comes then"))
    connection.check_constraints()
    for name in ("statement-list", "flag-list"):
        cards = BeautifulSoup(reporter.get(reverse(name)).content, "html.parser").select(".card")
        said = {str(card.select_one(".card-title").get_text()): gone in card.get_text() for card in cards}  # type: ignore[union-attr]
        assert said == {FERRY: False, FARES: True}, name
    at_the_desk = reporter.get(reverse("desk"), {"show": "claims", "state": "any"}).content.decode()
    assert FERRY in at_the_desk
    assert FARES not in at_the_desk
