"""Extra questions and their answers are guarded as the rest; views say under which key each counts.

A view over an entry's ``key`` has to be dropped before that column's type can change.
"""

from django.db import migrations

# section, table
COUNTED = [
    ("topics", "coding_topic"),
    ("tones", "coding_tonegrade"),
    ("flags", "coding_flagkind"),
    ("questions", "coding_question"),
]


def counted(section: str, table: str) -> migrations.RunSQL:
    """``coding_counted_<section>``: id of an entry, project, the key its codings count as."""
    view = f"coding_counted_{section}"
    return migrations.RunSQL(
        f"""
        CREATE VIEW {view} AS
        SELECT entry.id, book.project_id, COALESCE(carried.counts_as, entry.key) AS key
        FROM {table} entry
        JOIN coding_codebookversion version ON version.id = entry.version_id
        JOIN coding_codebook book ON book.id = version.codebook_id
        LEFT JOIN coding_carriedkey carried ON carried.project_id = book.project_id
            AND carried.section = '{section}' AND carried.key = entry.key
        """,  # noqa: S608 - fixed names
        f"DROP VIEW {view}",
    )


class Migration(migrations.Migration):
    dependencies = [("coding", "0005_codebook_editions_and_pools")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON coding_extraanswer"
            " FOR EACH STATEMENT EXECUTE FUNCTION coding_refuse_change()",
            "DROP TRIGGER append_only ON coding_extraanswer",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER published_never_changes BEFORE INSERT OR UPDATE OR DELETE"
            " ON coding_question FOR EACH ROW EXECUTE FUNCTION coding_refuse_published()",
            "DROP TRIGGER published_never_changes ON coding_question",
        ),
        *(counted(*each) for each in COUNTED),
        # A monitor who leaves the project takes no part of its posts.
        migrations.RunSQL(
            "ALTER TABLE coding_workload ADD CONSTRAINT coding_workload_of_a_member"
            " FOREIGN KEY (project_id, monitor_id)"
            " REFERENCES monitoring_membership (project_id, user_id) ON DELETE CASCADE",
            "ALTER TABLE coding_workload DROP CONSTRAINT coding_workload_of_a_member",
        ),
    ]
