"""How far an import is, on the terminal."""

from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from monitoring.models import UNREAD_STATES, Import


def show(bar: Progress, task: Any, source_import: Import) -> None:
    """How many bytes are converted, then how many rows are read."""
    source_import.refresh_from_db()
    one = source_import
    if one.state in UNREAD_STATES:
        bar.update(task, total=one.size, completed=one.bytes_converted, unit="bytes")
    else:
        bar.update(task, total=one.rows_total, completed=one.rows_read, unit="rows")
    bar.update(task, description=one.file_name)


def progress_bar(*, visible: bool) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        Amount(),
        Speed(),
        TimeRemainingColumn(),
        console=console,
        disable=not visible or not console.is_terminal,
    )


class Amount(ProgressColumn):
    """How much is done, of how much."""

    def render(self, task: Task) -> Text:
        is_bytes = task.fields.get("unit") == "bytes"
        return _BYTES.render(task) if is_bytes else _ROWS.render(task)


class Speed(ProgressColumn):
    """How many rows came in during the last second, on average."""

    def render(self, task: Task) -> Text:
        if task.fields.get("unit") == "bytes":
            return Text("being converted")
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")


_BYTES, _ROWS = DownloadColumn(), MofNCompleteColumn()
