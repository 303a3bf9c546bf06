"""Logs: to stderr, a line per record, so that whatever collects them need not guess."""

import logging
import re
import time

# Whoever reads a shared snapshot needs nothing but its address: logs must not hold it.
_SHARED = re.compile(r"(/s/)[\w-]+")


class LineFormatter(logging.Formatter):
    """Time in UTC, level, logger and message, with a traceback folded into the same line."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        lines = (line for line in super().format(record).splitlines() if line.strip())
        return _SHARED.sub(r"\1…", " | ".join(lines))
