"""Pages of what it adds up to."""

from django.urls import path

from dashboards.views import charts, exports, report, shared, snapshots

app_name = "dashboards"

urlpatterns = [
    path("p/<slug:slug>/dashboard/", charts.dashboard, name="dashboard"),
    path("p/<slug:slug>/dashboard/changes/", charts.changes, name="changes"),
    path("p/<slug:slug>/dashboard/charts/<int:number>/", charts.chart, name="chart"),
    path("p/<slug:slug>/dashboard/charts/<int:number>/data.csv", charts.data_csv, name="chart_csv"),
    path("p/<slug:slug>/report/", report.report, name="report"),
    path("p/<slug:slug>/snapshots/", snapshots.snapshots, name="snapshots"),
    path("p/<slug:slug>/snapshots/compare/", snapshots.compare, name="compare_snapshots"),
    path("p/<slug:slug>/snapshots/<int:number>/", snapshots.snapshot, name="snapshot"),
    path("p/<slug:slug>/snapshots/<int:number>/share/", snapshots.share, name="share"),
    path("p/<slug:slug>/snapshots/<int:number>/revoke/", snapshots.revoke, name="revoke"),
    path("p/<slug:slug>/exports/", exports.exports, name="exports"),
    path("p/<slug:slug>/exports/<int:pk>/", exports.download, name="export"),
    path("s/<str:token>/", shared.shared, name="shared"),
]
