"""A new monitoring mission, with what every one has from its first day."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from monitoring.models import Category, Period, Project


class _Kind(NamedTuple):
    key: str
    name: str
    name_ru: str
    name_ky: str
    is_political: bool = False
    is_individual: bool = True


# The report's categories of actors, in the order of its charts.
CATEGORIES = (
    _Kind("candidate", "Candidates", "Кандидаты", "Талапкерлер", is_political=True),
    _Kind("politician", "Politicians", "Политики", "Саясатчылар", is_political=True),
    _Kind("party", "Political parties", "Политические партии", "Саясий партиялар", True),
    _Kind("authority", "Authorities", "Органы власти", "Бийлик органдары", is_political=True),
    _Kind("media", "Media", "СМИ", "ЖМК"),
    _Kind("influencer", "Influencers", "Лидеры мнений", "Пикир лидерлери"),
    _Kind("public_group", "Public groups", "Публичные группы", "Коомдук топтор", False, False),
)
# Of the period that a project cannot be without.
WHOLE_PERIOD = "entire"
PERIODS = {
    WHOLE_PERIOD: ("Entire period", "Весь период", "Бүткүл мезгил"),
    "pre_campaign": ("Pre-campaign", "До кампании", "Үгүт өнөктүгүнө чейин"),
    "campaign": ("Campaign", "Кампания", "Үгүт өнөктүгү"),
}


@transaction.atomic
def create_project(
    *,
    slug: str,
    name: str,
    country: str,
    timezone: str,
    start: datetime.date,
    end: datetime.date,
    campaign_start: datetime.date | None = None,
    languages: Iterable[str] = (),
) -> Project:
    """A project with the seven categories and its periods; days are those of ``timezone``.

    Raises ValidationError for a slug that is taken, an unknown zone, or days out of order.
    """
    project = Project(
        slug=slug, name=name, country=country, timezone=timezone, languages=list(languages)
    )
    project.full_clean()
    project.save()
    Category.objects.bulk_create(
        [
            Category(project=project, position=position, **kind._asdict())
            for position, kind in enumerate(CATEGORIES, start=1)
        ]
    )
    add_period(project=project, key=WHOLE_PERIOD, start=start, end=end)
    if campaign_start is not None:
        day_before = campaign_start - datetime.timedelta(days=1)
        add_period(project=project, key="pre_campaign", start=start, end=day_before)
        add_period(project=project, key="campaign", start=campaign_start, end=end)
    return project


def add_period(
    *,
    project: Project,
    key: str,
    start: datetime.date,
    end: datetime.date,
    names: tuple[str, str, str] | None = None,
) -> Period:
    """Name a range of days, both inclusive; ``names`` in English, Russian and Kyrgyz.

    Raises ValidationError.
    """
    name, name_ru, name_ky = names or PERIODS.get(key, (key, "", ""))
    period = Period(
        project=project,
        key=key,
        start=start,
        end=end,
        name=name,
        name_ru=name_ru,
        name_ky=name_ky,
    )
    period.full_clean()
    period.save()
    return period
