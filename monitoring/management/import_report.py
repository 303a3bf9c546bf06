"""What became of an import, in the words and numbers of the command."""

from typing import Any

from monitoring.importers.questions import question_of
from monitoring.models import Import, ImportState

_OPTIONS = {"timezone": "--timezone", "day_order": "--dates", "exported_at": "--exported-at"}


def problem_of(one: Import) -> str:
    """Why an import is not done, and the option that would help; "" where it is."""
    if one.state == ImportState.DONE:
        return ""
    if one.state == ImportState.FAILED:
        return one.error
    if one.state != ImportState.ASKING:
        return f"The import of {one.file_name} is {one.get_state_display()}."
    asked = [question_of(question) for question in one.asks]
    said = [
        f"{question.as_refusal} {_OPTIONS.get(question.about, '--mapping')} says it"
        + (f": {', '.join(question.likely)}." if question.likely else ".")
        for question in asked
    ]
    return " ".join([*said, "The import waits for that; it can be answered in the browser too."])


def notes_on(one: Import) -> list[str]:
    """What its sender should know of an import that came in."""
    notes = []
    if one.is_moment_assumed and one.state == ImportState.DONE:
        notes.append(
            f"{one.file_name} does not say when it was exported, so its counters are taken"
            " for those of now; --exported-at says better."
        )
    if one.left_out:
        notes.append(
            f"{one.file_name} has more sheets with tables, which were not read:"
            f" {', '.join(one.left_out)}. Save each as a file of its own."
        )
    if one.repeats:
        notes.append(said_of(one.repeats))
    return notes


def said_of(earlier: Import) -> str:
    day = earlier.created_at.date().isoformat()
    return f"This very file was imported before ({day}, import {earlier.pk}): it changes nothing."


def counts_of(done: list[Import], seconds: float) -> dict[str, Any]:
    """What became of the rows, of all files of an archive together."""
    first = done[0]
    counts = {
        "batch": first.pk,
        "source": first.source,
        "read": sum(one.rows_read for one in done),
        "created": sum(one.rows_created for one in done),
        "updated": sum(one.rows_updated for one in done),
        "unchanged": sum(one.rows_unchanged for one in done),
        "rejected": sum(one.rows_rejected for one in done),
        "waiting_for_account": sum(one.rows_waiting for one in done),
        "seconds": seconds,
        "repeats": first.repeats_id,
        "exported_at": first.exported_at.isoformat(),
        "moment_assumed": first.is_moment_assumed,
    }
    if len(done) > 1:
        counts["batches"] = [one.pk for one in done]
    return counts
