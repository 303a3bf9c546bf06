"""Keeping the answers that count for a post in step with what people decide about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from coding.answers import Answers
from coding.finals import Given, final_of
from coding.models import Coding, CodingKind, FinalCoding
from coding.services.coding_statements import ESSENCES


def keep_final(*, latest: Coding, answers: Answers, earlier: Sequence[Coding]) -> None:
    """Store what counts for a post, now that ``latest`` with its answers is its last row."""
    said = standing([*earlier, latest])
    essences = _essences(row.pk for row in said if row.pk != latest.pk)
    essences[latest.pk] = answers.essence
    final = final_of(
        [Given(row.pk, essences[row.pk], row.kind == CodingKind.SETTLEMENT) for row in said]
    )
    if final is None:
        FinalCoding.objects.of(latest.project).filter(post=latest.post).delete()
        return
    FinalCoding.objects.bulk_create(
        [
            FinalCoding(
                project=latest.project,
                post=latest.post,
                state=final.state,
                coding_id=final.coding,
            )
        ],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["state", "coding"],
    )


def standing(rows: Iterable[Coding]) -> list[Coding]:
    """Of all rows of a post, in order of time, those that say something of it now.

    A settlement stands until its author withdraws it: a lead who later codes the post too, as one
    of its monitors, does not undo it.
    """
    answers: dict[int, Coding] = {}
    settlements: dict[int, Coding] = {}
    for row in rows:
        if row.kind == CodingKind.CODING:
            answers[row.coder_id] = row
        elif row.kind == CodingKind.SETTLEMENT:
            settlements[row.coder_id] = row
        else:
            answers.pop(row.coder_id, None)
            if row.kind == CodingKind.WITHDRAWAL:
                settlements.pop(row.coder_id, None)
    return sorted([*answers.values(), *settlements.values()], key=lambda row: row.chain_number)


def _essences(codings: Iterable[int]) -> dict[int, frozenset[tuple[str, str, int]]]:
    ids = list(codings)
    said: dict[int, set[tuple[str, str, int]]] = defaultdict(set)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(ESSENCES, {"codings": ids})
            for coding, *answer in cursor:
                said[coding].add(tuple(answer))
    return {coding: frozenset(said[coding]) for coding in ids}
