"""``import_file``: the pipeline of an upload, on the command line."""

import argparse
import datetime
import json
import math
import os
import time
import zoneinfo
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.utils import timezone
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from monitoring.importers import AUTO, READERS
from monitoring.models import Import, ImportState, Project
from monitoring.services import ledger
from monitoring.services.imports import (
    NotStored,
    Opened,
    SentFile,
    Stated,
    UnreadableFile,
    open_import,
)

_BLOCK = 1 << 20
_LOOK_EVERY = 0.1


class Command(BaseCommand):
    requires_system_checks = []  # no page is served here
    help = (
        "Import a file of posts or ads into a project. The work is done here; running workers"
        " help. Interrupted, it goes on where it was: with a worker, or with this command again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file, as it was exported")
        parser.add_argument("--project", required=True, metavar="SLUG")
        parser.add_argument(
            "--source", default=AUTO, choices=[AUTO, *READERS], help="default: told by the columns"
        )
        parser.add_argument(
            "--timezone", default="", metavar="ZONE", help="of the times in the file: Asia/Bishkek"
        )
        parser.add_argument(
            "--exported-at",
            type=moment,
            metavar="TIME",
            help="when the file was exported, if its name does not say: 2021-01-20T10:00+06:00",
        )
        parser.add_argument(
            "--hands", type=int, default=min(4, os.cpu_count() or 1), help=argparse.SUPPRESS
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project “{options['project']}”.")
        if options["timezone"] and options["timezone"] not in zoneinfo.available_timezones():
            raise CommandError(f"“{options['timezone']}” is no time zone, such as Asia/Bishkek.")
        opened = self.open(project, options)
        done = self.run(opened.source_import, options)
        if done.state == ImportState.FAILED:
            raise CommandError(done.error)
        if done.state != ImportState.DONE:
            raise CommandError(f"The import of this file is {done.get_state_display()}.")
        self.report(done, round(time.monotonic() - started, 2), as_json=options["json"])

    def open(self, project: Project, options: dict[str, Any]) -> Opened:
        path: Path = options["path"]
        try:
            path.open("rb").close()
            opened = open_import(
                project=project,
                file=SentFile(path.name, blocks_of(path)),
                received_at=timezone.now(),
                stated=Stated(options["source"], options["timezone"], options["exported_at"]),
            )
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None
        except UnreadableFile as problem:
            raise CommandError(f"{path}: {problem}") from None
        except NotStored as problem:
            raise CommandError(f"The file could not be stored: {problem}") from None
        if opened.export_moment_unknown:
            self.stderr.write(
                "The file does not say when it was exported, so its counters are taken for those"
                " of now; --exported-at says better."
            )
        if opened.source_import.repeats:
            self.stderr.write(said_of(opened.source_import.repeats))
        return opened

    def run(self, source_import: Import, options: dict[str, Any]) -> Import:
        """Load the file with several hands, showing how far it is."""
        # Inside a caller's transaction other connections could not see the import.
        hands = 0 if connection.in_atomic_block else options["hands"]
        job = partial(
            ledger.work,
            project_id=source_import.project_id,
            import_id=source_import.pk,
            seconds=math.inf,
        )
        bar = progress_bar(visible=options["verbosity"] > 0)
        with bar, ThreadPoolExecutor(max(1, hands)) as pool:
            task = bar.add_task(source_import.file_name, total=None)
            while source_import.is_open:
                if not hands:
                    job()
                working = [pool.submit(in_own_connection, job) for _hand in range(hands)]
                wait_for(working, lambda: show(bar, task, source_import))
                show(bar, task, source_import)
                if source_import.is_open:
                    time.sleep(_LOOK_EVERY)  # another worker has the last chunks
        return source_import

    def report(self, done: Import, seconds: float, *, as_json: bool) -> None:
        counts = {
            "batch": done.pk,
            "source": done.source,
            "read": done.rows_read,
            "created": done.rows_created,
            "updated": done.rows_updated,
            "unchanged": done.rows_unchanged,
            "rejected": done.rows_rejected,
            "waiting_for_account": done.rows_waiting,
            "seconds": seconds,
            "repeats": done.repeats_id,
        }
        if as_json:
            self.stdout.write(json.dumps(counts))
            return
        shown = {name: number for name, number in counts.items() if isinstance(number, int)}
        shown.pop("batch")
        shown.pop("repeats", None)
        words = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in shown.items())
        self.stdout.write(f"{done.file_name}: {words} ({seconds} s)")


def said_of(earlier: Import) -> str:
    day = earlier.created_at.date().isoformat()
    return f"This very file was imported before ({day}, import {earlier.pk}): it changes nothing."


def moment(text: str) -> datetime.datetime:
    value = datetime.datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError("add the offset: 2021-01-20T10:00+06:00")
    return value


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def in_own_connection(job: partial[bool]) -> None:
    try:
        job()
    finally:
        connections.close_all()


def wait_for(working: list[Future[None]], look: Any) -> None:
    while not all(one.done() for one in working):
        time.sleep(_LOOK_EVERY)
        look()
    for one in working:
        one.result()


def show(bar: Progress, task: Any, source_import: Import) -> None:
    source_import.refresh_from_db()
    bar.update(
        task,
        total=source_import.rows_total,
        completed=source_import.rows_read,
        rejected=source_import.rows_rejected,
    )


def progress_bar(*, visible: bool) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        RowsPerSecond(),
        TimeRemainingColumn(),
        console=console,
        disable=not visible or not console.is_terminal,
    )


class RowsPerSecond(ProgressColumn):
    """How many rows came in during the last second, on average."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")
