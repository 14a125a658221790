"""An index for a person's newest deeds: the panel asks for what can be taken back.

The contexts are pghistory's table, so its model can't say it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0013_announce_and_presence"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX context_of_person ON pghistory_context ((metadata -> 'user'), created_at DESC)",
            "DROP INDEX context_of_person",
        )
    ]
