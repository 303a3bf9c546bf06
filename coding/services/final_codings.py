"""Keeping the answers that count for a post in step with what people decide about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from coding.finals import Final, Given, final_of
from coding.models import Coding, CodingKind, FinalCoding
from coding.services.coding_statements import ESSENCES
from monitoring.models import Project


def keep_final(*, latest: Coding, earlier: Sequence[Coding]) -> None:
    """Store what counts for a post, now that ``latest`` is its last row."""
    _keep(latest.project, {latest.post_id: [*earlier, latest]})


def keep_finals(*, project: Project, posts: Iterable[int]) -> None:
    """Store anew what counts for these posts: a merged topic may have ended a disagreement."""
    rows: dict[int, list[Coding]] = {post: [] for post in posts}
    for row in Coding.objects.of(project).filter(post__in=rows).order_by("chain_number"):
        rows[row.post_id].append(row)
    _keep(project, rows)


def _keep(project: Project, rows: dict[int, list[Coding]]) -> None:
    """``rows`` are all decisions on each post, in order of time."""
    said = {post: standing(decisions) for post, decisions in rows.items()}
    # The database knows which keys count as one and the same; nobody has to agree with themselves.
    compared = [row.pk for decisions in said.values() if len(decisions) > 1 for row in decisions]
    answers = essences(compared)
    finals: dict[int, Final] = {}
    for post, decisions in said.items():
        final = final_of(
            [
                Given(row.pk, answers.get(row.pk), row.kind == CodingKind.SETTLEMENT)
                for row in decisions
            ]
        )
        if final is not None:
            finals[post] = final
    if gone := rows.keys() - finals.keys():
        FinalCoding.objects.of(project).filter(post__in=gone).delete()
    FinalCoding.objects.bulk_create(
        [
            FinalCoding(project=project, post_id=post, state=final.state, coding_id=final.coding)
            for post, final in finals.items()
        ],
        update_conflicts=True,
        unique_fields=["post"],
        update_fields=["state", "coding"],
        batch_size=1000,
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
        elif row.kind == CodingKind.REVERSAL:
            settlements.pop(row.coder_id, None)
        else:
            answers.pop(row.coder_id, None)
            if row.kind == CodingKind.WITHDRAWAL:
                settlements.pop(row.coder_id, None)
    return sorted([*answers.values(), *settlements.values()], key=lambda row: row.chain_number)


def essences(codings: Iterable[int]) -> dict[int, frozenset[tuple[str, str, int]]]:
    """What each coding says that has to be equal to agree, in the keys that count now."""
    ids = list(codings)
    said: dict[int, set[tuple[str, str, int]]] = defaultdict(set)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(ESSENCES, {"codings": ids})
            for coding, question, answer, actor in cursor:
                said[coding].add((question, answer, actor))
    return {coding: frozenset(said[coding]) for coding in ids}
