"""Triggers that tell the open browsers of an article that something on its page changed.

A trigger hears raw SQL, the worker and the admin too. PostgreSQL sends the notice when the transaction
commits, equal ones of a transaction once. A notice says what changed and where, never in which words.
"""

from __future__ import annotations

import pgtrigger

CHANNEL = "hearsay"
ITSELF = "SELECT it.id, NULL::bigint, NULL::bigint"
ITS_DOCUMENT = "SELECT it.document_id, NULL::bigint, NULL::bigint"
EITHER = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def announces(
    kind: str, where: str, *, operation: pgtrigger.Operation = EITHER, unless: str = "FALSE", quiet: str = ""
) -> pgtrigger.Trigger:
    """A trigger that announces each changed row as ``kind``.

    ``where`` is a SELECT over the row ``it`` that gives document, statement and source: the ids of the pages
    and parts that show it; NULL where there is none. ``unless`` is SQL over ``it``: rows of which nothing is
    told. A change of the column ``quiet`` alone is none.
    """
    return pgtrigger.Trigger(
        name=f"announce_{kind}",
        when=pgtrigger.After,
        operation=operation,
        declare=[("it", "RECORD")],
        # The names come from the models' Meta, never from a request.
        func=f"""
            IF TG_OP = 'DELETE' THEN it := OLD; ELSE it := NEW; END IF;
            {f"IF TG_OP = 'UPDATE' THEN it.{quiet} := OLD.{quiet}; END IF;" if quiet else ""}
            IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM it THEN RETURN NULL; END IF;
            IF {unless} THEN RETURN NULL; END IF;
            PERFORM pg_notify('{CHANNEL}', json_strip_nulls(json_build_object(
                'kind', '{kind}',
                'document', at.document,
                'statement', at.statement,
                'source', at.source,
                'xid', pg_current_xact_id()::text::bigint
            ))::text)
            FROM ({where}) AS at (document, statement, source);
            RETURN NULL;
        """,
    )
