"""What the database itself insists on for claims, chains, flags, notes and verdicts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from claims.models import Annotation, Claim, Flag, Hop, Member, Reading, Statement, Verdict
from sources.models import Capture, Source
from tests.factories import FARES, FERRY, HARBOUR, LAMP, OFFICIAL, account, article, events, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def capture() -> Capture:
    return article()


@pytest.fixture
def ferry(capture: Capture) -> Statement:
    """A claim with a chain of two: the Evening Lamp, then an official."""
    return statement(capture, FERRY, [LAMP, OFFICIAL])


def refused(rule: str):
    """The database refuses what is in the block, by this rule, at once or at the end of the transaction."""
    return pytest.raises(DatabaseError, match=rule)


def settle() -> None:
    """Have the deferred rules checked, as the end of the transaction would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"end": len(HARBOUR) + 1}, "beyond the text"),
        ({"start": 30, "end": 30}, "statement_start_before_end"),
        ({"start": 30, "end": 20}, "statement_start_before_end"),
        ({"start": -1}, "start"),
        ({"state": "doubtful"}, "statement_state_known"),
        ({"wording": ""}, "statement_has_wording"),
    ],
)
def test_a_statement_stands_on_words_of_its_text(ferry: Statement, change: dict[str, object], rule: str):
    with refused(rule), transaction.atomic():
        Statement.objects.filter(pk=ferry.pk).update(**change)


def test_the_last_character_of_a_text_can_be_part_of_a_statement(capture: Capture):
    made = Statement.objects.add(capture, len(capture.text) - 5, len(capture.text), by=None)
    assert made.exact == capture.text[-5:]


def test_offsets_are_checked_for_raw_sql_too(ferry: Statement):
    with refused("beyond the text"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('UPDATE claims_statement SET "end" = 100000 WHERE id = %s', [ferry.pk])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"end": len(HARBOUR) + 1}, "beyond the text"),
        ({"cue_start": 1, "cue_end": len(HARBOUR) + 1}, "beyond the text"),
        ({"start": 9, "end": 9}, "hop_start_before_end"),
        ({"start": None}, "hop_start_before_end"),
        ({"cue_start": 9, "cue_end": 8}, "hop_cue_start_before_end"),
        ({"naming": "whispered"}, "hop_naming_known"),
        ({"position": -1}, "hop_removed_is_out_of_the_tree"),
    ],
)
def test_a_hop_stands_on_words_of_the_text(ferry: Statement, change: dict[str, object], rule: str):
    with refused(rule), transaction.atomic():
        ferry.hops.filter(source__name="Evening Lamp").update(**change)


def test_positions_are_unique_among_siblings_at_the_end_of_the_transaction(ferry: Statement):
    root = ferry.hops.get(parent=None)
    two = Hop.objects.create(statement=ferry, source=root.source, position=1)
    # The order is put right before the end: no complaint.
    Hop.objects.filter(pk=two.pk).update(position=0)
    Hop.objects.filter(pk=root.pk).update(position=1)
    settle()
    with refused("hop_position_unique_among_siblings"), transaction.atomic():
        Hop.objects.filter(pk=two.pk).update(position=1)
        settle()


def test_a_hop_s_parent_is_of_the_same_statement(ferry: Statement, capture: Capture):
    other = statement(capture, FARES, [LAMP])
    with refused("hop_parent_of_same_statement"), transaction.atomic():
        other.hops.update(parent=ferry.hops.get(parent=None))
        settle()


def test_a_hop_isn_t_its_own_parent(ferry: Statement):
    root = ferry.hops.get(parent=None)
    with refused("hop_not_its_own_parent"), transaction.atomic():
        Hop.objects.filter(pk=root.pk).update(parent=root)


def test_a_removed_hop_is_out_of_the_tree(ferry: Statement):
    leaf = ferry.hops.get(source__name="a port official")
    with refused("hop_removed_is_out_of_the_tree"), transaction.atomic():
        Hop.objects.filter(pk=leaf.pk).update(removed_at="2026-01-01T00:00Z")
    leaf.mark_removed()
    settle()
    assert [hop.name for hop in ferry.hops.standing()] == ["Evening Lamp"]


def test_the_hop_of_a_flag_and_of_a_note_is_of_the_same_statement(ferry: Statement, capture: Capture):
    other = statement(capture, FARES, [LAMP]).hops.get()
    with refused("flag_hop_of_same_statement"), transaction.atomic():
        Flag.objects.create(statement=ferry, hop=other, code="OTHER", why="x")
        settle()
    with refused("annotation_hop_of_same_statement"), transaction.atomic():
        Annotation.objects.create(
            capture=capture, statement=ferry, hop=other, body="x", author=account("reporter")
        )
        settle()


def test_one_flag_of_a_code_for_a_statement_and_hop(ferry: Statement):
    hop = ferry.hops.get(parent=None)
    Flag.objects.create(statement=ferry, code="OTHER", why="x")
    Flag.objects.create(statement=ferry, code="OTHER", hop=hop, why="x")
    for at in (None, hop):
        with refused("flag_one_of_a_code"), transaction.atomic():
            Flag.objects.create(statement=ferry, code="OTHER", hop=at, why="y")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"code": "GOSSIP"}, "flag_code_known"),
        ({"state": "gone"}, "flag_state_known"),
        ({"severity": "dire"}, "flag_severity_known"),
    ],
)
def test_a_flag_is_one_that_is_known(ferry: Statement, change: dict[str, object], rule: str):
    with refused(rule), transaction.atomic():
        ferry.flags.update(**change)


def test_a_note_stands_on_words_of_its_text(capture: Capture):
    author = account("reporter")
    row: dict[str, Any] = {"capture": capture, "author": author, "body": "Really?"}
    Annotation.objects.create(**row, start=0, end=len(capture.text))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"start": 0, "end": len(capture.text) + 1}, "beyond the text"),
        ({"start": 4, "end": 4}, "annotation_start_before_end"),
        ({"start": 4}, "annotation_start_before_end"),
        ({"body": ""}, "annotation_has_body"),
    ]
    for change, rule in wrong:
        with refused(rule), transaction.atomic():
            Annotation.objects.create(**row | change)


def test_a_note_on_a_hop_names_its_statement(ferry: Statement, capture: Capture):
    with refused("annotation_hop_has_statement"), transaction.atomic():
        Annotation.objects.create(
            capture=capture, hop=ferry.hops.first(), body="x", author=account("reporter")
        )


@pytest.mark.parametrize("words", ["", "   ", " \n\t"])
def test_an_empty_note_or_reply_is_refused(capture: Capture, words: str):
    author = account("reporter")
    with pytest.raises(ValueError, match="Write a note"):
        Annotation.objects.write(author, words, capture)
    note = Annotation.objects.write(author, "Really?", capture)
    with pytest.raises(ValueError, match="Write a reply"):
        note.reply(author, words)


def test_a_reply_to_a_reply_is_in_the_same_thread(capture: Capture):
    author = account("reporter")
    note = Annotation.objects.write(author, "Really?", capture)
    reply = note.reply(author, "Yes").reply(author, "Sure?")
    assert reply.parent == note


def test_the_kinds_of_verdict_role_and_progress_are_known(ferry: Statement, capture: Capture):
    editor = account("editor")
    with refused("verdict_decision_known"), transaction.atomic():
        Verdict.objects.create(statement=ferry, decision="unreviewed", by=editor)
    with refused("member_role_known"), transaction.atomic():
        Member.objects.update(role="owner")
    with refused("reading_progress_known"), transaction.atomic():
        Reading.objects.create(capture=capture, progress="stuck")


def test_one_reading_of_a_capture_goes_on_at_a_time(capture: Capture):
    Reading.objects.create(capture=capture, progress="reading")
    Reading.objects.create(capture=capture, progress="done")
    with refused("reading_one_at_a_time"), transaction.atomic():
        Reading.objects.create(capture=capture, progress="waiting")


def test_a_claim_has_a_wording():
    with refused("claim_has_wording"), transaction.atomic():
        Claim.objects.create(wording="")


def test_evidence_can_t_be_deleted(ferry: Statement, capture: Capture):
    editor = account("editor")
    claim = Claim.objects.create(wording="No ferry in January")
    Statement.objects.filter(pk=ferry.pk).update(claim=claim)
    Annotation.objects.write(editor, "Really?", capture, statement=ferry)
    ferry.decide(editor, "weak")
    for thing in (capture, claim, ferry, editor, Source.objects.get(name="Evening Lamp")):
        with pytest.raises(ProtectedError):
            thing.delete()


def test_a_hop_with_a_note_can_t_be_deleted_even_by_raw_sql(ferry: Statement, capture: Capture):
    hop = ferry.hops.get(source__name="a port official")
    Annotation.objects.write(account("reporter"), "Who?", capture, statement=ferry, hop=hop)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("DELETE FROM claims_hop WHERE id = %s", [hop.pk])


def test_raw_sql_leaves_a_trace_in_the_history(ferry: Statement):
    flag = ferry.flags.get(code="SINGLE_ANON")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_statement SET wording = 'other' WHERE id = %s", [ferry.pk])
        cursor.execute("DELETE FROM claims_flag WHERE statement_id = %s", [ferry.pk])
    assert [event.wording for event in events(ferry)] == [FERRY, "other"]
    assert [(event.pgh_label, event.code) for event in events(flag)][-1] == ("delete", "SINGLE_ANON")


def test_full_text_search_finds_wording_and_words_by_their_stem(ferry: Statement, capture: Capture):
    fares = statement(capture, FARES)
    Statement.objects.filter(pk=fares.pk).update(wording="Tickets cost twice as much")
    assert list(Statement.objects.matching("ferries")) == [ferry]
    assert list(Statement.objects.matching("ticket")) == [fares]
    assert list(Statement.objects.matching("doubled fare")) == [fares]
    assert list(Statement.objects.matching("-fare")) == [ferry]
    assert list(Statement.objects.matching("zeppelin")) == []
