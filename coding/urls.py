"""Where monitors code, see what they coded, and where leads settle disagreements."""

from django.urls import path

from coding.views import desk, history, review

app_name = "coding"
urlpatterns = [
    path("p/<slug:slug>/code/", desk.desk, name="desk"),
    path("p/<slug:slug>/code/next/", desk.next_posts, name="next"),
    path("p/<slug:slug>/code/save/", desk.save, name="save"),
    path("p/<slug:slug>/code/coded/", history.coded, name="coded"),
    path("p/<slug:slug>/code/withdraw/", history.withdraw, name="withdraw"),
    path("p/<slug:slug>/review/", review.review, name="review"),
    path("p/<slug:slug>/review/settle/", review.settle, name="settle"),
]
