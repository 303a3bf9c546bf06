"""Taking from the pool looks at what is still to be taken, however much is done.

The database itself keeps ``has_enough_monitors``: whatever is written to it, the value stored is the
one counted here, and it is counted again whenever an assignment or the overlap changes what it says.
Posts outside the pool are not counted. Leases, which end by the clock, do not count.

Posts were told by their letters alone which of three languages they are in; now they may be in another
one, and go to those who read Russian or English as they did.
"""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION coding_count_monitors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.place IS NULL THEN
        NEW.has_enough_monitors := FALSE;
    ELSE
        NEW.has_enough_monitors := (
            SELECT count(*) FROM coding_assignment
            WHERE post_id = NEW.post_id AND NOT (state = 'open' AND is_pooled)
        ) >= COALESCE((SELECT coders FROM coding_overlappost WHERE sample_post_id = NEW.id), 1);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION coding_count_monitors_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE coding_samplepost SET has_enough_monitors = has_enough_monitors
    WHERE post_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.post_id ELSE NEW.post_id END
        AND place IS NOT NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION coding_count_monitors_of_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE coding_samplepost SET has_enough_monitors = has_enough_monitors
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sample_post_id ELSE NEW.sample_post_id END
        AND place IS NOT NULL;
    RETURN NULL;
END $$
"""
DROP_FUNCTIONS = """
DROP FUNCTION coding_count_monitors();
DROP FUNCTION coding_count_monitors_of_post();
DROP FUNCTION coding_count_monitors_of_overlap()
"""
IN_A_TAB = "({row}.state = 'open' AND {row}.is_pooled)"
OLD_IN_A_TAB, NEW_IN_A_TAB = (IN_A_TAB.format(row=row) for row in ("OLD", "NEW"))
# name, table, when, condition, function
TRIGGERS = [
    (
        "monitors_are_counted",
        "coding_samplepost",
        "BEFORE INSERT OR UPDATE OF place, has_enough_monitors",
        "WHEN (NEW.place IS NOT NULL OR NEW.has_enough_monitors)",
        "coding_count_monitors",
    ),
    (
        "monitor_is_counted",
        "coding_assignment",
        "AFTER INSERT",
        f"WHEN (NOT {NEW_IN_A_TAB})",
        "coding_count_monitors_of_post",
    ),
    (
        "monitor_is_counted_anew",
        "coding_assignment",
        "AFTER UPDATE OF state, is_pooled",
        f"WHEN ({OLD_IN_A_TAB} <> {NEW_IN_A_TAB})",
        "coding_count_monitors_of_post",
    ),
    (
        "monitor_is_no_longer_counted",
        "coding_assignment",
        "AFTER DELETE",
        f"WHEN (NOT {OLD_IN_A_TAB})",
        "coding_count_monitors_of_post",
    ),
    (
        "monitors_asked_for",
        "coding_overlappost",
        "AFTER INSERT OR UPDATE OF coders OR DELETE",
        "",
        "coding_count_monitors_of_overlap",
    ),
]


def trigger(name: str, table: str, when: str, condition: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {condition}"
        f" EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("coding", "0009_a_role_that_cannot_rewrite_history")]

    operations = [
        migrations.AddField(
            model_name="samplepost",
            name="has_enough_monitors",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RemoveIndex(model_name="samplepost", name="sample_post_in_pool"),
        migrations.AddIndex(
            model_name="samplepost",
            index=models.Index(
                condition=models.Q(
                    place__isnull=False, left_at__isnull=True, has_enough_monitors=False
                ),
                fields=["place"],
                name="sample_post_in_pool",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(state="open", is_pooled=True),
                fields=["project", "monitor"],
                name="assignment_in_a_tab",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *(trigger(*row) for row in TRIGGERS),
        migrations.RunSQL(
            "UPDATE coding_samplepost SET has_enough_monitors = has_enough_monitors"
            " WHERE place IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE coding_workload SET languages = languages || 'other'::varchar"
            " WHERE languages && '{ru,en}'::varchar[]",
            "UPDATE coding_workload SET languages = array_remove(languages, 'other')",
        ),
    ]
