"""Why a file or a row was refused, and what to do about it, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.importers.problems import UnreadableFile

_MEND = _("Mend the rows in the downloaded file, and send that file.")
_EXPORT_AGAIN = _(
    "Export the file again and import it before any spreadsheet program has opened it."
)
_STATE_ZONE = _("Send the file again and state the time zone the export was made in.")

ADVICE: dict[str, str | Promise] = {
    "columns": _(
        "Cells were lost or added, perhaps by a comma without quotes."
        " Mend the rows in the downloaded file, and send that file."
    ),
    "quote_unclosed": _MEND,
    "field_too_long": _(
        "No post is that long: rows have run into each other. Export the file again."
    ),
    "nul": _EXPORT_AGAIN,
    "broken_text": _EXPORT_AGAIN,
    "too_long": _MEND,
    "bad_count": _MEND,
    "negative_count": _MEND,
    "count_too_large": _MEND,
    "total_mismatch": _EXPORT_AGAIN,
    "bad_time": _EXPORT_AGAIN,
    "zone_ambiguous": _STATE_ZONE,
    "zone_missing": _STATE_ZONE,
    "zone_unknown": _STATE_ZONE,
    "zone_mismatch": _STATE_ZONE,
    "time_skipped": _STATE_ZONE,
    "damaged_id": _EXPORT_AGAIN,
    "bad_id": _EXPORT_AGAIN,
    "no_post_id": _MEND,
    "no_account": _MEND,
    "no_name": _MEND,
    "not_rejected": _("Nothing to do: leave the row out of the file."),
    "mended_twice": _("Leave one of the two in the file."),
    "poison": _("Please report this to whoever keeps this installation."),
}


def sentence(problem: UnreadableFile) -> str:
    """What is wrong with a file, in the active language."""
    return gettext(problem.template) % problem.details
