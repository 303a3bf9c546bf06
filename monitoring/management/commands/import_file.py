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

from monitoring.importers import AUTO, READERS
from monitoring.importers.evidence import ENCODINGS
from monitoring.importers.mapping import Mapping, mapping_from_toml
from monitoring.importers.questions import AS_PRINTED
from monitoring.importers.table import Table
from monitoring.importers.times import ORDERS
from monitoring.management.import_progress import progress_bar, show
from monitoring.management.import_report import counts_of, notes_on, problem_of
from monitoring.models import COVERED_WITHOUT_MORE, Import, Project
from monitoring.services import ledger
from monitoring.services.coverage import state_in_a_word
from monitoring.services.examining import Stated
from monitoring.services.imports import NotStored, SentFile, UnreadableFile, open_import

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
            "--mapping",
            type=mapping_in,
            metavar="FILE.toml",
            help="which column of a table is what (docs/imports.md)",
        )
        parser.add_argument(
            "--timezone",
            default="",
            metavar="ZONE",
            help="of the times in the file: Asia/Bishkek; or as-printed, after a wrong one",
        )
        parser.add_argument(
            "--exported-at",
            type=moment,
            metavar="TIME",
            help="when the file was exported, if its name does not say: 2021-01-20T10:00+06:00",
        )
        parser.add_argument(
            "--dates",
            default="",
            choices=ORDERS,
            help="what 03/04/2026 means in the file: dmy is 3 April, mdy is 4 March; ymd: 26/04/03",
        )
        parser.add_argument(
            "--encoding",
            default="",
            choices=ENCODINGS,
            help="of a text that is no UTF-8, if its letters come out wrong",
        )
        parser.add_argument(
            "--covers",
            choices=[one.value for one in COVERED_WITHOUT_MORE],
            help="of whom silence is a finding: nobody (it is a search), the accounts in the"
            " file, or the whole monitored list; default: told by the kind of file",
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
        zones = {"", AS_PRINTED, *zoneinfo.available_timezones()}
        if options["timezone"] not in zones:
            raise CommandError(f"“{options['timezone']}” is no time zone, such as Asia/Bishkek.")
        done = self.all_done(self.opened(project, options), options)
        if problems := [said for one in done if (said := problem_of(one))]:
            raise CommandError("\n".join(f"{options['path']}: {said}" for said in problems))
        for one in done:
            state_in_a_word(source_import=one, accounts=options["covers"] or "")
        self.report(done, round(time.monotonic() - started, 2), as_json=options["json"])

    def opened(self, project: Project, options: dict[str, Any]) -> Import:
        path: Path = options["path"]
        if options["source"] == Table.source and options["mapping"] is None:
            self.stderr.write("Without --mapping only a table explained in the browser is known.")
        stated = Stated(
            options["source"],
            options["timezone"],
            options["exported_at"],
            options["mapping"],
            options["dates"],
            options["encoding"],
        )
        try:
            path.open("rb").close()
            file = SentFile(path.name, blocks_of(path))
            return open_import(
                project=project, file=file, received_at=timezone.now(), stated=stated
            ).source_import
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None
        except UnreadableFile as problem:
            raise CommandError(f"{path}: {problem}") from None
        except NotStored as problem:
            raise CommandError(f"The file could not be stored: {problem}") from None

    def all_done(self, first: Import, options: dict[str, Any]) -> list[Import]:
        """The import of the file, and those of the other files in an archive, all of them run."""
        first = self.run(first, options)
        done = [first, *(self.run(one, options) for one in first.unpacked.order_by("pk"))]
        for note in (note for one in done for note in notes_on(one)):
            self.stderr.write(note)
        return done

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

    def report(self, done: list[Import], seconds: float, *, as_json: bool) -> None:
        """What became of the rows, of all files of an archive together."""
        counts = counts_of(done, seconds)
        if as_json:
            self.stdout.write(json.dumps(counts))
            return
        shown = {name: counts[name] for name in _SHOWN}
        words = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in shown.items())
        names = done[0].file_name if len(done) == 1 else f"{len(done)} files"
        self.stdout.write(f"{names}: {words} ({seconds} s)")


_SHOWN = ("read", "created", "updated", "unchanged", "rejected", "waiting_for_account")


def mapping_in(path: str) -> Mapping:
    try:
        return mapping_from_toml(Path(path).read_text("utf-8"))
    except (OSError, UnreadableFile) as problem:
        raise argparse.ArgumentTypeError(f"{path}: {problem}") from None


def moment(text: str) -> datetime.datetime:
    value = datetime.datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError("add the offset: 2021-01-20T10:00+06:00")
    if value > timezone.now():
        raise argparse.ArgumentTypeError("this moment is still to come")
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
