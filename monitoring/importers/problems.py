"""Why a file or a row is refused: one sentence each, with what to do about it.

The sentences are marked for translation but not translated here: this package knows no Django.
"""


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators."""
    return message


FILE_PROBLEMS = {
    "empty": gettext_noop("The file is empty."),
    "no_rows": gettext_noop("The file has a header but no rows."),
    "not_a_table": gettext_noop(
        "This is %(kind)s, not a CSV file. Export it again as CSV and send that file."
    ),
    "archive_broken": gettext_noop(
        "The archive is damaged or was not sent whole. Pack the files again, or send them unpacked."
    ),
    "archive_empty": gettext_noop("The archive holds no table (CSV, TSV, JSON, XLSX or ODS)."),
    "archive_locked": gettext_noop(
        "The archive has a password. Unpack it and send the files in it."
    ),
    "archive_members": gettext_noop(
        "The archive holds more than %(most)s files. Send it in parts."
    ),
    "archive_nested": gettext_noop(
        "There is an archive within the archive: %(name)s. Unpack it and send what is in it."
    ),
    "archive_ratio": gettext_noop(
        "The archive unpacks to more than %(most)s times its size, as no export does."
    ),
    "archive_too_large": gettext_noop(
        "The archive unpacks to more than %(most)s MB. Send what is in it in parts."
    ),
    "workbook_broken": gettext_noop(
        "The workbook cannot be read. Open it, save it again, or save its sheet as CSV."
    ),
    "json_broken": gettext_noop(
        "Element %(number)s of the JSON list is damaged, or the file ends within it."
        " Export it again."
    ),
    "no_objects": gettext_noop(
        "The JSON holds no list of posts or ads: objects one a line, or a list of objects."
    ),
    "encoding": gettext_noop(
        "The file is not UTF-8 (byte %(byte)s), and it cannot be told what else it is."
        " Say which encoding it is in, or save it as “CSV UTF-8”, and send it again."
    ),
    "header_too_long": gettext_noop(
        "The first line has more than %(most)s columns: this is no export of posts or ads."
    ),
    "header_unclosed": gettext_noop(
        "A quotation mark opens in the header and never closes; the file is damaged."
    ),
    "duplicate_column": gettext_noop("The column “%(column)s” stands twice in the header."),
    "blank_column": gettext_noop("Column %(number)s has no name in the header."),
    "unknown_table": gettext_noop(
        "The columns are of no export that Daana knows. The file is kept: say what they are."
    ),
    "file_gone": gettext_noop("The file is no longer kept. Send it again."),
    "unknown_header": gettext_noop(
        "The columns are of no export that Daana knows. The header begins: %(header)s"
    ),
    "wrong_source": gettext_noop(
        "This is not a file of the kind “%(source)s”; its columns are those of: %(found)s."
    ),
    "missing_columns": gettext_noop("These columns are missing: %(columns)s."),
    "day_or_month": gettext_noop(
        "“%(value)s” may be two days: it is not told whether the day or the month comes first."
        " Say which."
    ),
    "day_month_or_year": gettext_noop(
        "“%(value)s” may be several days: it is not told whether the day, the month or the year"
        " comes first. Say which."
    ),
    "ids_cut": gettext_noop(
        "The ids in the column “%(column)s” end in zeros: a spreadsheet program kept 15 digits of"
        " them. Export the file again and import it before any spreadsheet program has opened it."
    ),
    "mapping_columns": gettext_noop("The mapping names columns that are not there: %(columns)s."),
    "mapping_words": gettext_noop("The mapping says what Daana does not know: %(words)s."),
    "mapping_toml": gettext_noop("The mapping is not TOML: %(problem)s."),
    "mapping_incomplete": gettext_noop(
        "The mapping leaves open: %(question)s. One of these must be there: %(columns)s."
    ),
    "mapping_missing": gettext_noop(
        "A table needs a mapping that says which of its columns is what."
        " Send it in the browser, or with --mapping FILE.toml."
    ),
    "zone_ambiguous": gettext_noop(
        "The times are in “%(abbreviation)s”, which more than one time zone is called."
        " Say which zone the export was made in."
    ),
    "zone_missing": gettext_noop(
        "The times are printed without a time zone. Say which zone the export was made in."
    ),
    "zone_unknown": gettext_noop(
        "The times are in “%(abbreviation)s”, a time zone that Daana does not know."
        " Say which zone the export was made in."
    ),
    "zone_mismatch": gettext_noop(
        "The times are in “%(abbreviation)s”, but the import says %(zone)s,"
        " where the clocks show something else."
    ),
    "moment_missing": gettext_noop(
        "Nothing says when the file was exported. Its counters are those of that moment:"
        " say when it was."
    ),
    "already_imported": gettext_noop("What is in the archive is being imported already."),
    "never_whole": gettext_noop(
        "The file was begun %(times)s times and never read to its end: it may be too large for"
        " this machine, or its disk is full. Go on to try again, or send it in parts."
    ),
    "not_taken_back": gettext_noop(
        "Its posts could not be taken back; the log of the worker says why."
    ),
    "repair_other": gettext_noop("These are no mended rows of this import."),
    "repair_unknown": gettext_noop(
        "These are mended rows of an import that this project does not have."
        " Send them to the project they were downloaded from."
    ),
    "repair_cancelled": gettext_noop(
        "These are mended rows of “%(name)s”, an import that was cancelled."
        " Import that file again first."
    ),
    "window_unknown": gettext_noop(
        "The name of an ad report says which days it covers, such as"
        " FacebookAdLibraryReport_2021-01-16_KG_last_90_days_advertisers.csv."
        " Give the file its original name back."
    ),
}

ROW_PROBLEMS = {
    "header_again": gettext_noop("The header stands here once more."),
    "row_empty": gettext_noop("All cells of the row are empty."),
    "broken_json": gettext_noop("The line is not whole JSON."),
    "columns": gettext_noop("The row has %(found)s cells, the header %(expected)s."),
    "quote_unclosed": gettext_noop(
        "A quotation mark opens on line %(line)s and is not closed as CSV demands."
    ),
    "field_too_long": gettext_noop("A cell is longer than %(most)s characters."),
    "nul": gettext_noop("The row holds a NUL character; the file is damaged here."),
    "broken_text": gettext_noop("The row holds bytes that are no text; the file is damaged here."),
    "too_long": gettext_noop("“%(value)s” is longer than %(most)s characters."),
    "bad_count": gettext_noop("“%(value)s” is not a count."),
    "negative_count": gettext_noop("“%(value)s” is less than zero."),
    "bad_interval": gettext_noop("The lower bound %(lower)s is above the upper one, %(upper)s."),
    "count_too_large": gettext_noop("“%(value)s” is too large for a count."),
    "total_mismatch": gettext_noop(
        "The total says %(total)s, but reactions, comments and shares add up to %(sum)s."
    ),
    "day_or_month": gettext_noop("“%(value)s”: is the day or the month first? Nothing says it."),
    "day_month_or_year": gettext_noop(
        "“%(value)s”: does the day, the month or the year come first? Nothing says it."
    ),
    "no_time": gettext_noop("The row does not say when the post was published."),
    "bad_time": gettext_noop("“%(value)s” is not a time like 2021-01-10 08:30:00 EST."),
    "zone_ambiguous": gettext_noop("More than one time zone is called “%(abbreviation)s”."),
    "zone_missing": gettext_noop("The time “%(value)s” has no time zone, and none was stated."),
    "zone_unknown": gettext_noop("The time zone “%(abbreviation)s” is not known."),
    "zone_mismatch": gettext_noop(
        "“%(abbreviation)s” is not what the clocks show in %(zone)s at that time."
    ),
    "time_skipped": gettext_noop(
        "“%(value)s” does not exist in %(zone)s: the clocks were moved over it."
    ),
    "damaged_id": gettext_noop("The id “%(value)s” was rounded by a spreadsheet program."),
    "bad_id": gettext_noop("“%(value)s” is not an id."),
    "no_post_id": gettext_noop("The address “%(value)s” does not end in the id of a post."),
    "other_post": gettext_noop(
        "The row is about the post “%(value)s”, the header about “%(post)s”."
        " Import the history of each post as a file of its own."
    ),
    "no_ad_dates": gettext_noop("The row does not say when the ad began to run."),
    "no_account": gettext_noop("The row does not say whose post it is."),
    "no_name": gettext_noop("The name is empty."),
    "unknown_category": gettext_noop("The project has no category “%(value)s”."),
    "unknown_platform": gettext_noop("“%(value)s” is no platform that Daana knows."),
    "unknown_kind": gettext_noop("“%(value)s” is no kind of account."),
    "account_taken": gettext_noop("The account belongs to another actor: %(actor)s."),
    "actor_elsewhere": gettext_noop("The actor stands in another category: %(category)s."),
    "not_rejected": gettext_noop(
        "No row waits to be mended at line “%(value)s”: it is mended, or the number was changed."
    ),
    "mended_twice": gettext_noop("The row of line %(value)s is there twice, and differs."),
    "poison": gettext_noop(
        "Storing this row failed again and again; the other rows came in without it."
    ),
}


class UnreadableFile(Exception):
    """A file that cannot be imported at all."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.template = FILE_PROBLEMS[code]
        self.details = details
        super().__init__(self.template % details)


class UnreadableRow(Exception):
    """A record that cannot be read, in the column of that name; the others still come in."""

    def __init__(self, code: str, column: str = "", **details: object) -> None:
        self.code = code
        self.column = column
        self.details = {name: _excerpt(value) for name, value in details.items()}
        super().__init__(ROW_PROBLEMS[code] % self.details)


def _excerpt(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
