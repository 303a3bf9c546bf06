"""What holds of merged actors whoever writes: foreign keys over columns that say what must be so.

- Who is merged into somebody is of the same project and category, and that one is merged into none.
- No account and no advertiser is a merged actor's; one that was moved is with whom that one counts.
- A merging is recorded of a merged actor only.
"""

from django.db import migrations

# Keys of the list that other rows refer to: an actor with what they rely on.
KEYS = ("is_merged", "merged_into_id", "category_id")
# table, columns besides the project, the key they point to, what follows a change of it
RULES = [
    ("actor", ("merged_into_id", "of_merged"), "is_merged", ""),
    ("actor", ("merged_into_id", "category_id"), "category_id", "ON UPDATE CASCADE"),
    ("account", ("actor_id", "of_merged"), "is_merged", ""),
    ("account", ("merged_from_id", "actor_id"), "merged_into_id", ""),
    ("advertiser", ("actor_id", "of_merged"), "is_merged", ""),
    ("advertiser", ("merged_from_id", "actor_id"), "merged_into_id", ""),
    ("merging", ("actor_id", "of_merged"), "is_merged", ""),
]


def computed(table: str, column: str, value: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE monitoring_{table}"
        f" ADD COLUMN {column} boolean NOT NULL GENERATED ALWAYS AS ({value}) STORED",
        f"ALTER TABLE monitoring_{table} DROP COLUMN {column}",
    )


def key(column: str) -> migrations.RunSQL:
    name = f"monitoring_actor_with_{column}"
    return migrations.RunSQL(
        f"ALTER TABLE monitoring_actor ADD CONSTRAINT {name} UNIQUE (project_id, id, {column})",
        f"ALTER TABLE monitoring_actor DROP CONSTRAINT {name}",
    )


def rule(table: str, columns: tuple[str, str], target: str, follows: str) -> migrations.RunSQL:
    name = f"monitoring_{table}_{columns[0]}_{target}"
    return migrations.RunSQL(
        f"ALTER TABLE monitoring_{table} ADD CONSTRAINT {name}"
        f" FOREIGN KEY (project_id, {', '.join(columns)})"
        f" REFERENCES monitoring_actor (project_id, id, {target}) {follows}"
        " DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE monitoring_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0022_actors_are_merged")]

    operations = [
        computed("actor", "is_merged", "merged_into_id IS NOT NULL"),
        *(computed(table, "of_merged", "false") for table in ("actor", "account", "advertiser")),
        computed("merging", "of_merged", "true"),
        *map(key, KEYS),
        *(rule(*each) for each in RULES),
        migrations.RunSQL(
            "ALTER TABLE monitoring_merging ADD CONSTRAINT monitoring_merging_into_in_project"
            " FOREIGN KEY (project_id, into_id) REFERENCES monitoring_actor (project_id, id)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE monitoring_merging DROP CONSTRAINT monitoring_merging_into_in_project",
        ),
    ]
