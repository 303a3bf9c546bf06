"""Pages of what it adds up to."""

from django.urls import path

from dashboards.views import (
    ads,
    building,
    charts,
    comparison,
    documents,
    exports,
    finding_editor,
    findings,
    posts,
    report,
    shared,
    snapshots,
)

app_name = "dashboards"

urlpatterns = [
    path("p/<slug:slug>/dashboard/", charts.dashboard, name="dashboard"),
    path("p/<slug:slug>/dashboard/changes/", charts.changes, name="changes"),
    path("p/<slug:slug>/dashboard/charts/<slug:key>/", charts.chart, name="chart"),
    path("p/<slug:slug>/dashboard/charts/<slug:key>/data.csv", charts.data_csv, name="chart_csv"),
    path(
        "p/<slug:slug>/dashboard/charts/<slug:key>/picture.svg",
        charts.chart_picture,
        {"form": "svg"},
        name="chart_svg",
    ),
    path(
        "p/<slug:slug>/dashboard/charts/<slug:key>/picture.png",
        charts.chart_picture,
        {"form": "png"},
        name="chart_png",
    ),
    path("p/<slug:slug>/dashboard/charts/<slug:key>/note/", charts.note, name="chart_note"),
    path("p/<slug:slug>/dashboard/posts/", posts.behind, name="posts"),
    path("p/<slug:slug>/dashboard/top-posts/", posts.top_posts, name="top_posts"),
    path("p/<slug:slug>/dashboard/top-posts/<int:post>/", posts.translate, name="translate_post"),
    path("p/<slug:slug>/dashboard/ads/", ads.ads, name="ads"),
    path("p/<slug:slug>/dashboard/ads/behind/", ads.behind, name="ads_behind"),
    path("p/<slug:slug>/dashboard/ads/taken-down/", ads.taken_down, name="ads_taken_down"),
    path("p/<slug:slug>/dashboard/compare/", comparison.compare, name="compare_projects"),
    path("p/<slug:slug>/dashboard/build/", building.build, name="build"),
    path(
        "p/<slug:slug>/dashboard/build/<int:number>/delete/", building.delete, name="delete_chart"
    ),
    path("p/<slug:slug>/dashboard/arrange/", building.arrange, name="arrange"),
    path("p/<slug:slug>/report/", report.report, name="report"),
    path("p/<slug:slug>/report/documents/", documents.documents, name="documents"),
    path("p/<slug:slug>/report/documents/new/", documents.ask, name="ask_document"),
    path("p/<slug:slug>/report/documents/<int:pk>/", documents.document, name="document"),
    path("p/<slug:slug>/findings/", findings.findings, name="findings"),
    path("p/<slug:slug>/findings/start/", findings.start, name="start_findings"),
    path("p/<slug:slug>/findings/new/", finding_editor.edit, name="new_finding"),
    path("p/<slug:slug>/findings/<int:number>/", finding_editor.edit, name="finding"),
    path("p/<slug:slug>/findings/<int:number>/act/", findings.act, name="act_on_finding"),
    path("p/<slug:slug>/snapshots/", snapshots.snapshots, name="snapshots"),
    path("p/<slug:slug>/snapshots/compare/", snapshots.compare, name="compare_snapshots"),
    path("p/<slug:slug>/snapshots/<int:number>/", snapshots.snapshot, name="snapshot"),
    path(
        "p/<slug:slug>/snapshots/<int:number>/pictures/<slug:digest>/",
        snapshots.picture,
        name="snapshot_picture",
    ),
    path("p/<slug:slug>/snapshots/<int:number>/share/", snapshots.share, name="share"),
    path("p/<slug:slug>/snapshots/<int:number>/revoke/", snapshots.revoke, name="revoke"),
    path("p/<slug:slug>/exports/", exports.exports, name="exports"),
    path("p/<slug:slug>/exports/<int:pk>/", exports.download, name="export"),
    path("s/<str:token>/", shared.shared, name="shared"),
    path("s/<str:token>/pictures/<slug:digest>/", shared.picture, name="shared_picture"),
]
