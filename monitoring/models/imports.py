"""Bulk imports and the ledger that accounts for every row of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from monitoring.models.owned import Owned


class ImportState(models.TextChoices):
    """Where an import stands."""

    RECEIVED = "received", _("received")
    CONVERTING = "converting", _("being converted")
    ASKING = "asking", _("waiting for your answer")
    WAITING = "waiting", _("waiting for a worker")
    SPLITTING = "splitting", _("being read")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLING = "cancelling", _("being taken back")
    CANCELLED = "cancelled", _("cancelled")


# In these there is something to do for a worker.
OPEN_STATES = [
    ImportState.RECEIVED,
    ImportState.CONVERTING,
    ImportState.WAITING,
    ImportState.SPLITTING,
    ImportState.RUNNING,
    ImportState.CANCELLING,
]
# In these the same file cannot be imported a second time.
UNFINISHED_STATES = [*OPEN_STATES, ImportState.PAUSED, ImportState.ASKING]
# In these nobody knows yet what the file holds.
UNREAD_STATES = [ImportState.RECEIVED, ImportState.CONVERTING]


class RowCounts(models.Model):
    """What became of rows; those waiting and those taken back are among the created ones."""

    rows_read = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_updated = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_waiting = models.PositiveIntegerField(default=0)
    rows_taken_back = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


_ACCOUNTED_FOR = Q(
    rows_read=F("rows_created") + F("rows_updated") + F("rows_unchanged") + F("rows_rejected")
)


class Import(Owned, RowCounts):
    """One file on its way into the project.

    The counts are the sums over the chunks that are done, written in each chunk's transaction;
    a row that was mended since counts as what it became, and no longer as rejected.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports",
    )
    file_name = models.CharField(max_length=255)
    # Relative to MEDIA_ROOT; the name is the hash, so no name from outside reaches the disk.
    # Empty where nothing is kept of a file that could not be read.
    stored_path = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    # The kind of export. Of an unread file what its sender insists on, if anything.
    source = models.CharField(max_length=40, blank=True)
    # Or the kind of file that was converted; empty as long as that is to be done.
    encoding = models.CharField(max_length=20, blank=True)
    # Where its sender said it: the encoding of a text that is no Unicode (importers.evidence).
    stated_encoding = models.CharField(max_length=20, blank=True, default="")
    delimiter = models.CharField(max_length=1, blank=True)
    # IANA zone in which the file prints its times; empty where each time carries its own.
    timezone = models.CharField(max_length=64, blank=True)
    # Of a table that people had to explain: which column is what, as it was when the file came.
    mapping = models.JSONField(null=True, blank=True)
    # What 03/04/2026 means in the file, where its first rows or somebody told: dmy, mdy or ymd.
    day_order = models.CharField(max_length=3, blank=True)
    # The moment the file was exported: observations carry it.
    exported_at = models.DateTimeField()
    # Nothing says when it was exported, so it was taken for the moment it was received.
    is_moment_assumed = models.BooleanField(default=False)
    # Whether its sender can be asked when it was exported, which an import could do without.
    may_ask = models.BooleanField(default=False)
    # Whether its sender can say in the browser what the columns of an unknown table are.
    may_explain = models.BooleanField(default=False)
    # The names of further sheets of a workbook that hold tables too: they were not read.
    left_out = models.JSONField(default=list, blank=True)
    # What has to be answered before it can go on (importers.questions.Question).
    asks = models.JSONField(default=list, blank=True)
    # How often a worker has begun to convert the file, how many of its bytes are done, and since
    # when that is so.
    attempts = models.PositiveSmallIntegerField(default=0)
    bytes_converted = models.PositiveBigIntegerField(default=0)
    converted_at = models.DateTimeField(null=True, blank=True)
    # Of an archive with several files: the import that the first of them is.
    unpacked_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="unpacked"
    )
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.WAITING
    )
    error = models.TextField(blank=True)
    # The same as code and details, for pages in other languages (importers.problems).
    failure = models.JSONField(default=dict, blank=True)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    # An earlier finished import of the same bytes: importing again changes nothing.
    repeats = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="repeated_by"
    )
    # The import whose rejected rows this file holds, mended; what they bring in belongs to it.
    repairs = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="repaired_by"
    )
    # Who paused or cancelled it.
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of its created rows, those a cancellation had to leave: coded or sampled, or known to others.
    kept_in_use = models.PositiveIntegerField(default=0)
    kept_shared = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # When it was last given to the workers: sent, resumed or cancelled.
    offered_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    # Or paused, until it is resumed.
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # A double click, or a second upload while the first still runs, is the same import.
            models.UniqueConstraint(
                fields=["project", "sha256"],
                condition=Q(state__in=UNFINISHED_STATES),
                name="import_of_a_file_runs_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(state=ImportState.ASKING) & ~Q(asks=[]))
                | (~Q(state=ImportState.ASKING) & Q(asks=[])),
                name="import_asks_while_it_waits_for_an_answer",
            ),
            models.CheckConstraint(
                condition=_ACCOUNTED_FOR, name="import_accounts_for_every_row_read"
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.DONE) | Q(rows_total=F("rows_read")),
                name="import_done_has_read_every_row",
            ),
            models.CheckConstraint(
                condition=Q(rows_waiting__lte=F("rows_created")),
                name="import_waiting_rows_are_created_ones",
            ),
            models.CheckConstraint(
                condition=Q(rows_created=F("rows_taken_back") + F("kept_in_use") + F("kept_shared"))
                | ~Q(state=ImportState.CANCELLED)
                | Q(repairs__isnull=False),
                name="import_cancelled_accounts_for_every_post",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Whether there is work for a worker."""
        return self.state in OPEN_STATES

    @property
    def is_unread(self) -> bool:
        """Whether its file is still to be unpacked or converted, whatever became of that."""
        return not self.encoding and self.rows_total is None

    @property
    def is_cancelled(self) -> bool:
        """Whether its posts are, or are being, taken back."""
        return self.state in (ImportState.CANCELLING, ImportState.CANCELLED)


class ChunkState(models.TextChoices):
    """Where a chunk stands; it is done in the transaction that stores its rows."""

    PENDING = "pending", _("pending")
    DONE = "done", _("done")
    TAKEN_BACK = "taken_back", _("taken back")


class ImportChunk(RowCounts):
    """A run of whole records of a file; the unit of work, of retry and of commit."""

    pk = models.CompositePrimaryKey("source_import_id", "number")
    source_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    byte_from = models.PositiveBigIntegerField()
    byte_to = models.PositiveBigIntegerField()
    # Of the first record, counting the header as line 1; quoted newlines count.
    first_line = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ChunkState.choices, default=ChunkState.PENDING)
    # Of how its rows were read: the same bytes, read the same way, bring nothing new.
    digest = models.CharField(max_length=32, blank=True)
    # The first and last day of the posts it read, by the id of their account.
    seen = models.JSONField(default=dict, blank=True)
    # The posts it created are among these ids.
    first_post = models.PositiveBigIntegerField(null=True, blank=True)
    last_post = models.PositiveBigIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_enqueued_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ChunkState.values), name="chunk_state_is_known"
            ),
            models.CheckConstraint(
                condition=_ACCOUNTED_FOR, name="chunk_accounts_for_every_row_read"
            ),
            models.CheckConstraint(
                condition=~Q(state=ChunkState.DONE) | Q(rows_read=F("records")),
                name="chunk_done_has_read_every_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class RejectedRow(models.Model):
    """A row that could not be read, with its reason; it can be mended and sent again."""

    pk = models.CompositePrimaryKey("source_import_id", "line")
    source_import = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rejected_rows"
    )
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.SlugField()
    reason = models.TextField()
    # The record as it stood in the file, so that it can be downloaded and mended.
    record = models.TextField()

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return self.reason
