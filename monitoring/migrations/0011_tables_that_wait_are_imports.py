"""A table that waits for somebody to say what its columns are is an import that asks."""

from django.db import migrations

ASKS = [
    {"about": "columns", "code": "unknown_table", "details": {}, "printed": [], "likely": []}
]
UNFINISHED = ["received", "converting", "waiting", "splitting", "running", "cancelling", "paused"]
SAME = ["project_id", "file_name", "stored_path", "sha256", "size", "encoding", "timezone"]


def waiting_to_asking(apps, schema_editor):
    Import = apps.get_model("monitoring", "Import")
    UnmappedTable = apps.get_model("monitoring", "UnmappedTable")
    for table in UnmappedTable._base_manager.all():
        same = {name: getattr(table, name) for name in SAME}
        under_way = {"project_id": table.project_id, "sha256": table.sha256}
        if Import._base_manager.filter(**under_way, state__in=[*UNFINISHED, "asking"]).exists():
            continue
        Import._base_manager.create(
            **same,
            started_by_id=table.sent_by_id,
            state="asking",
            asks=ASKS,
            may_ask=True,
            exported_at=table.exported_at or table.created_at,
            is_moment_assumed=table.exported_at is None,
            created_at=table.created_at,
        )


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0010_imports_are_read_by_workers")]

    operations = [migrations.RunPython(waiting_to_asking, migrations.RunPython.noop)]
