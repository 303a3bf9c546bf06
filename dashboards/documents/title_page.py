"""What the title page says of the data."""

import datetime
from collections.abc import Iterator, Mapping

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from dashboards.documents.annex import days_of
from dashboards.documents.content import Pair
from dashboards.measures import Measures
from dashboards.numbers import count
from monitoring.models import Language


def facts_of(measures: Measures, *, at: datetime.datetime) -> Iterator[Pair]:
    """Period, who was watched, what is not final yet, and as of when; ``at`` is an aware time."""
    background = measures.background
    project, directory = background.project, background.directory
    posts, codings = measures.ask("posts").base, measures.ask("codings").base
    yield _("Period"), days_of(background.period("entire"))
    yield _("Monitored"), ", ".join([_actors(len(directory.actors)), _accounts(directory.accounts)])
    if project.languages:
        yield _("Languages of the posts"), capfirst(", ".join(map(_language, project.languages)))
    yield _("Posts"), count(posts.n)
    yield _("Provisional posts"), _or_none(posts.provisional)
    yield _("Posts that wait for a decision"), _or_none(codings.unsettled)
    if posts.uncovered:
        yield _("Accounts with days that no export covers"), count(posts.uncovered)
    if posts.as_of:
        yield _("State of the data"), _moment(posts.as_of)
    yield _("Document made"), _moment(at.astimezone(project.zone))


def _moment(moment: datetime.datetime) -> str:
    return date_format(moment, "j E Y, H:i")


def _or_none(number: int) -> str:
    return count(number) if number else _("none")


def _actors(number: int) -> str:
    return ngettext("%(count)s actor", "%(count)s actors", number) % {"count": count(number)}


def _accounts(accounts: Mapping[int, object]) -> str:
    number = len(accounts)
    return ngettext("%(count)s account", "%(count)s accounts", number) % {"count": count(number)}


def _language(code: str) -> str:
    """In the words that charts have for it; as it is written in the middle of a line."""
    if code in Language.values:
        name = str(Language(code).label)
    else:
        try:
            name = str(get_language_info(code)["name_translated"])
        except KeyError:
            return code
    return name if get_language() == "en" else name.lower()
