"""How far the review is, for the desk: a row for each article and one for each claim on its latest version.

Derived, and never written by Python: triggers on what changes them note down which claims are out of date
(``Outdated``), and at the end of the transaction, before it commits, these rows are brought up to date, one
article at a time in the order of their ids. So the desk reads sorted rows instead of counting flags, whoever
changed what; and since nothing is waited for while they are locked, nobody waits for each other in a circle.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.verdict import State

# How much the worst standing flag weighs, as a number to sort by.
BLOCKS, WARNS, INFORMS, NO_FLAG = range(4)
SEVERITY_OF = {BLOCKS: "block", WARNS: "warn", INFORMS: "info", NO_FLAG: "none"}

# More claims than this of one article in one go, and all of it is brought up to date.
MANY = 100

BRING_UP_TO_DATE = f"""
    -- The first of a transaction's rows takes all of them; the others find nothing left to do.
    FOR doc, whole, those IN
        WITH noted AS (
            DELETE FROM claims_outdated WHERE transaction = pg_current_xact_id()::text::bigint
            RETURNING document_id, statement_id
        )
        SELECT document_id, bool_or(statement_id IS NULL), array_agg(statement_id)
        FROM noted GROUP BY document_id ORDER BY document_id
    LOOP
        SELECT id, taken_at INTO latest, since_when FROM sources_capture
            WHERE document_id = doc ORDER BY taken_at DESC, id DESC LIMIT 1;
        CONTINUE WHEN latest IS NULL;
        INSERT INTO claims_documentreview
            (document_id, capture_id, total, reviewed, flags, worst, waits, since)
            VALUES (doc, latest, 0, 0, 0, {NO_FLAG}, false, since_when) ON CONFLICT DO NOTHING;
        PERFORM 1 FROM claims_documentreview WHERE document_id = doc FOR UPDATE;
        doc_holder := NULL; doc_due := NULL;
        SELECT to_id, deadline INTO doc_holder, doc_due FROM claims_assignment
            WHERE document_id = doc AND ended_at IS NULL;

        DELETE FROM claims_statementreview r
            WHERE r.document_id = doc AND (whole OR r.statement_id = ANY(those)) AND NOT EXISTS (
                SELECT FROM claims_statement s
                WHERE s.id = r.statement_id AND s.capture_id = latest AND s.deleted_at IS NULL
            );
        INSERT INTO claims_statementreview AS r
            (statement_id, document_id, state, flags, worst, waits, own, holder_id, due, since)
            SELECT s.id, doc, s.state, f.flags, COALESCE(f.worst, {NO_FLAG}),
                s.state = 'unreviewed' OR (a.id IS NOT NULL AND s.state IN ('weak', 'needs_source')),
                a.id IS NOT NULL, COALESCE(a.to_id, doc_holder), LEAST(a.deadline, doc_due), since_when
            FROM claims_statement s
            LEFT JOIN claims_assignment a ON a.statement_id = s.id AND a.ended_at IS NULL
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE state = 'open') AS flags,
                    min(CASE severity WHEN 'block' THEN {BLOCKS} WHEN 'warn' THEN {WARNS} ELSE {INFORMS} END)
                        AS worst
                FROM claims_flag WHERE statement_id = s.id AND state IN ('open', 'confirmed')
            ) f
            WHERE s.capture_id = latest AND s.deleted_at IS NULL AND (whole OR s.id = ANY(those))
            ON CONFLICT (statement_id) DO UPDATE SET
                (document_id, state, flags, worst, waits, own, holder_id, due, since) =
                (excluded.document_id, excluded.state, excluded.flags, excluded.worst, excluded.waits,
                 excluded.own, excluded.holder_id, excluded.due, excluded.since)
            WHERE r IS DISTINCT FROM excluded;

        UPDATE claims_documentreview d SET
            capture_id = latest, since = since_when, holder_id = doc_holder, due = doc_due,
            total = t.total, reviewed = t.reviewed, flags = t.flags, worst = t.worst, riskiest_id = (
                SELECT statement_id FROM claims_statementreview
                WHERE document_id = doc AND waits ORDER BY worst, due, statement_id LIMIT 1
            ),
            waits = t.reviewed < t.total OR doc_holder IS NOT NULL
            FROM (
                SELECT count(*) AS total, count(*) FILTER (WHERE state <> 'unreviewed') AS reviewed,
                    COALESCE(sum(r.flags), 0) AS flags,
                    COALESCE(min(r.worst) FILTER (WHERE r.waits), {NO_FLAG}) AS worst
                FROM claims_statementreview r WHERE r.document_id = doc
            ) t
            WHERE d.document_id = doc;
    END LOOP;
    RETURN NULL;
"""  # noqa: S608  (only our own numbers are put in)


def keeps_review(columns: str, found: str) -> list[pgtrigger.Trigger]:
    """The triggers that note down what a table's changes put out of date.

    ``columns`` are those that matter, ``found`` the joins that lead from ``changed``, the rows that differ in
    them, to ``document_id`` and ``statement_id`` (NULL for all claims of the article). PostgreSQL has the
    rows of one statement in one table, so a thousand rows at once are noted down by one INSERT.
    """
    old, new = f"SELECT {columns} FROM old_rows", f"SELECT {columns} FROM new_rows"  # noqa: S608
    changed = {
        pgtrigger.Insert: new,
        pgtrigger.Update: f"({old} EXCEPT {new}) UNION ({new} EXCEPT {old})",
        pgtrigger.Delete: old,
    }
    named = {pgtrigger.Insert: "insert", pgtrigger.Update: "update", pgtrigger.Delete: "delete"}
    return [
        pgtrigger.Trigger(
            name=f"review_{named[operation]}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(  # type: ignore[no-untyped-call]
                old=None if operation == pgtrigger.Insert else "old_rows",
                new=None if operation == pgtrigger.Delete else "new_rows",
            ),
            func=f"{note_down(rows, found)} RETURN NULL;",
        )
        for operation, rows in changed.items()
    ]


def note_down(rows: str, found: str) -> str:
    """The SQL that writes into ``Outdated``; see ``keeps_review``."""
    return f"""
        INSERT INTO claims_outdated (transaction, document_id, statement_id)
        SELECT pg_current_xact_id()::text::bigint, document_id,
            CASE WHEN count(*) OVER (PARTITION BY document_id) <= {MANY} THEN statement_id END
        FROM (WITH changed AS ({rows}) {found}) AS found
        WHERE document_id IS NOT NULL
        ON CONFLICT DO NOTHING;
    """  # noqa: S608  (our own SQL, no request’s)


class Outdated(models.Model):
    """What a transaction that still runs has put out of date; empty to everybody else."""

    transaction = models.BigIntegerField()
    document_id = models.BigIntegerField()
    statement_id = models.BigIntegerField(null=True, help_text="None for all claims of the article.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transaction", "document_id", "statement_id"],
                nulls_distinct=False,
                name="outdated_noted_once",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="bring_up_to_date",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[
                    ("doc", "bigint"),
                    ("whole", "boolean"),
                    ("those", "bigint[]"),
                    ("latest", "bigint"),
                    ("since_when", "timestamptz"),
                    ("doc_holder", "integer"),
                    ("doc_due", "timestamptz"),
                ],
                func=BRING_UP_TO_DATE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, {self.statement_id or 'all of it'}"


# What is derived holds nothing back: no foreign key stands in the way of what it is derived from.
DERIVED: dict[str, Any] = {"on_delete": models.DO_NOTHING, "db_constraint": False}


class DocumentReview(models.Model):
    """How far the review of an article is: of the claims on its latest version."""

    document = models.OneToOneField("sources.Document", primary_key=True, related_name="review", **DERIVED)
    capture = models.ForeignKey("sources.Capture", related_name="+", **DERIVED)
    total = models.PositiveIntegerField(help_text="Claims.")
    reviewed = models.PositiveIntegerField(help_text="Claims with a verdict.")
    flags = models.PositiveIntegerField(help_text="Open ones.")
    worst = models.SmallIntegerField(help_text="The worst flag that stands on a claim which waits.")
    riskiest = models.ForeignKey("claims.Statement", null=True, related_name="+", **DERIVED)
    waits = models.BooleanField(help_text="A claim waits, or somebody has the article and isn’t done.")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", **DERIVED)
    due = models.DateTimeField(null=True)
    since = models.DateTimeField(help_text="When its latest version came in.")

    class Meta:
        # The desk: what waits, the worst first, then by deadline and age.
        indexes = [
            models.Index(
                fields=["worst", "due", "since", "document"],
                condition=Q(waits=True),
                name="documentreview_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewed} of {self.total}"

    @property
    def severity(self) -> str:
        """How much the worst flag weighs: block, warn, info or none."""
        return SEVERITY_OF[self.worst]


class StatementReview(models.Model):
    """What the desk sorts a claim by. Only claims on the latest version have one; the tray's don't."""

    statement = models.OneToOneField("claims.Statement", primary_key=True, related_name="review", **DERIVED)
    document = models.ForeignKey("sources.Document", related_name="+", **DERIVED)
    state = models.CharField(max_length=12, choices=State.choices)
    flags = models.PositiveIntegerField(help_text="Open ones.")
    worst = models.SmallIntegerField(help_text="The worst flag that stands on it.")
    waits = models.BooleanField(help_text="Unreviewed; or weak or without a source, and given to somebody.")
    own = models.BooleanField(help_text="It was given to its holder itself, not with its article.")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, related_name="+", **DERIVED)
    due = models.DateTimeField(null=True)
    since = models.DateTimeField(help_text="When the latest version of its article came in.")

    class Meta:
        indexes = [
            # The desk: what waits, the worst first, then by deadline and age; and the same of one verdict.
            models.Index(
                fields=["worst", "due", "since", "statement"],
                condition=Q(waits=True),
                name="statementreview_in_order",
            ),
            models.Index(
                fields=["state", "worst", "due", "since", "statement"], name="statementreview_of_state"
            ),
            # What a person was given of single claims: on every visit of the desk.
            models.Index(fields=["holder"], condition=Q(own=True, waits=True), name="statementreview_given"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.state}"

    @property
    def severity(self) -> str:
        """How much the worst flag weighs: block, warn, info or none."""
        return SEVERITY_OF[self.worst]
