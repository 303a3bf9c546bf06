"""A monitor's queue as it is read: which posts come next, and all that the desk shows of them.

The most frequent question of all, so it is SQL that is written once: what Django needs to put the
same together anew takes longer than the database needs to answer it.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from coding.models import Assignment
from monitoring.models import Account, Actor, Category, Post

# The next posts of the person's own queue, behind the one named.
MINE = """
    SELECT waiting.id FROM coding_assignment waiting
    WHERE waiting.project_id = %(project)s AND waiting.monitor_id = %(monitor)s
        AND waiting.state = 'open'
        AND NOT (waiting.is_pooled AND waiting.leased_until <= %(at)s)
        AND (waiting.position, waiting.id) > (COALESCE((
            SELECT position FROM coding_assignment
            WHERE id = %(after)s AND project_id = %(project)s AND monitor_id = %(monitor)s
        ), -1), %(after)s)
    ORDER BY waiting.position, waiting.id LIMIT %(count)s
"""
_PARTS: dict[str, Any] = {
    "queued": Assignment,
    "post": Post,
    "account": Account,
    "actor": Actor,
    "category": Category,
}
_FIELDS = [[field.attname for field in model._meta.concrete_fields] for model in _PARTS.values()]
_COLUMNS = ", ".join(
    f"{name}.{field.column}"
    for name, model in _PARTS.items()
    for field in model._meta.concrete_fields
)
# Where in a row the columns of each part are.
_PLACES = [slice(*ends) for ends in pairwise(accumulate(map(len, _FIELDS), initial=0))]
# A return waits for its author as long as they said nothing about the post since. The joins are
# taken as they stand: to think about their order takes five times as long as to answer.
NEXT = f"""
    SET LOCAL join_collapse_limit = 1;
    SELECT {_COLUMNS}, COALESCE(last.number, 0), COALESCE(returned.note, '')
    FROM ({MINE}) mine
    JOIN coding_assignment queued ON queued.id = mine.id
    JOIN monitoring_post post ON post.id = queued.post_id
    JOIN monitoring_account account ON account.id = post.account_id
    LEFT JOIN monitoring_actor actor ON actor.id = account.actor_id
    LEFT JOIN monitoring_category category ON category.id = actor.category_id
    LEFT JOIN LATERAL (
        SELECT id, number FROM coding_coding
        WHERE post_id = queued.post_id AND coder_id = queued.monitor_id
        ORDER BY number DESC LIMIT 1
    ) last ON TRUE
    LEFT JOIN coding_returnedcoding returned ON returned.coding_id = last.id
    ORDER BY queued.position, queued.id
"""  # noqa: S608 - fixed fragments


def assignments_of(rows: Iterable[Sequence[Any]]) -> list[Assignment]:
    """The rows of ``NEXT`` as assignments, with their posts, accounts, actors and categories.

    Each has the ``base_number`` and the ``returned_note`` that ``AssignmentQuerySet`` adds.
    """
    return [_assignment(row) for row in rows]


def _assignment(row: Sequence[Any]) -> Assignment:
    assignment, post, account, actor, category = (
        model.from_db("default", fields, row[place])
        for model, fields, place in zip(_PARTS.values(), _FIELDS, _PLACES, strict=True)
    )
    if actor.pk is not None:
        actor.category = category
        account.actor = actor
    post.account = account
    assignment.post = post
    assignment.base_number, assignment.returned_note = row[-2:]
    return assignment
