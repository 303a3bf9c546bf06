"""``make bench``: speed as ratios measured in one run, in a database that is thrown away.

``make bench ARGS="--rows 135000 1000000"`` imports exports of so many rows; ``ARGS=charts``
measures one part alone.
"""

import argparse
import io
import os
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings
from django.test.runner import DiscoverRunner
from rich.console import Console

from bench import charts, desk, imports, live, pages
from config import reference_project

ON_THE_REFERENCE_PROJECT = {"pages": pages.run, "desk": desk.run, "live": live.run}
PARTS = ["imports", *ON_THE_REFERENCE_PROJECT, "charts"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[135_000], metavar="N")
    parser.add_argument("only", nargs="?", choices=PARTS, help="default: everything")
    chosen = parser.parse_args()
    rows, parts = chosen.rows, {chosen.only} if chosen.only else {*PARTS}
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.HOME = Path(folder)
            settings.MEASURES_REMEMBERED_SECONDS = 600
            settings.MEDIA_ROOT = Path(folder) / "media"
            if "imports" in parts:
                imports.run(Path(folder), rows)
            if parts & ON_THE_REFERENCE_PROJECT.keys():
                reference_project.load(Console(file=io.StringIO()))
            for name, measure in ON_THE_REFERENCE_PROJECT.items():
                if name in parts:
                    measure()
            if "charts" in parts:
                charts.run()
    finally:
        runner.teardown_databases(databases)


main()
