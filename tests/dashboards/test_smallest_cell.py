"""Nothing is published about so few posts that it is about single monitors (the least is 5)."""

import datetime
import json

import pytest
from django.utils import timezone

from dashboards.models import FrozenPage
from dashboards.snapshots import chapters_in, freeze
from monitoring.models import Role
from tests import factories as make
from tests.coding.coded_twice import make_coded_twice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("posts", "told"), [(4, False), (5, True)])
def test_variables_of_fewer_than_five_posts_are_not_told(posts: int, told: bool) -> None:
    made, *_monitors = make_coded_twice(posts)
    days = {"start": datetime.date(2020, 11, 19), "end": datetime.date(2021, 1, 9)}
    made.project.periods.create(key="entire", name="Entire", **days)
    snapshot = freeze(
        project=made.project,
        page=FrozenPage.REPORT,
        charts=[6],
        title="Final",
        by=make.member(made.project, Role.LEAD),
        at=timezone.now(),
    )
    agreed = chapters_in(snapshot, "en")["agreement"]
    topic = next(row for row in agreed["rows"] if row[0].startswith("Topic"))
    assert topic[1:3] == (["5", "100.0%"] if told else ["<5", "–"])
    assert ("fewer than 5 posts" in agreed["note"]) is not told
    assert "aida" not in json.dumps(snapshot.content)
