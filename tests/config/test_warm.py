"""A web worker that has started makes nobody wait for what every page needs."""

import os
import subprocess
import sys

from django.conf import settings

CODE = """
import gc, sys, django
django.setup()
from config.warm import warm_up
warm_up()
assert "dashboards.views.report" in sys.modules
assert "matplotlib" not in sys.modules
assert gc.get_freeze_count() > 100_000
"""


def test_a_worker_has_loaded_its_pages_and_searches_no_garbage_among_them() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", CODE], cwd=settings.BASE_DIR, env=env, check=True)
