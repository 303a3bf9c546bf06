"""Where monitors code, and where leads settle disagreements and document cases."""

from django.urls import path

from coding.views import cases, desk, history, review

app_name = "coding"
urlpatterns = [
    path("p/<slug:slug>/code/", desk.desk, name="desk"),
    path("p/<slug:slug>/code/next/", desk.next_posts, name="next"),
    path("p/<slug:slug>/code/save/", desk.save, name="save"),
    path("p/<slug:slug>/code/coded/", history.coded, name="coded"),
    path("p/<slug:slug>/code/withdraw/", history.withdraw, name="withdraw"),
    path("p/<slug:slug>/review/", review.review, name="review"),
    path("p/<slug:slug>/review/settle/", review.settle, name="settle"),
    path("p/<slug:slug>/cases/", cases.cases, name="cases"),
    path("p/<slug:slug>/cases/open/", cases.open_case, name="open_case"),
    path("p/<slug:slug>/cases/<int:number>/", cases.case, name="case"),
    path("p/<slug:slug>/cases/<int:number>/state/", cases.set_state, name="case_state"),
    path("p/<slug:slug>/cases/<int:number>/posts/", cases.posts, name="case_posts"),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/", cases.add_screenshot, name="add_screenshot"
    ),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/<int:pk>/",
        cases.screenshot,
        name="screenshot",
    ),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/<int:pk>/original/",
        cases.original,
        name="original_screenshot",
    ),
    path(
        "p/<slug:slug>/cases/<int:number>/screenshots/<int:pk>/published/",
        cases.published,
        name="published_screenshot",
    ),
]
