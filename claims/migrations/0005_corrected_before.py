"""Who corrected a reading, for what was corrected before there was a column for it.

The machine never changes a hop's row or a statement's bounds, so whatever was changed was a person's doing.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_stance_confidence_pattern")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE claims_statement s SET corrected_by_id = s.edited_by_id
            WHERE s.edited_by_id IS NOT NULL AND (
                EXISTS (SELECT 1 FROM claims_hop h WHERE h.statement_id = s.id
                        AND (h.made_by_id IS NOT NULL OR h.removed_at IS NOT NULL))
                OR EXISTS (SELECT 1 FROM claims_hopevent e WHERE e.statement_id = s.id
                           AND e.pgh_label = 'update')
                OR EXISTS (SELECT 1 FROM claims_statementevent e WHERE e.pgh_obj_id = s.id
                           AND (e.start, e."end") <> (s.start, s."end")))
            """,
            migrations.RunSQL.noop,
        )
    ]
