"""The dashboard, one chart, and what open pages ask for."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from dashboards import live
from dashboards.charts import CHARTS
from dashboards.exports.charts import chart_csv
from dashboards.measures import Measures
from monitoring.access import Action, ProjectRequest, project_page

# The charts leads watch while the mission runs.
ON_THE_DASHBOARD = [2, 17, 6, 18, 9, 4, 3, 19]


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def dashboard(request: ProjectRequest) -> HttpResponse:
    # Read before the charts: a change in between is asked for again, not missed.
    revision = live.revision_of(request.project)
    charts = live.drawn(Measures(request.project), ON_THE_DASHBOARD)
    context = {"charts": charts, "revision": revision}
    return render(request, "dashboards/dashboard.html", context)


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def chart(request: ProjectRequest, number: int) -> HttpResponse:
    revision = live.revision_of(request.project)
    charts = [_drawn(request, number)]
    context = {"charts": charts, "revision": revision, "others": CHARTS.values()}
    return render(request, "dashboards/chart.html", context)


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def data_csv(request: ProjectRequest, number: int) -> HttpResponse:
    drawing = _drawn(request, number).drawing
    return chart_csv(drawing, file_name=f"{request.project.slug}-chart-{number}.csv")


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def changes(request: ProjectRequest) -> HttpResponse:
    """204 while ``?revision=`` is the newest, else those of ``?chart=NUMBER:HASH`` that differ.

    The tables are HTML made by the templates of the page.
    """
    revision = live.revision_of(request.project)
    if request.GET.get("revision") == str(revision):
        return HttpResponse(status=204)
    charts = live.changed(Measures(request.project), _hashes_in(request))
    return JsonResponse(
        {
            "revision": revision,
            "charts": [
                {
                    "number": one.chart.number,
                    "hash": one.drawing.hash,
                    "figure": one.drawing.figure,
                    "heads": render_to_string("dashboards/_heads.html", {"one": one}),
                    "table": render_to_string("dashboards/_table.html", {"one": one}),
                    "base": str(one.drawing.base),
                }
                for one in charts
            ],
        }
    )


def _hashes_in(request: HttpRequest) -> dict[int, str]:
    """The charts a page shows, by number, with the hash of what it shows."""
    hashes = {}
    for part in request.GET.getlist("chart"):
        number, _colon, shown = part.partition(":")
        if number.isdecimal() and int(number) in CHARTS:
            hashes[int(number)] = shown
    return hashes


def _drawn(request: ProjectRequest, number: int) -> live.Drawn:
    """The chart of a number; Http404 where there is none, or none in this project."""
    for one in live.drawn(Measures(request.project), {number} & set(CHARTS)):
        return one
    raise Http404
