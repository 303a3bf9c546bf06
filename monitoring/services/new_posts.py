"""The lines of posts that the database does not know yet, ready to be copied into its table."""

import datetime
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitoring.importers.records import PostRow
from monitoring.services.accounts import Found


def new_lines(
    posts: Iterable[tuple[PostRow, str]],
    found: Sequence[Found],
    ids: Iterable[int],
    values: Mapping[str, Any],
) -> str:
    """A line in the order of COPY_POSTS for each post, from its line and the id it gets.

    ``values`` are those of the statements: the project, the import and the rule.
    """
    until_stable = datetime.timedelta(days=values["days"])
    accounts = {
        str(number): f"{values['project']}\t{one.id}\t{one.platform}\t{values['import']}"
        for number, one in enumerate(found)
    }

    @functools.cache
    def taken_at(observed_at: str | None) -> tuple[str, _Edge]:
        moment: datetime.datetime = values["exported_at"]
        if observed_at is not None:
            moment = datetime.datetime.fromisoformat(observed_at)
        return moment.isoformat(), _Edge(moment - until_stable)

    lines = []
    for post_id, (post, line) in zip(ids, posts, strict=True):
        moment, edge = taken_at(post.observed_at)
        provisional = "t" if edge.is_before(post.published_at) else "f"
        lines.append(f"{post_id}\t{accounts[post.account]}\t{moment}\t{provisional}\t{line}\n")
    return "".join(lines)


class _Edge:
    """A moment; posts published after it are too young for their counters to be final."""

    def __init__(self, moment: datetime.datetime) -> None:
        self._moment = moment
        self._texts: dict[str, str] = {}

    def is_before(self, published_at: str) -> bool:
        """Times of one offset, to the second, sort as their texts do; only a tie is looked into."""
        form = published_at[10] + published_at[19:]
        edge = self._texts.get(form)
        if edge is None:
            zone = datetime.datetime.fromisoformat(published_at).tzinfo
            edge = self._moment.astimezone(zone).isoformat(form[0], "seconds")[:19]
            self._texts[form] = edge
        second = published_at[:19]
        if second == edge:
            return datetime.datetime.fromisoformat(published_at) > self._moment
        return second > edge
