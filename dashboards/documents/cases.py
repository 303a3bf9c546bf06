"""The documented examples of a report, with the pictures that may be published and no others."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coding.models import Case
from coding.services import evidence
from coding.services.cases import ready_cases
from dashboards.documents.content import CasePart, Pair, PicturePart
from dashboards.measures import Measures
from monitoring.interactions import PLATFORMS
from monitoring.models import Project


def case_parts(project: Project, measures: Measures) -> list[CasePart]:
    """In the order of their numbers. Raises OSError where a picture is gone from the disk."""
    return [_case(case, measures) for case in ready_cases(project=project)]


def _case(case: Case, measures: Measures) -> CasePart:
    return CasePart(
        label=_("Example %(number)s") % {"number": case.number},
        kind=str(measures.background.flag_label(case.kind)),
        title=case.title,
        quote=case.quote,
        translation=case.translation,
        explanation=case.explanation,
        facts=facts_of(case),
        pictures=list(_pictures(case)),
    )


def facts_of(case: Case) -> list[Pair]:
    """Against whom, for whom, how severe, where it was published and checked."""
    return [(word, value) for word, value in _facts(case) if value]


def _facts(case: Case) -> Iterator[Pair]:
    yield _("Against"), _whom(case.against, case.target_in_words)
    yield _("In favour of"), _whom(case.in_favour_of, case.beneficiary_in_words)
    yield _("Severity"), str(case.get_severity_display())
    for post in case.posts.all():
        day = date_format(post.published_at.astimezone(case.project.zone), "j E Y")
        yield str(PLATFORMS[post.platform].name), f"{post.account.name}, {day}"
    for link in case.links.all():
        yield str(link.get_kind_display()), ", ".join(filter(None, [link.title, link.url]))


def _whom(actor: object, words: str) -> str:
    return ", ".join(filter(None, [str(actor) if actor else "", words]))


def _pictures(case: Case) -> Iterator[PicturePart]:
    for shot in case.screenshots.all():
        if shot.published_sha256:
            content = evidence.path_of(shot.published_sha256).read_bytes()
            kind = shot.published_media_type
            yield PicturePart(content, kind, shot.caption, shot.published_sha256)
