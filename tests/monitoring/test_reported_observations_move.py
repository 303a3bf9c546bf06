"""Migration 0013 moves readings: the reported one into its post, the others into their table."""

import datetime
import importlib
from typing import Any

import pytest
from django.db import connection

from monitoring.models import Observation, OtherObservation, Post
from tests.monitoring.exports import PAGES_2020, as_csv, page_post
from tests.monitoring.test_imports import make_project, take_in

pytestmark = pytest.mark.django_db

migration = importlib.import_module(
    "monitoring.migrations.0014_reported_observations_live_in_posts"
)


def readings() -> list[tuple[Any, ...]]:
    fields = ("post_id", "observed_at", "source_import_id", "likes", "shares", "views_total")
    return list(Observation.objects.order_by("post_id", "observed_at").values_list(*fields))


def test_readings_are_the_same_after_the_move_as_before() -> None:
    project = make_project()
    for day, numbers in ((6, (1, 2)), (8, (2, 3)), (9, (1, 2, 3)), (14, (1, 3))):
        rows = [page_post(number, Likes=day + number) for number in numbers]
        take_in(project, as_csv(PAGES_2020, rows), name=f"2021-01-{day:02}-11-00-00-EST-x.csv")
    before, others = readings(), OtherObservation.objects.count()
    recounted = set(Post.objects.of(project).values_list("pk", "recounted_in"))
    assert (len(before), others) == (9, 6)
    assert any(later is not None for _post, later in recounted)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration.MOVE_BACK)
        cursor.execute("DELETE FROM monitoring_otherobservation")
        cursor.execute("UPDATE monitoring_post SET recounted_in_id = NULL")
        assert readings() == before
        cursor.execute(migration.MOVE)
    assert readings() == before
    assert OtherObservation.objects.count() == others
    assert set(Post.objects.of(project).values_list("pk", "recounted_in")) == recounted


def test_a_later_reading_writes_one_row_and_the_reported_one_stays_in_its_post() -> None:
    project = make_project()
    for day, reported in ((6, 6), (7, 7), (14, 14), (20, 14), (9, 9)):
        content = as_csv(PAGES_2020, [page_post(1, Likes=day)])
        take_in(project, content, name=f"2021-01-{day:02}-11-00-00-EST-x.csv")
        post = Post.objects.of(project).get()
        assert (post.likes, post.counted_at.day) == (reported, reported)
        others = OtherObservation.objects.filter(post=post)
        moments = {
            at.astimezone(datetime.UTC).day for at in others.values_list("observed_at", flat=True)
        }
        assert reported not in moments
        assert Observation.objects.filter(post=post).count() == len(moments) + 1
