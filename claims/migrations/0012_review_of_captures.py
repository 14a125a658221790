"""A new capture puts the review of its article out of date, and the articles that are here get theirs.

Written in SQL, since ``sources`` knows nothing of what ``claims`` keeps; see ``claims/models/review.py``.
"""

from django.db import migrations

NOTE_DOWN = """
    CREATE FUNCTION claims_review_of_captures() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO claims_outdated (transaction, document_id)
        SELECT DISTINCT pg_current_xact_id()::text::bigint, document_id FROM new_rows
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$;
    CREATE TRIGGER claims_review_of_captures AFTER INSERT ON sources_capture
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION claims_review_of_captures();
"""
NOTE_DOWN_NO_MORE = """
    DROP TRIGGER claims_review_of_captures ON sources_capture;
    DROP FUNCTION claims_review_of_captures;
"""
THOSE_THAT_ARE_HERE = """
    INSERT INTO claims_outdated (transaction, document_id)
    SELECT pg_current_xact_id()::text::bigint, id FROM sources_document
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_desk")]

    operations = [
        migrations.RunSQL(NOTE_DOWN, NOTE_DOWN_NO_MORE),
        migrations.RunSQL(THOSE_THAT_ARE_HERE, migrations.RunSQL.noop),
    ]
