"""The pages of the room."""

from django.urls import path

from monitoring.views import (
    actors,
    answers,
    coverage,
    home,
    imports,
    mending,
    posts,
    steering,
    tables,
    unknown,
)

app_name = "monitoring"
urlpatterns = [
    path("", home.home, name="home"),
    path("p/<slug:slug>/", home.overview, name="project"),
    path("p/<slug:slug>/actors/unknown/", unknown.unknown, name="unknown_accounts"),
    path("p/<slug:slug>/actors/", actors.actors, name="actors"),
    path("p/<slug:slug>/posts/", posts.posts, name="posts"),
    path("p/<slug:slug>/posts/<int:pk>/", posts.post, name="post"),
    path("p/<slug:slug>/coverage/", coverage.coverage, name="coverage"),
    path("p/<slug:slug>/coverage.csv", coverage.coverage_csv, name="coverage_csv"),
    path("p/<slug:slug>/imports/<int:pk>/coverage/", coverage.state, name="state_coverage"),
    path("p/<slug:slug>/imports/", imports.imports, name="imports"),
    path("p/<slug:slug>/imports/upload/", imports.upload, name="upload"),
    path("p/<slug:slug>/imports/<int:pk>/", imports.one, name="import"),
    path("p/<slug:slug>/imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("p/<slug:slug>/imports/<int:pk>/rejected.csv", mending.rejected, name="rejected_rows"),
    path("p/<slug:slug>/imports/<int:pk>/rejected/<int:line>/", mending.mend, name="mend_row"),
    path("p/<slug:slug>/imports/<int:pk>/answer/", answers.answered, name="answer_import"),
    path("p/<slug:slug>/imports/<int:pk>/pause/", steering.pause, name="pause_import"),
    path("p/<slug:slug>/imports/<int:pk>/resume/", steering.resume, name="resume_import"),
    path("p/<slug:slug>/imports/<int:pk>/cancel/", steering.cancel, name="cancel_import"),
    path("p/<slug:slug>/imports/tables/<int:pk>/", tables.explain, name="table"),
    path("p/<slug:slug>/imports/tables/<int:pk>/away/", tables.throw_away, name="table_away"),
    path("p/<slug:slug>/imports/kinds/<int:pk>/away/", tables.forget_kind, name="kind_away"),
]
