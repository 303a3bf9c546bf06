"""The rows of posts that the database does not know yet, ready to be copied into its tables."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from monitoring.importers.records import PostRow
from monitoring.services.accounts import Found

Cells = list[str | None]
_OBSERVED = PostRow._fields.index("observed_at")
_COUNTERS = PostRow._fields.index("followers") + 1


def new_rows(
    posts: Sequence[PostRow], found: Sequence[Found], values: Mapping[str, Any]
) -> tuple[list[Cells], list[Cells]]:
    """Of each post its row and its first reading, in the order of COPY_POSTS and COPY_READINGS.

    ``values`` are those of the statements: the import, the rule, and an id for each post.
    """
    project, source_import = str(values["project"]), str(values["import"])
    exported_at: datetime.datetime = values["exported_at"]
    until_stable = datetime.timedelta(days=values["days"])
    of_account = [(str(one.id), one.platform) for one in found]
    rows: list[Cells] = []
    readings: list[Cells] = []
    for number, post in zip(values["ids"], posts, strict=True):
        taken_at = exported_at
        if post.observed_at is not None:
            taken_at = datetime.datetime.fromisoformat(post.observed_at)
        stable_at = datetime.datetime.fromisoformat(post.published_at) + until_stable
        moment = taken_at.isoformat()
        rows.append(
            [
                *(str(number), project, *of_account[int(post.account)], source_import),
                *(moment, moment, "t" if taken_at < stable_at else "f"),
                *post[1:_OBSERVED],
                *post[_OBSERVED + 1 :],
            ]
        )
        readings.append([str(number), moment, source_import, *post[_COUNTERS:]])
    return rows, readings
