"""Reading many things of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment(*, writes: bool = False) -> Iterator[None]:
    """What is read inside is of one state of the database: nothing is newer than its neighbour.

    Inside a transaction that has begun already it is as that transaction reads. ``writes`` allows
    rows to be changed too.
    """
    mode = "READ WRITE" if writes else "READ ONLY"
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, {mode}")
        yield
