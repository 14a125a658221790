"""A hop's parent, and the hop that a flag or a note is on, belong to the same statement.

Django has no composite foreign keys, so these are written in SQL. Deferred, as its own are.
"""

from django.db import migrations

RULES = [
    ("claims_hop", "parent_id", "hop_parent_of_same_statement"),
    ("claims_flag", "hop_id", "flag_hop_of_same_statement"),
    ("claims_annotation", "hop_id", "annotation_hop_of_same_statement"),
]


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_initial")]

    operations = [
        migrations.RunSQL(
            f"""ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, statement_id)
                REFERENCES claims_hop (id, statement_id) DEFERRABLE INITIALLY DEFERRED""",
            f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        )
        for table, column, name in RULES
    ]
