"""How far the review of each article is, as the database keeps it whoever changes what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from claims.models import Assignment, DocumentReview, Flag, Statement, StatementReview
from claims.models.assignment import Taken
from sources.models import Capture
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, SPOKESMAN, TIMETABLE, account, article, statement

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def review(capture: Capture) -> DocumentReview:
    """The article's row, as it is once the transaction is over."""
    connection.check_constraints()
    return DocumentReview.objects.get(document=capture.document_id)


def figures(capture: Capture) -> tuple[Any, ...]:
    now = review(capture)
    return now.total, now.reviewed, now.severity, now.waits


def flagged(capture: Capture, severities: dict[str, str]) -> list[Statement]:
    """Claims with one flag each and no other; the rules, which look at all of them, have run by then."""
    made = [statement(capture, words) for words in severities]
    Flag.objects.all().delete()
    editor = account("editor", "raises")
    for each, severity in zip(made, severities.values(), strict=True):
        Flag.objects.raise_by_hand(each, editor, "OTHER", "It reads oddly.", severity)
    return made


def test_an_article_without_claims_does_not_wait(capture: Capture):
    assert figures(capture) == (0, 0, "none", False)


def test_claims_flags_and_verdicts_are_counted(capture: Capture):
    editor = account("editor", "e")
    ferry, fares = flagged(capture, {FERRY: "block", FARES: "info"})
    assert figures(capture) == (2, 0, "block", True)
    assert review(capture).riskiest == ferry
    assert review(capture).flags == 2
    ferry.decide(editor, "weak")
    assert figures(capture) == (2, 1, "info", True), "the worst of what waits"
    assert review(capture).riskiest == fares
    fares.flags.get().decide("dismissed", editor, "It does not.")
    assert figures(capture) == (2, 1, "none", True)
    assert review(capture).flags == 1
    fares.decide(editor, "accepted")
    assert figures(capture) == (2, 2, "none", False)
    assert review(capture).riskiest is None


def test_a_confirmed_flag_weighs_and_is_not_open(capture: Capture):
    [ferry] = flagged(capture, {FERRY: "block"})
    ferry.flags.get().decide("confirmed", account("editor", "e"))
    assert review(capture).severity == "block"
    assert review(capture).flags == 0


def test_deleting_and_bringing_back(capture: Capture):
    editor = account("editor", "e")
    [ferry] = flagged(capture, {FERRY: "block"})
    statement(capture, FARES)
    ferry.discard(editor)
    assert figures(capture)[:2] == (1, 0)
    assert not StatementReview.objects.filter(statement=ferry).exists()
    ferry.restore(editor)
    assert figures(capture)[:2] == (2, 0)
    Flag.objects.filter(statement=ferry).delete()
    Statement.objects.filter(pk=ferry.pk).delete()
    assert figures(capture)[:2] == (1, 0)


def test_many_rows_at_once_by_plain_sql(capture: Capture):
    made = [Statement.objects.add(capture, n, n + 5, by=None) for n in range(1, 26, 2)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_statement SET state = 'rejected' WHERE capture_id = %s", [capture.pk])
    assert figures(capture) == (len(made), len(made), "none", False)


def test_more_than_a_hundred_claims_at_once(capture: Capture):
    text = capture.text
    Statement.objects.bulk_create(
        Statement(capture=capture, start=n, end=n + 3, exact=text[n : n + 3], wording="x") for n in range(120)
    )
    assert figures(capture) == (120, 0, "none", True)
    Statement.objects.update(state="accepted")
    assert figures(capture) == (120, 120, "none", False)


def test_what_a_savepoint_takes_back_is_not_counted(capture: Capture):
    statement(capture, FERRY)
    with transaction.atomic():
        statement(capture, FARES)
        transaction.set_rollback(True)
    assert figures(capture)[0] == 1


def test_only_the_latest_version_counts(capture: Capture):
    ferry = statement(capture, FERRY, [LAMP, OFFICIAL])
    assert figures(capture)[0] == 1
    text = "Nothing of this is what was said before."
    later = Capture.objects.create(
        document=capture.document,
        data=text.encode(),
        sha256="0" * 64,
        text=text,
        text_sha256="1" * 64,
        structure={},
        media_type="text/plain",
    )
    assert figures(later)[0] == 0, "the claim is on an earlier version: the tray’s"
    assert not StatementReview.objects.filter(statement=ferry).exists()


def test_an_assignment_gives_holder_and_deadline(capture: Capture):
    editor, reporter = account("editor", "e"), account("reporter", "r")
    ferry, fares = statement(capture, FERRY), statement(capture, FARES)
    Assignment.objects.give(capture.document, reporter, editor, NOON)
    assert review(capture).holder == reporter
    assert review(capture).due == NOON
    Assignment.objects.give(ferry, editor, editor)
    connection.check_constraints()
    rows = {row.statement_id: row for row in StatementReview.objects.all()}
    assert (rows[ferry.pk].holder, rows[ferry.pk].own, rows[ferry.pk].due) == (editor, True, NOON)
    assert (rows[fares.pk].holder, rows[fares.pk].own) == (reporter, False)
    for each in (ferry, fares):
        each.decide(editor, "accepted")
    assert figures(capture) == (2, 2, "none", True), "somebody has it and isn’t done"
    Assignment.objects.end(capture.document, reporter, done=True)
    assert figures(capture) == (2, 2, "none", False)
    assert review(capture).holder is None


@pytest.mark.parametrize(
    ("decision", "waits"), [("weak", True), ("needs_source", True), ("accepted", False), ("rejected", False)]
)
def test_a_claim_given_to_somebody_for_a_better_source_waits(capture: Capture, decision: str, waits: bool):
    editor = account("editor", "e")
    ferry = statement(capture, FERRY, [SPOKESMAN])
    Assignment.objects.give(ferry, editor, editor)
    ferry.decide(editor, decision)
    connection.check_constraints()
    assert StatementReview.objects.get(statement=ferry).waits is waits


def test_who_took_it_first_has_it(capture: Capture):
    first, second = account("reporter", "r"), account("reporter", "s")
    Assignment.objects.give(capture.document, first, first, seen=0)
    with pytest.raises(Taken, match="r has it"):
        Assignment.objects.give(capture.document, second, second, seen=0)
    with pytest.raises(Taken):
        Assignment.objects.end(capture.document, second, done=True, seen=second.pk)
    Assignment.objects.give(capture.document, second, first, seen=first.pk)
    assert [a.to for a in Assignment.objects.open()] == [second]
    Assignment.objects.end(capture.document, second, done=False, seen=second.pk)
    assert not Assignment.objects.open().exists()
    with pytest.raises(Taken, match="given back"):
        Assignment.objects.end(capture.document, second, done=True)


def test_a_claim_given_to_somebody_is_left_alone_by_a_reading(capture: Capture):
    ferry = statement(capture, FERRY)
    assert ferry not in Statement.objects.touched()
    reporter = account("reporter", "r")
    Assignment.objects.give(ferry, reporter, reporter)
    assert ferry in Statement.objects.touched()


@pytest.mark.django_db(transaction=True)
def test_two_articles_in_either_order_at_once():
    """Nothing is locked before the end, so transactions that go opposite ways don't wait in a circle."""
    from threading import Barrier, Thread

    editor = account("editor", "e")
    one, two = article(), article("The pier is shut, a guard said.", title="Pier")
    claims = [[statement(one, FERRY), statement(two, "The pier is shut")]]
    claims.append([statement(two, "a guard said"), statement(one, TIMETABLE)])
    both, problems = Barrier(2), []

    def work(mine: list[Statement]) -> None:
        try:
            for _ in range(5):
                both.wait(20)
                with transaction.atomic():
                    for each in mine:
                        Statement.objects.lock(each.pk, None).decide(editor, "weak")
        except Exception as problem:  # noqa: BLE001
            problems.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(mine,)) for mine in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    rows = DocumentReview.objects.order_by("document")
    assert [(row.total, row.reviewed) for row in rows] == [(2, 2), (2, 2)]
