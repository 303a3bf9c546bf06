"""The file of an import is cut into chunks of whole records, once, whoever else tries."""

from django.db import transaction
from django.db.models.functions import Now

from monitoring.importers.problems import UnreadableFile
from monitoring.importers.splitting import spans
from monitoring.models import Import, ImportChunk, ImportState
from monitoring.services.failing import fail
from monitoring.services.received import stored
from monitoring.services.tables import table_of_import


def split(source_import: Import, *, chunk_bytes: int | None = None) -> Import:
    """Find the file's records and write down its chunks, once, whoever else tries."""
    project = source_import.project
    mine = Import.objects.of(project).filter(pk=source_import.pk)
    mine.filter(state=ImportState.WAITING).update(state=ImportState.SPLITTING)
    try:
        chunks = _chunks_of(source_import, chunk_bytes)
    except UnreadableFile as problem:
        return fail(source_import, problem)
    except FileNotFoundError:
        return fail(source_import, UnreadableFile("file_gone"))
    with transaction.atomic():
        locked = mine.select_for_update().get()
        if locked.state != ImportState.SPLITTING:
            return locked
        ImportChunk.objects.bulk_create(chunks, batch_size=1000)
        mine.update(
            rows_total=sum(chunk.records for chunk in chunks),
            state=ImportState.RUNNING,
            started_at=Now(),
        )
    return mine.select_related("project", "repairs__project").get()


def _chunks_of(source_import: Import, chunk_bytes: int | None) -> list[ImportChunk]:
    table = table_of_import(source_import)
    size = {"size": chunk_bytes} if chunk_bytes else {}
    with stored(source_import.stored_path).open("rb") as file:
        found = spans(
            file,
            delimiter=table.delimiter,
            body_from=table.body_from,
            first_line=table.first_line,
            **size,
        )
        chunks = [
            ImportChunk(source_import=source_import, number=number, **span._asdict())
            for number, span in enumerate(found)
        ]
    if not chunks:
        raise UnreadableFile("no_rows")
    return chunks
