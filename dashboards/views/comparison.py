"""Two projects side by side, for whoever is a member of both."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dashboards.comparison import COMPARED, compared, periods_of_both, side_of
from dashboards.measures.vocabulary import MEASURES
from monitoring.access import Action, ProjectRequest, project_page
from monitoring.interactions import PLATFORMS
from monitoring.models import Project


@require_GET
@project_page(Action.VIEW_DASHBOARD)
def compare(request: ProjectRequest) -> HttpResponse:
    """Every role of every project opens its dashboard: to be a member of both is enough."""
    others = Project.objects.visible_to(request.user).exclude(pk=request.project.pk)
    measure = request.GET.get("measure", "interactions")
    measure = measure if measure in COMPARED else "interactions"
    platform = request.GET.get("platform", "")
    platform = platform if platform in PLATFORMS else ""
    context: dict[str, Any] = {
        "others": others,
        "measures": [(key, MEASURES[key]) for key in COMPARED],
        "platforms": [(one.key, one.name) for one in PLATFORMS.values()],
        "measure": measure,
        "platform": platform,
        "counted": MEASURES[measure],
    }
    if request.GET.get("with"):
        other = get_object_or_404(others, slug=request.GET["with"])
        periods = periods_of_both(request.project, other)
        period = request.GET.get("period", "entire")
        period = period if period in dict(periods) else "entire"
        sides = [
            side_of(project, measure=measure, platform=platform, period=period)
            for project in (request.project, other)
        ]
        context |= {"other": other, "periods": periods, "period": period}
        context |= compared(*sides, measure=measure)
    return render(request, "dashboards/compare_projects.html", context)
