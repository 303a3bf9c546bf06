"""Who sees what codings add up to: whoever codes without reviewing does not.

A sum by account and day, filtered by tone or topic, tells how a single post was coded. Monitors
code blind, so no page, answer or file gives them such sums: docs/decisions/0015.
"""

from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404

from dashboards.charts import Chart
from dashboards.charts.lookup import all_charts, charts_called
from dashboards.live import Drawn, drawn
from dashboards.measures import Measures
from monitoring.access import Action, may
from monitoring.models import Membership, Project


class Asking(Protocol):
    """A request of a member, to a page or to the API."""

    project: Project
    membership: Membership


def sees_codings(request: Asking) -> bool:
    """Whether sums of codings are for this person."""
    return may(request.membership.role, Action.VIEW_CODING_RESULTS)


def measures_for(request: Asking) -> Measures:
    """The questions that a person may ask of their project."""
    return Measures(request.project, with_codings=sees_codings(request))


def charts_for(request: Asking) -> list[Chart]:
    """The charts that a person may open."""
    charts = all_charts(request.project)
    return charts if sees_codings(request) else [one for one in charts if not one.is_coded]


def chart_for(request: Asking, key: str) -> Drawn:
    """One chart, drawn. Raises Http404 where there is none, PermissionDenied where it is of
    codings and the person codes blind."""
    for one in drawn(measures_for(request), [key]):
        return one
    if charts_called(request.project, [key]) and not sees_codings(request):
        raise PermissionDenied
    raise Http404
