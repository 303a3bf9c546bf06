"""Leads build charts and arrange the dashboard, without code."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboards.blindness import measures_for
from dashboards.charts.built import chart_of, draw
from dashboards.charts.lookup import all_charts, charts_called, dashboard_keys
from dashboards.forms import BuildForm
from dashboards.live import Drawn
from dashboards.measures import UnknownWord
from dashboards.models import BuiltChart
from dashboards.services.charts import (
    NotArranged,
    arrange_dashboard,
    build_chart,
    delete_chart,
)
from monitoring.access import Action, ProjectRequest, project_page


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_CHARTS)
def build(request: ProjectRequest) -> HttpResponse:
    """Choose a question and a form, look at it, and keep it."""
    measures = measures_for(request)
    form = BuildForm(request.POST or None, measures=measures)
    preview = None
    if form.is_valid():
        question = form.question()
        built = BuiltChart(project=request.project, title=form.cleaned_data["title"], **question)
        try:
            preview = Drawn(chart_of(built), draw(built, measures))
        except UnknownWord as problem:
            form.add_error(None, str(problem))
        else:
            if "save" in request.POST:
                made = build_chart(
                    project=request.project,
                    by=request.user,
                    title=form.cleaned_data["title"],
                    title_ru=form.cleaned_data["title_ru"],
                    title_ky=form.cleaned_data["title_ky"],
                    question=question,
                    shown=dashboard_keys(request.project),
                )
                return redirect("dashboards:chart", request.project.slug, made.key)
    context = {"form": form, "preview": preview}
    return render(request, "dashboards/build.html", context, status=422 if form.errors else 200)


@require_POST
@project_page(Action.EDIT_CHARTS)
def delete(request: ProjectRequest, number: int) -> HttpResponse:
    """Take a built chart away."""
    chart = get_object_or_404(BuiltChart.objects.of(request.project), pk=number)
    title = chart.label
    delete_chart(chart=chart)
    messages.success(request, _("“%(title)s” was deleted.") % {"title": title})
    return redirect("dashboards:dashboard", request.project.slug)


@require_http_methods(["GET", "POST"])
@project_page(Action.EDIT_CHARTS)
def arrange(request: ProjectRequest) -> HttpResponse:
    """Which charts stand on the dashboard, and in which order."""
    if request.method == "POST":
        asked = request.POST.getlist("chart")
        keys = [chart.key for chart in charts_called(request.project, asked)]
        try:
            arrange_dashboard(project=request.project, keys=keys)
        except NotArranged as problem:
            messages.error(request, str(problem))
            return redirect("dashboards:arrange", request.project.slug)
        return redirect("dashboards:dashboard", request.project.slug)
    shown = charts_called(request.project, dashboard_keys(request.project))
    here = {chart.key for chart in shown}
    others = [chart for chart in all_charts(request.project) if chart.key not in here]
    return render(request, "dashboards/arrange.html", {"shown": shown, "others": others})
