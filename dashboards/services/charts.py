"""Building charts, arranging the dashboard, writing beside charts and posts."""

import datetime
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from dashboards.models import BuiltChart, ChartNote, Place, PostTranslation
from monitoring.models import Post, Project
from monitoring.services.revisions import note_change

MOST_PLACES = 24


class NotArranged(Exception):
    """The dashboard cannot stand like that; the message says why."""


@transaction.atomic
def build_chart(
    *,
    project: Project,
    by: User,
    title: str,
    question: dict[str, object],
    title_ru: str = "",
    title_ky: str = "",
    shown: Sequence[str],
) -> BuiltChart:
    """Keep a chart and put it last on the dashboard, which shows the charts ``shown`` now.

    ``question`` holds measure, by, where, period, scope and form, which the caller has asked once.
    """
    made = BuiltChart.objects.create(
        project=project,
        made_by=by,
        title=title,
        title_ru=title_ru,
        title_ky=title_ky,
        **question,
    )
    arrange_dashboard(project=project, keys=[*shown[: MOST_PLACES - 1], made.key])
    return made


@transaction.atomic
def delete_chart(*, chart: BuiltChart) -> None:
    """Take a built chart away, with its place and its note."""
    Place.objects.of(chart.project).filter(chart_key=chart.key).delete()
    ChartNote.objects.of(chart.project).filter(chart_key=chart.key).delete()
    chart.delete()


@transaction.atomic
def arrange_dashboard(*, project: Project, keys: Sequence[str]) -> None:
    """Let the dashboard show these charts, in this order. Raises NotArranged for too many."""
    if len(keys) > MOST_PLACES:
        raise NotArranged(_("A dashboard holds %(most)s charts at most.") % {"most": MOST_PLACES})
    # Two leads who arrange at once follow one another: the later one wins, whole.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    Place.objects.of(project).delete()
    Place.objects.bulk_create(
        Place(project=project, chart_key=key, position=position)
        for position, key in enumerate(dict.fromkeys(keys), start=1)
    )


@transaction.atomic
def write_note(
    *, project: Project, chart_key: str, text: str, by: User, at: datetime.datetime
) -> None:
    """Keep a lead's note on a chart; an empty one takes it away."""
    if not text:
        ChartNote.objects.of(project).filter(chart_key=chart_key).delete()
    else:
        ChartNote.objects.of(project).update_or_create(
            project=project,
            chart_key=chart_key,
            defaults={"text": text, "written_by": by, "written_at": at},
        )
    note_change(project_id=project.pk)


@transaction.atomic
def translate_post(
    *, post: Post, language: str, text: str, by: User, at: datetime.datetime
) -> None:
    """Keep a post's text in another language; an empty one takes it away."""
    if not text:
        PostTranslation.objects.filter(post=post, language=language).delete()
        return
    PostTranslation.objects.update_or_create(
        post=post,
        language=language,
        defaults={"text": text, "written_by": by, "written_at": at},
    )
