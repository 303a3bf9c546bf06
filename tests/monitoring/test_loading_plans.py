"""Rows are looked up by key even where the planner's statistics know nothing of a project."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from monitoring.services.post_statements import compare
from tests.monitoring.exports import PAGES_2020, as_csv, page_post
from tests.monitoring.test_imports import make_project, take_in

pytestmark = pytest.mark.django_db

GROWING = ["monitoring_post", "monitoring_otherobservation"]
ROWS = 1_500
MANY = 9_000


def export_of(first: int, rows: int = ROWS) -> bytes:
    return as_csv(PAGES_2020, [page_post(number) for number in range(first, first + rows)])


def exported_on(day: int) -> str:
    return f"2021-01-{day:02}-09-15-00-EST-Historical-Report.csv"


def rows_read() -> int:
    """How many rows of posts and their other readings were looked at so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables"
            " WHERE relname = ANY(%s)",
            [GROWING],
        )
        return int(cursor.fetchone()[0])


def rows_handled(node: dict[str, Any]) -> float:
    """Rows that a step of a plan and the steps below it returned or threw away."""
    each = node["Actual Rows"] + node.get("Rows Removed by Join Filter", 0)
    each += node.get("Rows Removed by Filter", 0)
    return float(each * node["Actual Loops"]) + sum(map(rows_handled, node.get("Plans", [])))


class Explained:
    """Keeps how many rows the comparison with known posts handled, each time it is run."""

    def __init__(self) -> None:
        self.rows: list[float] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        if sql == compare(("media_url",)):
            with connection.connection.cursor() as cursor:
                reads = sql[: sql.index("), settled AS")]
                reads = f"EXPLAIN (ANALYZE, FORMAT JSON) {reads}) TABLE compared"
                cursor.execute(reads, params)
                self.rows.append(rows_handled(cursor.fetchone()[0][0]["Plan"]))
        return execute(sql, params, *rest)


def test_a_new_project_beside_an_analysed_one_is_compared_by_key() -> None:
    """Statistics that say "one project" once had every row compared with every known post."""
    take_in(make_project("analysed"), export_of(1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE monitoring_post, monitoring_otherobservation")
    project = make_project("new")
    take_in(project, export_of(1))
    explained = Explained()
    with connection.execute_wrapper(explained):
        second = take_in(project, export_of(ROWS))
    assert (second.rows_created, second.rows_unchanged) == (ROWS - 1, 1)
    assert len(explained.rows) == 1
    assert explained.rows[0] < 20 * ROWS


def test_a_table_that_seems_to_hold_nothing_is_compared_by_key() -> None:
    """Analysed while its first rows are being stored, it seems so; each row met each post then."""
    project = make_project("first")
    take_in(project, export_of(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = greatest(relpages, 1)"
            " WHERE oid = 'monitoring_post'::regclass"
        )
    explained = Explained()
    with connection.execute_wrapper(explained):
        second = take_in(project, export_of(2))
    assert (second.rows_created, second.rows_unchanged) == (1, ROWS - 1)
    assert len(explained.rows) == 1
    assert explained.rows[0] < 20 * ROWS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("filled", "then", "first"),
    [
        pytest.param((13, 14), 15, MANY + 1, id="new posts"),
        pytest.param((13, 14), 15, 1, id="posts whose counters are final"),
        pytest.param((6, 7), 13, 1, id="posts whose counters become final"),
        pytest.param((13, 14), 12, 1, id="posts whose earlier counters are the final ones"),
    ],
)
def test_tables_that_were_emptied_and_filled_are_not_read_from_end_to_end(
    filled: tuple[int, int], then: int, first: int
) -> None:
    """After a large import was taken back PostgreSQL holds them empty, until it looks again.

    To read an index from end to end then seems cheaper than to look each of a chunk's posts up.
    """
    project = make_project("taken-back")
    for day in filled:
        take_in(project, export_of(1, MANY), name=exported_on(day))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in GROWING:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("RESET session_replication_role")
        cursor.execute(f"VACUUM (TRUNCATE false) {', '.join(GROWING)}")
    project = make_project("again")
    for day in filled:
        take_in(project, export_of(1, MANY), name=exported_on(day))
    before = rows_read()
    take_in(project, export_of(first, 100), name=exported_on(then))
    assert rows_read() - before < 30 * 100


def test_rows_that_were_known_unnoticed_are_compared_after_all() -> None:
    """One row in fifty is looked up beforehand; the unique key finds the others."""
    project = make_project("overlapping")
    take_in(project, export_of(1))
    with_one_known = [page_post(number) for number in range(ROWS + 1, ROWS + 50)]
    with_one_known.insert(7, page_post(5))
    second = take_in(project, as_csv(PAGES_2020, with_one_known))
    assert (second.rows_created, second.rows_unchanged) == (49, 1)
    assert [chunk.attempts for chunk in second.chunks.all()] == [1]


def test_a_large_import_leaves_statistics_behind() -> None:
    """Else charts would read tables from end to end until PostgreSQL looks at them by itself."""
    many = [page_post(number) for number in range(10_000)]
    take_in(make_project("large"), as_csv(PAGES_2020, many))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'monitoring_post'::regclass")
        assert cursor.fetchone()[0] >= 10_000
