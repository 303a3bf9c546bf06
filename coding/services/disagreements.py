"""The posts that wait for a lead's decision, with what is disputed."""

from collections import defaultdict

from coding.disagreements import Disagreement, disputed
from coding.models import Coding, FinalCoding, FinalState, ReturnedCoding
from coding.services.final_codings import essences, standing
from monitoring.models import Project


def waiting_disagreements(*, project: Project) -> list[Disagreement]:
    """Every unsettled post, the oldest disagreement first. Three queries, however many wait."""
    unsettled = FinalCoding.objects.of(project).filter(state=FinalState.UNSETTLED)
    rows: dict[int, list[Coding]] = defaultdict(list)
    for row in (
        Coding.objects.of(project)
        .filter(post__in=unsettled.values("post"))
        .only("post", "coder", "kind", "made_at", "chain_number", "project")
        .order_by("chain_number")
    ):
        rows[row.post_id].append(row)
    said = {post: standing(decisions) for post, decisions in rows.items()}
    answers = essences(row.pk for decisions in said.values() for row in decisions)
    returned = set(
        ReturnedCoding.objects.of(project).waiting().values_list("coding__post", flat=True)
    )
    found = []
    for post, decisions in said.items():
        variables, actors = disputed(answers.get(row.pk, frozenset()) for row in decisions)
        found.append(
            Disagreement(
                post=post,
                coders=frozenset(row.coder_id for row in decisions),
                variables=variables,
                actors=actors,
                since=max(row.made_at for row in decisions),
                is_returned=post in returned,
            )
        )
    return sorted(found, key=lambda one: (one.since, one.post))
