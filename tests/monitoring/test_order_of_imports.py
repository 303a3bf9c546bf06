"""Whatever the order of exports and the size of chunks, the same database comes out."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitoring.languages import language_of
from monitoring.models import CountersRule, DailyTotal, Observation, Post, Project
from monitoring.services.loading import rebuild_daily_totals
from monitoring.services.steering import cancel
from tests.monitoring.checksum import checksum
from tests.monitoring.exports import PAGES_2020, as_csv, history, page_post
from tests.monitoring.rivals import begin, comes_to_wait
from tests.monitoring.test_imports import make_project, take_in, totals
from tests.monitoring.test_steering import finish

pytestmark = pytest.mark.django_db


class Export(NamedTuple):
    """The day of January 2021 on which it was made, and likes and text of its posts by id.

    The posts are of the 5th: up to the 8th their counters are provisional.
    """

    day: int
    posts: dict[int, tuple[int, str]]

    @property
    def content(self) -> bytes:
        rows = [
            page_post(native_id, Likes=likes, Message=text)
            for native_id, (likes, text) in self.posts.items()
        ]
        return as_csv(PAGES_2020, rows)


TEXTS = ["", "Текст", "mended\ntext", "Биз жана алар"]
EXPORTS = st.lists(
    st.builds(
        Export,
        st.sampled_from([6, 8, 9, 14]),
        st.dictionaries(
            st.integers(1, 4),
            st.tuples(st.integers(0, 3), st.sampled_from(TEXTS)),
            min_size=1,
        ),
    ),
    min_size=2,
    max_size=4,
)


def import_all(project: Project, exports: list[Export], chunk_bytes: int | None = None) -> str:
    for export in exports:
        name = f"2021-01-{export.day:02}-11-00-00-EST-x.csv"
        take_in(project, export.content, name=name, chunk_bytes=chunk_bytes)
    return checksum(project)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking imports hundreds of files
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    exports=EXPORTS,
    data=st.data(),
    chunk_bytes=st.integers(200, 2000),
    rule=st.sampled_from(CountersRule.values),
)
def test_any_order_of_exports_and_any_size_of_chunks_gives_the_same_database(
    db: None, exports: list[Export], data: Any, chunk_bytes: int, rule: str
) -> None:
    shuffled = data.draw(st.permutations(exports))
    with transaction.atomic():
        one, other = make_project("one"), make_project("other")
        for project in (one, other):
            Project.objects.filter(pk=project.pk).update(counters_rule=rule)
            project.refresh_from_db()
        assert import_all(one, exports) == import_all(other, shuffled, chunk_bytes)
        before = totals(other)
        assert [one.language for one in Post.objects.of(other)] == [
            language_of(one.text) for one in Post.objects.of(other)
        ]
        rebuild_daily_totals(project=other)
        assert totals(other) == before
        transaction.set_rollback(True)


def test_counters_that_fell_are_a_reading_of_their_own() -> None:
    project = make_project()
    import_all(project, [Export(9, {1: (3, "")}), Export(14, {1: (2, "")})])
    readings = Observation.objects.filter(post__project=project).order_by("observed_at")
    assert list(readings.values_list("likes", flat=True)) == [3, 2]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_history_that_says_nothing_of_its_post_takes_no_text_in_any_order(
    order: tuple[int, ...],
) -> None:
    """Two exports and, later than both, the history of the post between them."""
    readings = ("2021-01-05 17:00:00", 2), ("2021-01-08 16:00:01", 7), ("2021-02-01 09:00:00", 9)
    sent = [
        ("2021-01-06-11-00-00-EST-x.csv", Export(6, {1: (5, "Биз жана алар")}).content),
        ("2021-01-09-11-00-00-EST-x.csv", Export(9, {1: (8, "Биз жана алар")}).content),
        ("2021-02-02-11-00-00-EST-x.csv", history(1, *readings)),
    ]
    found = []
    for slug, turns in (("one", range(3)), ("other", order)):
        project = make_project(slug)
        for turn in turns:
            name, content = sent[turn]
            assert take_in(project, content, name=name).rows_rejected == 0
        found.append(checksum(project))
        before = totals(project)
        rebuild_daily_totals(project=project)
        assert totals(project) == before
    assert found[0] == found[1]
    post = Post.objects.of(project).get()
    assert (post.text, post.type, post.language) == ("Биз жана алар", "Photo", "ky")
    # The first reading after three days; the page's followers are what the export says.
    assert (post.likes, post.is_provisional, post.followers) == (7, False, 5000)
    assert post.observations.count() == 5


def test_a_new_post_behind_many_known_ones_has_its_language() -> None:
    """Where no new post is expected, languages are told only of those that turn out to be new."""
    project = make_project("growing")
    known = {number: (number, "жана") for number in range(1, 40)}
    import_all(project, [Export(9, known)])
    import_all(project, [Export(14, {**known, 50: (1, "Биз жана алар")})], chunk_bytes=1000)
    assert Post.objects.of(project).get(native_id="50").language == "ky"


@pytest.mark.django_db(transaction=True)
def test_an_older_export_that_comes_in_at_the_same_moment_takes_nothing_back() -> None:
    """Who waited for the newer one looks at what it wrote, also beside the post itself."""
    project = make_project("at-once")
    import_all(project, [Export(9, {1: (3, "first")})])

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            import_all(project, [Export(14, {1: (5, "newest")})])
            older = begin(thread, lambda: import_all(project, [Export(12, {1: (4, "older")})]))
            waits = comes_to_wait(older)
        older.result()
    assert waits
    assert Post.objects.of(project).get().text == "newest"
    seen = Observation.objects.filter(post__project=project).order_by("observed_at")
    assert [one.likes for one in seen] == [3, 4, 5]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("does", ["cancellation", "import"])
def test_a_cancellation_and_an_import_hold_posts_in_the_same_order(does: str) -> None:
    """Else each could wait for a post that the other one has."""
    project, admin = make_project("at-once"), User.objects.create_user("admin")
    content = as_csv(PAGES_2020, [page_post(9), page_post(1)])
    first = take_in(project, content)

    def act() -> None:
        if does == "cancellation":
            finish(cancel(source_import=first, by=admin))
        else:
            take_in(project, content, name="2021-01-14-11-00-00-EST-x.csv")

    free = Post.objects.of(project).select_for_update(skip_locked=True)
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            assert len(free.filter(native_id="9")) == 1
            other = begin(thread, act)
            waits = comes_to_wait(other)
            has_the_other_one = not free.filter(native_id="1")
        other.result()
    assert waits
    assert has_the_other_one


@pytest.mark.django_db(transaction=True)
def test_a_day_that_a_cancellation_empties_meanwhile_has_what_an_import_adds() -> None:
    """The import of new and of changed posts waits for the day, and then it is gone."""
    project, admin = make_project("at-once"), User.objects.create_user("admin")
    cancelled = take_in(project, as_csv(PAGES_2020, [page_post(1)]))
    yesterday = page_post(9, Created="2021-01-04 11:00:00 EST")
    take_in(project, as_csv(PAGES_2020, [yesterday]))
    later = as_csv(PAGES_2020, [{**yesterday, "Message": "changed"}, page_post(2, Likes=7)])

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            days = DailyTotal.objects.filter(day="2021-01-05")
            assert len(days.select_for_update()) == 1
            name = "2021-01-14-11-00-00-EST-x.csv"
            rival = begin(thread, partial(take_in, project, later, name=name))
            waits = comes_to_wait(rival)
            finish(cancel(source_import=cancelled, by=admin))
        rival.result()
    assert waits
    before = totals(project)
    rebuild_daily_totals(project=project)
    assert totals(project) == before
    assert days.get().likes == 7
    assert not Post.objects.of(project).filter(native_id="1")
