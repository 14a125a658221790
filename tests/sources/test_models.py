"""What the database itself insists on for sources, documents and captures."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from sources.models import Capture, Document, Source, SourceAlias
from tests.factories import LAMP, article, events, statement

pytestmark = pytest.mark.django_db


def test_a_capture_can_t_be_changed():
    capture = article()
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        Capture.objects.filter(pk=capture.pk).update(text="other words")
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE sources_capture SET status = 500 WHERE id = %s", [capture.pk])
    assert Capture.objects.get(pk=capture.pk).text == capture.text


def test_a_capture_can_t_be_deleted():
    capture = article()
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM sources_capture WHERE id = %s", [capture.pk])
    assert Capture.objects.filter(pk=capture.pk).exists()


def test_a_capture_has_text_and_its_bytes_are_there_once():
    capture = article()
    row = {"document": capture.document, "data": b"", "structure": {}, "media_type": "text/plain"}
    with pytest.raises(IntegrityError, match="capture_has_text"), transaction.atomic():
        Capture.objects.create(**row, sha256="0" * 64, text="", text_sha256="0" * 64)
    with pytest.raises(IntegrityError, match="capture_same_bytes_once"), transaction.atomic():
        Capture.objects.create(**row, sha256=capture.sha256, text="words", text_sha256="0" * 64)


def test_what_evidence_rests_on_can_t_be_deleted():
    capture = article()
    statement(capture, "The fares will double next year", [LAMP])
    for thing in (capture.document, capture.document.publisher, Source.objects.get(name="Evening Lamp")):
        assert thing
        with pytest.raises(ProtectedError):
            thing.delete()


def test_one_document_for_each_address():
    article(url="https://post.example/ferry")
    with pytest.raises(IntegrityError, match="document_one_for_each_address"), transaction.atomic():
        Document.objects.create(title="Another", url_normal="https://post.example/ferry")
    Document.objects.create(title="No address")
    Document.objects.create(title="No address either")


def test_a_withdrawn_document_says_who_withdrew_it():
    capture = article()
    with pytest.raises(IntegrityError, match="document_withdrawn_by_somebody"), transaction.atomic():
        Document.objects.filter(pk=capture.document_id).update(withdrawn_at="2026-01-01T00:00Z")


@pytest.mark.parametrize("other", ["THE EVENING LAMP", "“Evening Lamp”", "Évening Lamp", "evening  lamp."])
def test_an_alias_is_unique_when_case_accents_article_and_quotes_are_put_aside(other: str):
    lamp = Source.objects.find_or_make("Evening Lamp", "outlet")
    assert Source.objects.find_or_make(other, "outlet") == lamp
    assert lamp.aliases.count() == 1
    another = Source.objects.find_or_make("Morning Lamp", "outlet")
    with pytest.raises(ValueError, match="already a name of Evening Lamp"):
        another.add_alias(other)


def test_the_database_refuses_a_second_alias_of_the_same_normal_form():
    lamp = Source.objects.find_or_make("Evening Lamp")
    another = Source.objects.find_or_make("Morning Lamp")
    with pytest.raises(IntegrityError, match="alias_unique_when_normal"), transaction.atomic():
        SourceAlias.objects.create(source=another, name="Evening Lamp", normal="evening lamp")
    with pytest.raises(IntegrityError, match="alias_has_name"), transaction.atomic():
        SourceAlias.objects.create(source=lamp, name="…", normal="")


def test_an_unnamed_source_is_another_one_in_another_document():
    here, there = article().document, article("Another text.", title="Another").document
    one = Source.objects.find_or_make("a port official", "person", within=here)
    two = Source.objects.find_or_make("a port official", "person", within=there)
    assert one != two
    assert Source.objects.find_or_make("A port official", "person", within=here) == one
    assert list(Source.objects.known_as("a port official")) == []
    assert list(Source.objects.known_as("a port official", within=there)) == [two]


def test_the_kind_of_a_source_is_one_that_is_known():
    with pytest.raises(IntegrityError, match="source_kind_known"), transaction.atomic():
        Source.objects.create(name="Evening Lamp", kind="rumour")


def test_a_source_needs_a_letter_or_a_digit():
    with pytest.raises(ValueError, match="needs a name"):
        Source.objects.find_or_make(" “…” ")


def test_a_name_too_long_for_the_database_is_cut():
    name = "a spokesman for " + "the port and " * 40 + "the lighthouse"
    made = Source.objects.find_or_make(name)
    assert len(made.name) == 300
    assert Source.objects.find_or_make(name) == made
    # One character that is eighteen once it is normal.
    assert Source.objects.find_or_make("\ufdfa" * 300).aliases.count() == 1


def test_renaming_keeps_the_old_name_as_an_alias():
    lamp = Source.objects.find_or_make("Evening Lamp", "outlet")
    lamp.rename("The Lamp", "agency")
    lamp.refresh_from_db()
    assert (lamp.name, lamp.kind) == ("The Lamp", "agency")
    assert Source.objects.known_as("evening lamp").get() == lamp
    assert Source.objects.known_as("lamp").get() == lamp


def test_renaming_to_another_source_s_name_changes_nothing():
    Source.objects.find_or_make("Morning Lamp")
    lamp = Source.objects.find_or_make("Evening Lamp")
    with pytest.raises(ValueError, match="already a name"):
        lamp.rename("Morning Lamp", "outlet")
    lamp.refresh_from_db()
    assert lamp.name == "Evening Lamp"


def test_changes_of_a_source_leave_a_trace():
    lamp = Source.objects.find_or_make("Evening Lamp", "outlet")
    Source.objects.filter(pk=lamp.pk).update(kind="agency")
    assert [(event.pgh_label, event.kind) for event in events(lamp)] == [
        ("insert", "outlet"),
        ("update", "agency"),
    ]
