"""Imports against a plain COPY of the same parsed rows into the same tables and indexes."""

import datetime
import statistics
import time
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from bench import doccano, worker
from bench.exports import PAGES, write_export
from monitoring.models import Account, Actor, Category, Import, ImportState, Project
from monitoring.services.imports import SentFile, open_import
from monitoring.services.projects import create_project
from tests.browser.conftest import address_of_database

TABLES = [
    "monitoring_post",
    "monitoring_otherobservation",
    "monitoring_dailytotal",
    "monitoring_dailylanguage",
]
EXPORTED = "2021-01-20-09-15-00-EST-Historical-Report.csv"
LATER = "2021-01-25-09-15-00-EST-Historical-Report.csv"
# Rows a second of doccano, on another machine with two cores.
DOCCANO_ELSEWHERE = 3_885


# Machines are not equally quick from one second to the next: of a loop that does nothing but count,
# the slowest of ten runs can take half as long again as the quickest.
ROUNDS = 5


class Round(NamedTuple):
    """What one round measured."""

    ratios: dict[str, float]  # of speeds, by what they compare
    rows_a_second: float  # of the better of one worker and two
    megabytes: float  # the most that a worker took


class Run(NamedTuple):
    """One import: how long it took from the first byte to the last row, and its workers' memory."""

    seconds: float
    megabytes: float


def run(folder: Path, sizes: list[int]) -> None:
    """Print rows a second and the ratios of runs, for exports of so many rows."""
    memory = {}
    if why_not := doccano.install():
        print(f"doccano is not measured beside: {why_not}")
    for rows in sizes:
        first, later = (folder / f"{rows}-{name}.csv" for name in ("first", "later"))
        write_export(first, rows)
        write_export(later, rows, changed=10)
        print(f"{rows:,} rows, {first.stat().st_size / 1e6:,.0f} MB")
        rounds = [measure(first, later, rows, folder) for _round in range(ROUNDS)]
        for name in rounds[0].ratios:
            ratios = sorted(one.ratios[name] for one in rounds)
            spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
            print(f"  {name}: {statistics.median(ratios):.2f} ({spread})", flush=True)
        if not why_not:
            # Not between our rounds: what comes after it found everything cold.
            server = connection.settings_dict
            theirs = [doccano.rows_a_second(first, server, folder) for _import in range(3)]
            ours = statistics.median(one.rows_a_second for one in rounds)
            ratio = ours / statistics.median(theirs)
            spread = f"{min(theirs):,.0f} to {max(theirs):,.0f} rows/s"
            print(f"  import / doccano: {ratio:.1f} (doccano: {spread})", flush=True)
        memory[rows] = max(one.megabytes for one in rounds)
    if len(sizes) > 1:
        small, large = memory[min(sizes)], memory[max(sizes)]
        print(f"memory of a worker: {large:.0f} MB, {large / small:.2f} of that at fewer rows")


def measure(first: Path, later: Path, rows: int, folder: Path) -> Round:
    """One worker and two begin alike, with empty tables.

    COPY comes last: the rows that it deletes beforehand are vacuumed away for minutes afterwards.
    """
    clear_projects()
    project = mission("one")
    alone = import_file(project, first, EXPORTED, workers=1)
    say("first import, 1 worker", rows, alone)
    again = import_file(project, first, EXPORTED, workers=1)
    say("unchanged, again", rows, again)
    changed = import_file(project, later, LATER, workers=1)
    say("10 % changed", rows, changed)
    clear_projects()
    both = import_file(mission("two"), first, EXPORTED, workers=2)
    say("first import, 2 workers", rows, both)
    copied = seconds_to_copy(folder)
    print(f"  plain COPY: {copied:.1f} s, {rows / copied:,.0f} rows/s", flush=True)
    best = rows / min(alone.seconds, both.seconds)
    ratios = {
        "import / COPY, 1 worker": copied / alone.seconds,
        "import / COPY, 2 workers": copied / both.seconds,
        "2 workers / 1 worker": alone.seconds / both.seconds,
        "unchanged / first import": alone.seconds / again.seconds,
        "10 % changed / first import": alone.seconds / changed.seconds,
        f"import / {DOCCANO_ELSEWHERE:,} rows/s": best / DOCCANO_ELSEWHERE,
    }
    return Round(ratios, best, max(alone.megabytes, both.megabytes))


def say(name: str, rows: int, run: Run) -> None:
    speed = f"{rows / run.seconds:,.0f} rows/s"
    print(f"  {name}: {run.seconds:.1f} s, {speed}, {run.megabytes:.0f} MB", flush=True)


def clear_projects() -> None:
    """Of what was measured before; what only grows refuses to be emptied, but for this."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE monitoring_project, {', '.join(TABLES)} CASCADE")
        cursor.execute("RESET session_replication_role")


def mission(slug: str) -> Project:
    project = create_project(
        slug=slug,
        name=slug,
        country="Kyrgyzstan",
        timezone="Asia/Bishkek",
        start=datetime.date(2020, 11, 19),
        end=datetime.date(2021, 1, 9),
    )
    media = Category.objects.of(project).get(key="media")
    actor = Actor.objects.create(project=project, category=media, name="All pages")
    Account.objects.bulk_create(
        Account(
            project=project,
            actor=actor,
            platform="facebook",
            kind="page",
            native_id=str(100_000_000_000_000 + page),
            handle=f"page{page}",
            name=f"Page {page}",
        )
        for page in range(PAGES)
    )
    return project


def import_file(project: Project, path: Path, name: str, *, workers: int) -> Run:
    running = [worker.start(address_of_database()) for _one in range(workers)]
    began = time.perf_counter()
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(1 << 20), b"")
        opened = open_import(
            project=project, file=SentFile(name, blocks), received_at=timezone.now()
        )
    for process in running:
        worker.tell(process, project.pk, opened.source_import.pk)
    megabytes = max(map(worker.megabytes_of, running))
    done = Import.objects.of(project).get(pk=opened.source_import.pk)
    assert done.state == ImportState.DONE, done.error
    assert done.rows_rejected == 0
    return Run(_until_done(began, done), megabytes)


def _until_done(began: float, done: Import) -> float:
    """Without the time that a worker takes to end after the last row is in."""
    ended = time.perf_counter() - (timezone.now() - done.finished_at).total_seconds()  # type: ignore[operator]
    return ended - began


def seconds_to_copy(folder: Path) -> float:
    """Copy the posts, readings and totals out, and time how long they take back in."""
    with connection.cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("wb") as file:
                cursor.copy_expert(
                    f"COPY {table} ({stored_columns(cursor, table)}) TO STDOUT", file
                )
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("COMMIT")
        for table in TABLES:
            cursor.execute(f"VACUUM {table}")
        began = time.perf_counter()
        cursor.execute("BEGIN")
        for table in TABLES:
            with (folder / table).open("rb") as file:
                cursor.copy_expert(
                    f"COPY {table} ({stored_columns(cursor, table)}) FROM STDIN", file
                )
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
