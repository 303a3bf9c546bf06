"""Who sees what codings add up to: whoever codes without reviewing does not.

A sum by account and day, filtered by tone or topic, tells how a single post was coded. Monitors
code blind, so no page, answer or file gives them such sums: docs/decisions/0015. Leads see sums,
and no file of single codings with others' answers to posts that they have still to code.
"""

import datetime
from functools import cached_property
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from coding.services.own_posts import answered_by_others
from dashboards.charts import Chart
from dashboards.charts.lookup import all_charts, charts_called
from dashboards.live import Drawn, drawn
from dashboards.measures import Measures
from dashboards.models import Export, ExportedTable
from monitoring.access import Action, may
from monitoring.models import Membership, Project


class Asking(Protocol):
    """A request of a member, to a page or to the API."""

    project: Project
    membership: Membership
    user: Any


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


class FilesOfCodings:
    """Which files of codings are for a person: looked up when the first one is asked about."""

    def __init__(self, request: Asking) -> None:
        self._request = request

    def are_for(self, export: Export) -> bool:
        """Whether a file holds nothing that others answered for what the person has still to code:
        each such answer was left out, or was given after the file was made."""
        if export.what != ExportedTable.CODINGS:
            return True
        withheld, as_of = set(export.withheld), export.as_of
        return all(
            post in withheld or (as_of is not None and first > as_of)
            for post, first in self._answered.items()
        )

    @cached_property
    def _answered(self) -> dict[int, datetime.datetime]:
        request = self._request
        return answered_by_others(project=request.project, coder=request.user, at=timezone.now())
