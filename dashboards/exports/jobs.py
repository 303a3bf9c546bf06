"""Making the files that were asked for: each once, by whichever worker comes first."""

import datetime
import hashlib
import logging
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from coding.services.own_posts import answered_by_others
from dashboards.documents import document
from dashboards.exports.archive import write_archive
from dashboards.exports.formats import TooManyRows
from dashboards.models import Export, ExportedTable, ExportState
from dashboards.moments import one_moment
from monitoring.access import Action, may
from monitoring.models import Membership, Project

logger = logging.getLogger(__name__)

FOLDER = "exports"
MOST_ATTEMPTS = 3
# Ten million posts are written in less. A document is drawn, and a large archive packed, without a
# word to the database: their connection may be silent for as long, no other.
LONGEST = datetime.timedelta(hours=1)


class Unwanted(Exception):
    """Whoever asked for a file does not want it any more."""


class Progress(NamedTuple):
    """Rows written, and rows there will be; both 0 before the first."""

    done: int
    expected: int


def ask(*, project: Project, by: User, what: str, form: str, language: str = "") -> Export:
    """Enter a wish for a file; a worker makes it. ``language`` is that of a document."""
    return Export.objects.create(
        project=project, what=what, format=form, language=language, asked_by=by
    )


def run(*, export_id: int) -> None:
    """Make a file that waits. A second worker that is sent for the same file goes away.

    The wish is locked while the file is made, in a transaction that ends with it: a worker that is
    killed leaves it waiting, for the sweeper to offer again, three times at most.
    """
    with transaction.atomic():
        export = _locked(export_id)
        if export is None:
            return
        export.attempts += 1
        export.save(update_fields=["attempts"])
    with one_moment(writes=True):
        _allow_silence()
        export = _locked(export_id)
        if export is not None:
            _make(export)


def _allow_silence() -> None:
    """For this transaction alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true)",
            [f"{LONGEST.seconds}s"],
        )


def _locked(export_id: int) -> Export | None:
    """The wish while it waits, locked; None while another worker has it."""
    return (
        Export._base_manager.select_for_update(skip_locked=True, of=("self",))
        .select_related("project")
        .filter(pk=export_id, state=ExportState.WAITING)
        .first()
    )


def _make(export: Export) -> None:
    now = timezone.now()
    if export.attempts > MOST_ATTEMPTS:
        _fail(
            export, _("The workers that made it stopped three times. Tell whoever keeps this site.")
        )
        return
    role = Membership.objects.active_for(export.asked_by).filter(project=export.project_id).first()
    if role is None or not may(role.role, Action.EXPORT):
        _fail(export, _("Whoever asked for it may not export from this project any more."))
        return
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    name = f"{uuid.uuid4().hex}.{export.format if export.is_document else 'zip'}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(export, folder / name, at=now)
        _stop_if_unwanted(export.pk)
    except Unwanted:
        (folder / name).unlink(missing_ok=True)
        export.delete()
    except TooManyRows as problem:
        _fail(export, str(problem))
    except OSError as problem:
        logger.warning("export %s: %s", export.pk, problem)
        (folder / name).unlink(missing_ok=True)
        _fail(export, _("The disk refused the file: %(why)s.") % {"why": problem.strerror})
    else:
        export.state = ExportState.DONE
        export.stored_path = f"{FOLDER}/{name}"
        export.size = (folder / name).stat().st_size
        export.sha256 = _sha256_of(folder / name)
        export.as_of = now
        export.finished_at = timezone.now()
        export.save()


def _write(export: Export, path: Path, *, at: datetime.datetime) -> None:
    """Raises TooManyRows, OSError, Unwanted."""

    def tell(done: int, expected: int) -> None:
        _tell(export.pk, done, expected)
        _stop_if_unwanted(export.pk)

    if export.is_document:
        content = document(
            export.project, form=export.format, language=export.language, at=at, progress=tell
        )
        path.write_bytes(content)
    else:
        export.withheld = withheld_from(export, at=at)
        export.rows = write_archive(
            path,
            project=export.project,
            what=export.what,
            form=export.format,
            at=at,
            withheld=export.withheld,
            progress=tell,
        )


def withheld_from(export: Export, *, at: datetime.datetime) -> list[int]:
    """The posts that others answered and whoever asked for the file has still to code."""
    if export.what != ExportedTable.CODINGS:
        return []
    return sorted(answered_by_others(project=export.project, coder=export.asked_by, at=at))


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fail(export: Export, problem: str) -> None:
    export.state, export.problem, export.finished_at = ExportState.FAILED, problem, timezone.now()
    export.save()


def give_up_late(*, export_id: int) -> None:
    """Say of a file that took longer than LONGEST that it will not come."""
    with transaction.atomic():
        export = _locked(export_id)
        if export is not None:
            _fail(export, _("It took longer than an hour. CSV is the quickest to write."))


def progress_of(export: Export) -> Progress:
    """How far a file is, as its worker last said."""
    try:
        said = cache.get(f"export-{export.pk}") or (0, 0)
    except RedisError:
        said = (0, 0)
    return Progress(*said)


def _tell(export_id: int, done: int, expected: int) -> None:
    try:
        cache.set(f"export-{export_id}", (done, expected), timeout=3600)
    except RedisError:
        logger.debug("the progress of export %s is told to nobody", export_id)


def path_of(export: Export) -> Path:
    return Path(settings.MEDIA_ROOT) / export.stored_path


def remove(*, export: Export) -> bool:
    """Forget a wish and its file. False while a worker makes it: that one is told, and does it."""
    with transaction.atomic():
        rows = Export._base_manager.select_for_update(skip_locked=True, of=("self",))
        kept = rows.filter(pk=export.pk).first()
        if kept is None:
            with suppress(RedisError):
                cache.set(_unwanted_key(export.pk), 1, timeout=3600)
            return False
        stored = path_of(kept) if kept.stored_path else None
        kept.delete()
        if stored:
            transaction.on_commit(lambda: stored.unlink(missing_ok=True))
    return True


def _unwanted_key(export_id: int) -> str:
    return f"export-{export_id}-unwanted"


def _stop_if_unwanted(export_id: int) -> None:
    try:
        is_unwanted = cache.get(_unwanted_key(export_id))
    except RedisError:
        return
    if is_unwanted:
        raise Unwanted


def sweep_files(*, older_than: datetime.datetime) -> list[str]:
    """Remove what killed workers left behind; returns the names.

    Only what no row knows and nobody wrote to since a moment, at least LONGEST ago.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    left = {
        path.name: path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.stat().st_mtime < older_than.timestamp()
    }
    if not left:
        return []
    known = Export._base_manager.exclude(stored_path="").values_list("stored_path", flat=True)
    removed = sorted(left.keys() - {Path(stored).name for stored in known})
    for name in removed:
        if left[name].is_dir():
            shutil.rmtree(left[name], ignore_errors=True)
        else:
            left[name].unlink(missing_ok=True)
    return removed


def unattended(*, older_than: datetime.datetime) -> list[int]:
    """The ids of the files that wait since before a moment and that nobody makes now."""
    with transaction.atomic():
        rows = Export._base_manager.select_for_update(skip_locked=True, of=("self",))
        found = rows.filter(state=ExportState.WAITING, asked_at__lt=older_than)
        return list(found.values_list("id", flat=True))
