"""Whatever is killed, and when: the database is that of an undisturbed import.

Three seeds of twelve faults here. ``DAANA_CHAOS_SEEDS=100`` tries a hundred, and also kills server
processes of PostgreSQL, which takes down every other connection to the same server.
"""

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from monitoring.models import Import, ImportChunk, Project, RejectedRow
from monitoring.services import ledger
from monitoring.services.imports import SentFile, open_import
from tests.chaos.machinery import Machinery, running_machinery
from tests.monitoring.checksum import checksum
from tests.monitoring.exports import PAGES_2020, STABLE, as_csv, page_post
from tests.monitoring.test_converting import api_posts
from tests.monitoring.test_imports import NOW, counts, make_project, take_in

pytestmark = pytest.mark.django_db(transaction=True)

ON_DEMAND = int(os.environ.get("DAANA_CHAOS_SEEDS", "0"))
SEEDS = range(ON_DEMAND or 3)
FAULTS = 12
POSTS = 1_300
CHUNK_BYTES = 2_500
SECONDS = 60
CONVERTED = 5_000  # posts, which take more than half a second to convert


def export() -> bytes:
    """With rows that repeat a post and rows that cannot be read."""
    rows = [page_post(number, Likes=number % 90, Message="a\nb") for number in range(POSTS)]
    rows[700] = page_post(3, Likes=77)
    rows[1200] = page_post(1200, Likes="many")
    return as_csv(PAGES_2020, rows)


def faults_of(seed: int, machinery: Machinery) -> list[Any]:
    """Twelve faults in an order of the seed, each with the pause before it, in seconds."""
    chance = random.Random(seed)
    # Workers wait longer after each broker they lose, so one is all that the time allows.
    kinds = [machinery.kill_a_child] * 6 + [machinery.end_connections] * 4
    kinds += [machinery.kill_the_broker, machinery.kill_a_worker]
    if ON_DEMAND:
        kinds[-3] = machinery.kill_a_backend
    chance.shuffle(kinds)
    assert len(kinds) == FAULTS
    return [(kind, chance.uniform(0, 0.15), chance) for kind in kinds]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chaos")


def test_an_import_among_faults_is_the_undisturbed_one(settings: Any, folder: Path) -> None:
    settings.MEDIA_ROOT = folder / "media"
    undisturbed = make_project("undisturbed")
    reference = take_in(undisturbed, export(), chunk_bytes=CHUNK_BYTES)
    assert reference.rows_rejected == 1
    with running_machinery(settings, folder) as machinery:
        for seed in SEEDS:
            disturbed = make_project(f"disturbed-{seed}")
            done = import_among_faults(disturbed, machinery, seed)
            assert counts(done) == counts(reference), f"seed {seed}"
            assert checksum(disturbed) == checksum(undisturbed), f"seed {seed}"
            chunks = ImportChunk.objects.filter(source_import=done)
            assert {chunk.state for chunk in chunks} == {"done"}
            assert sum(chunk.rows_read for chunk in chunks) == done.rows_total
            assert RejectedRow.objects.filter(source_import=done).count() == 1


def test_a_worker_killed_while_it_converts_a_file_loses_nothing(
    settings: Any, folder: Path
) -> None:
    settings.MEDIA_ROOT = folder / "media"
    project = make_project("converted")
    file = SentFile("posts.ndjson", [api_posts(CONVERTED)])
    with running_machinery(settings, folder) as machinery:
        one = open_import(project=project, file=file, received_at=NOW).source_import
        machinery.ask_for(one)
        reached(one, lambda: one.state == "converting", every=0.01)
        machinery.kill_both_workers()
        assert not any(path.suffix == ".utf8" for path in settings.MEDIA_ROOT.rglob("*"))
        reached(one, lambda: not one.is_open, meanwhile=machinery.ask_for, every=0.5)
    assert (one.state, one.rows_created, one.attempts) == ("done", CONVERTED, 2)
    assert [path.name for path in settings.MEDIA_ROOT.rglob(f"{one.sha256}*")] == [
        f"{one.sha256}.json.utf8"
    ]


def reached(one: Import, is_so: Any, *, every: float, meanwhile: Any = lambda _one: None) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, (one.state, one.error)
        meanwhile(one)
        time.sleep(every)
        one.refresh_from_db()


def import_among_faults(project: Project, machinery: Machinery, seed: int) -> Import:
    opened = open_import(project=project, file=SentFile(STABLE, [export()]), received_at=NOW)
    one = ledger.begin(
        project_id=project.pk, import_id=opened.source_import.pk, chunk_bytes=CHUNK_BYTES
    )
    machinery.ask_for(one)
    hits = 0
    for fault, pause, chance in faults_of(seed, machinery):
        time.sleep(pause)  # the moment of the fault is what the seed decides
        one.refresh_from_db()
        hits += one.is_open
        fault(chance)
        machinery.ask_for(one)
    assert hits > FAULTS / 2, "the import was over before most of the faults"
    deadline = time.monotonic() + SECONDS
    while one.is_open:
        assert time.monotonic() < deadline, f"seed {seed}: {one.rows_read} of {one.rows_total}"
        machinery.ask_for(one)
        time.sleep(0.2)
        one.refresh_from_db()
    return one
