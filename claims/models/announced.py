"""On which page, and where on it, a row of this floor is shown; see ``sources.models.announcing``."""

from __future__ import annotations

ON_STATEMENT = (
    "SELECT c.document_id, s.id, NULL::bigint FROM claims_statement s"
    " JOIN sources_capture c ON c.id = s.capture_id WHERE s.id = it.statement_id"
)


def on_capture(statement: str = "NULL::bigint") -> str:
    """For a row with a capture; ``statement`` is the SQL for the claim that it belongs to."""
    return (
        f"SELECT c.document_id, {statement}, NULL::bigint FROM sources_capture c WHERE c.id = it.capture_id"  # noqa: S608
    )
