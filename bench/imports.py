"""Imports against a plain COPY of the same rows into the same tables with the same indexes."""

import io
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from rich.console import Console

from config import reference_project
from monitoring.models import Import, Project

TABLES = ["monitoring_post", "monitoring_observation", "monitoring_dailytotal"]


def run(folder: Path) -> None:
    """Load the reference project, then the rows it left by COPY, and print rows and ratios."""
    reference_project.load(Console(file=io.StringIO()))
    project = Project.objects.get(slug=reference_project.SLUG)
    imports = [one for one in Import.objects.of(project) if one.source.startswith("crowdtangle")]
    rows = sum(one.rows_read for one in imports)
    spent = sum((one.finished_at - one.created_at).total_seconds() for one in imports)
    print(f"import of {rows:,} posts: {spent:.1f} s, {rows / spent:,.0f} rows/s")
    copied = seconds_to_copy()
    print(f"plain COPY of the same rows: {copied:.1f} s, a ratio of {copied / spent:.2f}")
    again = seconds_to_import_again(folder, project)
    print(f"importing the same files again: {again:.1f} s, {rows / again:,.0f} rows/s")


def seconds_to_copy() -> float:
    """Copy the posts, readings and totals out, and time how long they take back in."""
    with connection.cursor() as cursor:
        held = {}
        for table in TABLES:
            columns = stored_columns(cursor, table)
            held[table] = columns, io.StringIO()
            cursor.copy_expert(f"COPY {table} ({columns}) TO STDOUT", held[table][1])
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("COMMIT")
        for table in TABLES:
            cursor.execute(f"VACUUM {table}")
        began = time.perf_counter()
        cursor.execute("BEGIN")
        for table, (columns, text) in held.items():
            text.seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)
        cursor.execute("COMMIT")
        return time.perf_counter() - began


def stored_columns(cursor: object, table: str) -> str:
    """The columns a COPY may fill: the database computes the generated ones itself."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = ''",
        [table],
    )
    return cursor.fetchone()[0]


def seconds_to_import_again(folder: Path, project: Project) -> float:
    files = folder / "exports"
    files.mkdir()
    call_command("build_reference", project.slug, out=files, stdout=io.StringIO())
    began = time.perf_counter()
    for path in sorted(files.glob("*Historical*.csv")):
        call_command("import_file", path, project=project.slug, stdout=io.StringIO())
    return time.perf_counter() - began
