"""The same export imported into doccano, beside us: the quickest of the tools people code with.

It is installed for the purpose, into an environment of its own. Its import is called as its worker
calls it, and spared the upload and the queue.
"""

import csv
import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

_VERSION = "1.8.4"
# It asks for no versions of these, and does not run with the newest.
_PACKAGES = (f"doccano=={_VERSION}", "psycopg2-binary", "setuptools<80", "marshmallow<4", "numpy<2")
_PYTHON = "3.11"  # the newest that its pandas has wheels for
_ENVIRONMENT = Path(sys.prefix, ".doccano")
_DATABASE = "doccano"
# It takes as long for each of ten thousand posts as for each of a hundred thousand.
_MOST_ROWS = 50_000


def install() -> str:
    """Why it cannot be installed, e.g. for want of a network; empty if it is there."""
    uv = Path(sys.prefix, ".uv", "bin", "uv")
    make = [uv, "venv", "--quiet", "--allow-existing", "--python", _PYTHON, _ENVIRONMENT]
    fill = [uv, "pip", "install", "--quiet", "--python", _ENVIRONMENT, *_PACKAGES]
    try:
        for command in (make, fill):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as problem:
        return str(problem)
    except subprocess.CalledProcessError as problem:
        return problem.stderr.strip().splitlines()[-1]
    return ""


def rows_a_second(export: Path, server: dict[str, Any], folder: Path) -> float:
    """Import an export, or its first rows, into an empty database.

    That is on the same ``server`` as a database of ours, of which these are Django's settings.
    """
    head = folder / "for-doccano.csv"
    with export.open(encoding="utf-8", newline="") as rows, head.open("w", newline="") as written:
        csv.writer(written).writerows(islice(csv.reader(rows), 1 + _MOST_ROWS))
    at = {name: server[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    # -P: what doccano calls by names of modules in this folder are other things.
    command = [_ENVIRONMENT / "bin" / "python", "-P", __file__, json.dumps(at), head]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    posts, seconds = done.stdout.split()[-2:]
    return int(posts) / float(seconds)


def _import(server: dict[str, Any], export: Path) -> None:
    """In doccano's environment: print how many posts it stored, and in how many seconds."""
    import backend

    sys.path.insert(0, *backend.__path__)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.base", "DEBUG": "False"}
    from config.settings import base

    engine = "django.db.backends.postgresql"
    base.DATABASES["default"] = {"ENGINE": engine, "NAME": "postgres", **server}
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_DATABASE}")  # of a run that was killed
        cursor.execute(f"CREATE DATABASE {_DATABASE}")
    connection.close()
    connection.settings_dict["NAME"] = _DATABASE
    try:
        posts, seconds = _seconds_to_import(export)
    finally:
        # At once, lest its rows are vacuumed while something else is measured.
        connection.close()
        connection.settings_dict["NAME"] = "postgres"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {_DATABASE}")
    print(posts, seconds)


def _seconds_to_import(export: Path) -> tuple[int, float]:
    """Also how many posts there are then."""
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import CSV
    from data_import.pipeline.readers import FileName
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from examples.models import Example
    from projects.models import ProjectType, TextClassificationProject

    call_command("migrate", verbosity=0)
    project = TextClassificationProject.objects.create(
        name="posts",
        project_type=ProjectType.DOCUMENT_CLASSIFICATION,
        created_by=User.objects.create(username="admin"),
    )
    files = [FileName(str(export), export.name, export.name)]
    columns = {"column_data": "Message", "delimiter": ",", "encoding": "utf-8"}
    began = time.perf_counter()
    dataset = load_dataset(project.project_type, CSV, files, project, **columns)
    dataset.save(project.created_by, batch_size=settings.IMPORT_BATCH_SIZE)
    seconds = time.perf_counter() - began
    return Example.objects.count(), seconds


if __name__ == "__main__":
    _import(json.loads(sys.argv[1]), Path(sys.argv[2]))
