"""Who could change the history of codings: asked of the database itself."""

from dataclasses import dataclass

from django.db import connection

# The role of web and worker (migration 0009): it may add rows to the history, and no more.
ROLE = "daana_app"
# The tables of the history are those with the trigger that refuses changes.
WHO_MAY_CHANGE = """
    WITH app AS (SELECT oid, rolsuper FROM pg_roles WHERE rolname = %(role)s),
    guarded AS (
        SELECT tgrelid AS history FROM pg_trigger
        WHERE tgname = 'append_only' AND tgenabled <> 'D'
    ), may AS (
        SELECT
            bool_or(has_table_privilege(app.oid, history, 'UPDATE, DELETE, TRUNCATE')) AS app,
            bool_or(has_table_privilege(history, 'UPDATE, DELETE, TRUNCATE')) AS person
        FROM guarded LEFT JOIN app ON true
    )
    SELECT
        (SELECT count(*) FROM guarded), EXISTS (SELECT FROM app WHERE NOT rolsuper),
        coalesce(may.app, false), coalesce(may.person, false), current_user::text
    FROM may
"""


@dataclass(frozen=True)
class Guard:
    """``has_role``: there is a role that cannot change the history. ``person`` is who asks."""

    tables: int
    has_role: bool
    person: str
    person_may_change: bool


def guard_of_history() -> Guard:
    """Raises no error before the tables are made: then none of them is guarded."""
    with connection.cursor() as cursor:
        cursor.execute(WHO_MAY_CHANGE, {"role": ROLE})
        tables, exists, role_may_change, person_may_change, person = cursor.fetchone()
    return Guard(
        tables=tables,
        has_role=bool(tables) and exists and not role_may_change,
        person=person,
        person_may_change=bool(person_may_change),
    )
