"""How far an import is, and whether anybody is at work on it."""

import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q
from django.utils.functional import Promise

from monitoring.importers.files import CONVERTED
from monitoring.importers.problems import UnreadableFile
from monitoring.importers.questions import COLUMNS, question_of
from monitoring.models import (
    OPEN_STATES,
    UNREAD_STATES,
    ChunkState,
    Import,
    ImportChunk,
    ImportState,
)
from monitoring.refusals import sentence
from monitoring.services.steering import may_cancel, may_pause, may_resume
from monitoring.source_names import SOURCE_NAMES

# Longer than any chunk takes: when nothing has moved for so long, nobody is at work.
QUIET = datetime.timedelta(seconds=15)
# A workbook is opened whole before its first row comes out.
QUIET_WHILE_CONVERTING = datetime.timedelta(seconds=90)


class Progress(NamedTuple):
    """How far an import is, in the words of its page."""

    source_import: Import
    percent: int | None  # of its bytes, then of its rows; None where neither is known yet
    rows_per_second: int | None
    seconds_left: int | None
    no_worker: bool

    @property
    def tone(self) -> str:
        """How the state is coloured."""
        if self.source_import.state == ImportState.FAILED:
            return "danger"
        if self.source_import.state == ImportState.DONE:
            return "success"
        stands_still = self.no_worker or self.source_import.state in _STOPPED
        return "warning" if stands_still else ""

    @property
    def source_name(self) -> str | Promise:
        """What a person calls the kind of export; empty as long as nobody knows it."""
        return SOURCE_NAMES.get(self.source_import.source, self.source_import.source)

    @property
    def error(self) -> str:
        """Why it failed, in the reader's language."""
        failure = self.source_import.failure
        if not failure:
            return self.source_import.error
        return sentence(UnreadableFile(failure["code"], **failure["details"]))

    @property
    def questions(self) -> list[str]:
        """What it asks, in words."""
        return [sentence(question_of(one).as_refusal) for one in self.source_import.asks]

    @property
    def asks_for_columns(self) -> bool:
        return any(one["about"] == COLUMNS for one in self.source_import.asks)

    @property
    def is_converted(self) -> bool:
        """Whether the file was no text with delimiters."""
        return self.source_import.encoding in CONVERTED

    @property
    def delimiter(self) -> str:
        """The delimiter, visible."""
        return "TAB" if self.source_import.delimiter == "\t" else self.source_import.delimiter

    @property
    def is_unread(self) -> bool:
        """Whether its bytes are counted, since nobody knows of its rows yet."""
        return self.source_import.state in UNREAD_STATES

    @property
    def is_examined(self) -> bool:
        """Whether it is known how its file is read."""
        return not self.source_import.is_unread and self.source_import.state != ImportState.ASKING

    @property
    def may_steer(self) -> bool:
        return not self.source_import.repairs_id and (
            self.may_pause or self.may_resume or self.may_cancel
        )

    @property
    def may_pause(self) -> bool:
        return may_pause(self.source_import)

    @property
    def may_resume(self) -> bool:
        return may_resume(self.source_import)

    @property
    def may_cancel(self) -> bool:
        return may_cancel(self.source_import)


_STOPPED = (ImportState.ASKING, ImportState.PAUSED, ImportState.CANCELLED)


def progress_of(*, source_import: Import, now: datetime.datetime) -> Progress:
    """How far an import is at ``now``.

    Workers prove themselves by what they write: when no open import has moved for a while, none is
    running.
    """
    one = source_import
    percent = 100 * one.rows_read // one.rows_total if one.rows_total else None
    if not one.is_open:
        return Progress(one, percent, _rate(one, one.finished_at), None, False)
    is_converting = one.state == ImportState.CONVERTING
    quiet = QUIET_WHILE_CONVERTING if is_converting else QUIET
    no_worker = now - _last_movement(one) > quiet
    if one.state in UNREAD_STATES:
        percent = 100 * one.bytes_converted // one.size if one.bytes_converted else None
        return Progress(one, percent, None, None, no_worker)
    if one.state == ImportState.CANCELLING:
        return Progress(one, _percent_taken_back(one), None, None, no_worker)
    rate = _rate(one, now)
    left = round(((one.rows_total or 0) - one.rows_read) / rate) if rate else None
    return Progress(one, percent, rate, left, no_worker)


def _rate(one: Import, until: datetime.datetime | None) -> int | None:
    if one.started_at is None or until is None or not one.rows_read or one.is_cancelled:
        return None
    seconds = max((until - one.started_at).total_seconds(), 0.001)
    return round(one.rows_read / seconds)


def _percent_taken_back(one: Import) -> int:
    chunks = ImportChunk.objects.filter(source_import=one).aggregate(
        all=Count("number"), done=Count("number", filter=Q(state=ChunkState.TAKEN_BACK))
    )
    return int(100 * chunks["done"] // max(chunks["all"], 1))


def _last_movement(one: Import) -> datetime.datetime:
    moved = ImportChunk.objects.filter(source_import__state__in=OPEN_STATES).aggregate(
        done=Max("done_at"), handed_out=Max("last_enqueued_at")
    )
    moments = [moved["done"], moved["handed_out"]]
    moments += [one.started_at, one.offered_at, one.converted_at]
    return max(moment for moment in moments if moment is not None)
