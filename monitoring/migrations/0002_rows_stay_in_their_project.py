"""Foreign keys over (project, id): an account cannot get an actor of another project, and so on.

Django's own foreign keys see only the id. These stand beside them; the tables they point to are
small, and the check costs an import nothing that can be measured.
"""

from django.db import migrations

# table, its column, the table it points to
PAIRS = [
    ("monitoring_actor", "category_id", "monitoring_category"),
    ("monitoring_account", "actor_id", "monitoring_actor"),
    ("monitoring_post", "account_id", "monitoring_account"),
    ("monitoring_advertiser", "actor_id", "monitoring_actor"),
    ("monitoring_adreportline", "advertiser_id", "monitoring_advertiser"),
    ("monitoring_ad", "advertiser_id", "monitoring_advertiser"),
]
TARGETS = sorted({target for _table, _column, target in PAIRS})


def same_project(table: str, column: str, target: str) -> migrations.RunSQL:
    name = f"{table}_{column}_same_project"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (project_id, {column})"
        f" REFERENCES {target} (project_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {target} ADD CONSTRAINT {target}_in_project UNIQUE (project_id, id)",
                f"ALTER TABLE {target} DROP CONSTRAINT {target}_in_project",
            )
            for target in TARGETS
        ),
        *(same_project(*pair) for pair in PAIRS),
    ]
