"""Pages of what it adds up to."""

from django.urls import path

from dashboards.views import charts, report

app_name = "dashboards"

urlpatterns = [
    path("p/<slug:slug>/dashboard/", charts.dashboard, name="dashboard"),
    path("p/<slug:slug>/dashboard/changes/", charts.changes, name="changes"),
    path("p/<slug:slug>/dashboard/charts/<int:number>/", charts.chart, name="chart"),
    path("p/<slug:slug>/dashboard/charts/<int:number>/data.csv", charts.data_csv, name="chart_csv"),
    path("p/<slug:slug>/report/", report.report, name="report"),
]
