"""What is compared: the answers that two or more people gave for a post without knowing others'."""

import datetime
from collections import defaultdict
from typing import Any

from coding.models import Coding, OverlapPost
from coding.reliability import BlindCoding, Row, blind
from coding.services.final_codings import essences
from coding.services.words import Words
from monitoring.models import Project


def blind_codings(*, project: Project, words: Words) -> list[BlindCoding]:
    """All blind answers of the posts that several people coded. Three queries."""
    found = (
        Coding.objects.of(project)
        .double_coded()
        .order_by("chain_number")
        .values_list(
            *("id", "post", "coder", "kind", "returned", "made_at", "post__account__actor")
        )
    )
    rows, about = [], {}
    for pk, post, coder, kind, returned, made_at, publisher in found:
        rows.append(Row(pk, post, coder, kind, is_returned=returned is not None))
        about[pk] = (publisher, _monday(made_at.astimezone(project.zone).date()))
    kept = blind(rows)
    said = essences(row.id for row in kept)
    weights = _weights(project)
    return [
        BlindCoding(
            row.id,
            row.post,
            about[row.id][0],
            row.coder,
            about[row.id][1],
            weight=weights.get(row.post, 1),
            **given,
        )
        for row in kept
        for given in [_answers(said.get(row.id, frozenset()), words)]
    ]


def _weights(project: Project) -> dict[int, float]:
    """How many posts of the sample each post of the overlap stands for, once flagged ones were
    drawn more often; before, all stand for as many. Others that several coded, such as second
    opinions, were not drawn: each stands for itself."""
    drawn = OverlapPost.objects.filter(sample_post__sample__project=project)
    rows = drawn.values_list("sample_post__post", "weight", "is_oversampled")
    if not any(is_oversampled for _post, _weight, is_oversampled in rows):
        return {}
    return {post: weight for post, weight, _is_oversampled in rows}


def _answers(essence: frozenset[tuple[str, str, int]], words: Words) -> dict[str, Any]:
    by_kind: dict[str, list[tuple[str, int]]] = defaultdict(list)
    extra = {}
    for kind, answer, actor in essence:
        if kind.startswith("extra "):
            extra[kind.removeprefix("extra ")] = answer
        else:
            by_kind[kind].append((answer, actor))
    return {
        "topics": frozenset(key for key, _actor in by_kind["topic"]),
        "tones": {actor: words.grades[key] for key, actor in by_kind["tone"]},
        "flags": frozenset(key for key, _actor in by_kind["flag"]),
        "extra": extra,
    }


def _monday(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())
