"""``make bench``: speed as ratios measured in one run, in a database that is thrown away."""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.conf import settings
from django.test.runner import DiscoverRunner

from bench import charts, desk, imports, pages


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.HOME = Path(folder)
            settings.MEASURES_REMEMBERED_SECONDS = 600
            settings.MEDIA_ROOT = Path(folder) / "media"
            if "charts" in sys.argv[1:]:
                charts.run()
            else:
                imports.run(Path(folder))
                pages.run()
                desk.run()
                charts.run()
    finally:
        runner.teardown_databases(databases)


main()
