"""Logs: a record is a line."""

import logging
import sys

from config.logs import LineFormatter


def record(message: str, **details: object) -> logging.LogRecord:
    parts = {"name": "daana", "levelname": "WARNING", "levelno": 30, "msg": message, "created": 0}
    return logging.makeLogRecord({**parts, "msecs": 7, **details})


def test_a_record_says_when_how_bad_and_where_from() -> None:
    assert LineFormatter().format(record("full")) == "1970-01-01T00:00:00.007Z WARNING daana: full"


def test_a_record_of_many_lines_is_one() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        line = LineFormatter().format(record("it failed", exc_info=sys.exc_info()))
    assert "\n" not in line
    assert line.endswith("| ValueError: two | lines")


def test_no_address_of_a_shared_snapshot_is_logged() -> None:
    line = LineFormatter().format(record("Not Found: /s/Ab-c_9/pictures/0a/"))
    assert line.endswith("Not Found: /s/…/pictures/0a/")
