"""Try again what failed for a passing reason: a lock, a restart of the server, a quicker rival."""

import logging
import random
import time
import traceback
from collections.abc import Callable
from enum import Enum, auto

from django.db import InterfaceError, OperationalError, connection, transaction

from monitoring.services.loading import Raced

logger = logging.getLogger(__name__)

_TRIES = 6
_TRANSIENT = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53100",  # disk full
    "53200",  # out of memory
    "53300",  # too many connections
    "55P03",  # lock not available
    "57014",  # query cancelled
    "57P01",  # the server is going down
    "57P02",
    "57P03",
}


class Outcome(Enum):
    """How attempts ended."""

    DONE = auto()
    FAILED = auto()  # by something that trying again will not mend
    GAVE_UP = auto()  # the reason did not pass in time


def attempt(act: Callable[[], object], *, what: str) -> Outcome:
    """Run ``act`` in a transaction, up to six times. Raises FileNotFoundError, and what a caller's
    own transaction must be ended for."""
    for tried in range(_TRIES):
        try:
            with transaction.atomic():
                act()
        except FileNotFoundError:
            raise
        except (Raced, OperationalError, InterfaceError) as problem:
            if isinstance(problem, OperationalError) and not _is_transient(problem):
                _log_failure(what, problem)
                return Outcome.FAILED
            logger.warning("%s: %s", what, _said(problem))
            if connection.in_atomic_block:
                raise  # the caller's transaction is broken, and only the caller can begin anew
            connection.close_if_unusable_or_obsolete()
            time.sleep(random.uniform(0, 0.05) * 2**tried)  # noqa: S311
        except Exception as problem:
            _log_failure(what, problem)
            return Outcome.FAILED
        else:
            return Outcome.DONE
    return Outcome.GAVE_UP


def _said(problem: Exception) -> str:
    """What is wrong, without the row over which the server stumbled: no post belongs in a log."""
    return f"{type(problem).__name__}: {str(problem).partition(chr(10))[0]}"


def _log_failure(what: str, problem: Exception) -> None:
    where = "".join(traceback.format_tb(problem.__traceback__))
    logger.error("%s failed: %s\n%s", what, _said(problem), where)


def _is_transient(problem: Exception) -> bool:
    code = getattr(problem.__cause__, "pgcode", None)
    return code is None or code in _TRANSIENT or code.startswith("08")
