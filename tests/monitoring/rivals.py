"""What another connection does while a transaction of ours is open."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

_SOMEBODY_WAITS = """
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
    )
"""


def begin(thread: ThreadPoolExecutor, act: Callable[[], object]) -> Future[None]:
    """Act in the thread, with a connection of its own that is closed at the end."""

    def act_and_close() -> None:
        try:
            act()
        finally:
            connection.close()

    return thread.submit(act_and_close)


def comes_to_wait(rival: Future[None]) -> bool:
    """Whether the rival waits for our transaction before it is done."""
    with connection.cursor() as cursor:
        while not rival.done():
            cursor.execute(_SOMEBODY_WAITS)
            if cursor.fetchone()[0]:
                return True
    return False
