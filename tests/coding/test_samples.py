"""Drawing the posts to be coded, and drawing them again."""

import datetime
import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.utils import translation

from coding.models import Assignment, Coding, Method, Sample, SamplePost, SampleRule
from coding.sampling import Rule
from coding.services.codings import Answers, save_coding
from coding.services.sample_rules import rule_in_words, set_rules
from coding.services.samples import draw_samples, freeze, preview
from monitoring.models import Account, Actor, Category, Post, Project, Revision
from monitoring.services.projects import add_period
from tests import factories as make

pytestmark = pytest.mark.django_db

LATER = make.NOON + datetime.timedelta(days=1)
REQUEST = uuid.UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture(scope="module")
def written(once_for_the_file: Callable[..., Project]) -> Project:
    return once_for_the_file(make.project)


@pytest.fixture
def project(written: Project) -> Project:
    return deepcopy(written)


@pytest.fixture
def outlet(project: Project) -> Account:
    return make.account(make.actor(project, category="media"))


def set_rule(project: Project, **rule: Any) -> None:
    set_rules(project=project, rules={make.category(project, "media"): Rule(**rule)})


def draw(project: Project, *, at: datetime.datetime = make.NOON) -> list[str]:
    """The native ids of the posts in the samples, by rank."""
    draw_samples(project=project, at=at)
    rows = SamplePost.objects.filter(sample__project=project).current().order_by("rank")
    return list(rows.values_list("post__native_id", flat=True))


def test_the_posts_with_most_interactions_are_drawn(project: Project, outlet: Account) -> None:
    set_rule(project, size=2)
    for name, likes, comments in [("low", 5, 0), ("top", 9, 0), ("second", 1, 7)]:
        make.post(outlet, native_id=name, likes=likes, comments=comments)
    assert draw(project) == ["top", "second"]


def test_equal_posts_rank_by_earlier_time_and_then_by_native_id(
    project: Project, outlet: Account
) -> None:
    set_rule(project, size=3)
    make.post(outlet, native_id="late", likes=5, published_at=LATER)
    make.post(outlet, native_id="b", likes=5)
    make.post(outlet, native_id="c", likes=5)
    make.post(outlet, native_id="a", likes=5)
    assert draw(project) == ["a", "b", "c"]


def test_a_census_takes_every_post(project: Project) -> None:
    account = make.account(make.actor(project, category="party"))
    posts = [make.post(account, likes=likes) for likes in range(5)]
    assert len(draw(project)) == len(posts)
    assert Sample.objects.of(project).get().wanted is None


def test_a_category_smaller_than_its_rule_gives_what_it_has(
    project: Project, outlet: Account
) -> None:
    make.post(outlet)
    assert len(draw(project)) == 1
    assert Sample.objects.of(project).get().wanted == 200


def test_a_rule_per_account_takes_the_top_of_each(project: Project, outlet: Account) -> None:
    set_rule(project, size=1, per_account=True)
    smaller = make.account(make.actor(project, category="media"))
    for likes in (90, 80):
        make.post(outlet, native_id=f"large-{likes}", likes=likes)
        make.post(smaller, native_id=f"small-{likes}", likes=likes // 10)
    assert sorted(draw(project)) == ["large-90", "small-90"]


def test_a_rule_per_period_takes_the_top_of_each(project: Project, outlet: Account) -> None:
    for key, first, last in [("before", 19, 30), ("both", 25, 30)]:
        days = (datetime.date(2020, 11, first), datetime.date(2020, 11, last))
        add_period(project=project, key=key, start=days[0], end=days[1])
    set_rule(project, size=1, per_period=True)
    for name, day, likes in [("early", 20, 9), ("low", 21, 1), ("late", 26, 5)]:
        moment = datetime.datetime(2020, 11, day, tzinfo=datetime.UTC)
        make.post(outlet, native_id=name, likes=likes, published_at=moment)
    assert sorted(draw(project)) == ["early", "late"]
    assert set(SamplePost.objects.values_list("rank", flat=True)) == {1}


def test_each_platform_has_a_sample_of_its_own(project: Project, outlet: Account) -> None:
    set_rule(project, size=1)
    photos = make.account(make.actor(project, category="media"), platform="instagram")
    make.post(outlet, likes=50)
    make.post(photos, likes=1)
    assert len(draw(project)) == 2
    platforms = Sample.objects.of(project).values_list("platform", flat=True)
    assert list(platforms) == ["facebook", "instagram"]


@pytest.mark.parametrize(
    ("moment", "is_drawn"),
    [
        # Midnight in Bishkek is 18:00 UTC of the day before.
        ("2020-11-18T17:59:59Z", False),
        ("2020-11-18T18:00:00Z", True),
        ("2021-01-09T17:59:59Z", True),
        ("2021-01-09T18:00:00Z", False),
    ],
)
def test_only_posts_of_the_monitored_days_are_drawn(
    project: Project, outlet: Account, moment: str, *, is_drawn: bool
) -> None:
    make.post(outlet, published_at=datetime.datetime.fromisoformat(moment))
    assert len(draw(project)) == is_drawn


def test_posts_of_accounts_without_an_actor_are_not_drawn(
    project: Project, outlet: Account
) -> None:
    make.post(outlet)
    Account.objects.of(project).update(actor=None, state="waiting")
    assert draw(project) == []


def test_posts_of_another_project_are_not_drawn(project: Project) -> None:
    make.post(make.account(make.actor(make.project("elsewhere"), category="media")))
    assert draw(project) == []


class TestDrawingAgain:
    @pytest.fixture
    def posts(self, project: Project, outlet: Account) -> list[Post]:
        set_rule(project, size=2)
        posts = [
            make.post(outlet, native_id=name, likes=likes)
            for name, likes in [("first", 30), ("second", 20), ("third", 10)]
        ]
        draw(project)
        return posts

    def grow(self, post: Post, likes: int) -> None:
        Post.objects.of(post.project).filter(pk=post.pk).update(likes=likes)

    def test_gives_the_same_posts_while_nothing_changed(
        self, project: Project, posts: list[Post]
    ) -> None:
        before = list(SamplePost.objects.values_list("pk", "post", "rank", "left_at"))
        draw(project, at=LATER)
        assert list(SamplePost.objects.values_list("pk", "post", "rank", "left_at")) == before

    def test_ranks_anew(self, project: Project, posts: list[Post]) -> None:
        self.grow(posts[1], 300)
        assert draw(project, at=LATER) == ["second", "first"]
        assert SamplePost.objects.get(post=posts[1]).interactions == 300

    def test_adds_what_came_in_and_marks_what_was_ranked_out(
        self, project: Project, posts: list[Post]
    ) -> None:
        self.grow(posts[2], 300)
        assert draw(project, at=LATER) == ["third", "first"]
        assert SamplePost.objects.get(post=posts[1]).left_at == LATER

    def test_keeps_the_codings_of_a_post_that_was_ranked_out(
        self, project: Project, posts: list[Post]
    ) -> None:
        monitor = make.member(project)
        make.assignment(posts[1], monitor)
        save_coding(
            project=project,
            post=posts[1],
            coder=monitor,
            version=make.published_codebook(project),
            request_id=REQUEST,
            base_number=0,
            answers=Answers(topics=("media",)),
            seconds=1,
            at=make.NOON,
        )
        self.grow(posts[2], 300)
        draw(project, at=LATER)
        assert Coding.objects.of(project).filter(post=posts[1]).count() == 1

    def test_takes_back_a_post_that_had_left(self, project: Project, posts: list[Post]) -> None:
        self.grow(posts[2], 300)
        draw(project, at=LATER)
        self.grow(posts[1], 3000)
        assert draw(project, at=LATER) == ["second", "third"]
        assert SamplePost.objects.get(post=posts[1]).left_at is None

    def test_follows_an_actor_into_another_category(
        self, project: Project, posts: list[Post]
    ) -> None:
        Actor.objects.of(project).update(category=make.category(project, "influencer"))
        assert draw(project, at=LATER) == ["first", "second", "third"]
        keys = SamplePost.objects.current().values_list("sample__category__key", flat=True)
        assert set(keys) == {"influencer"}

    def test_empties_the_sample_of_a_category_that_lost_its_last_account(
        self, project: Project, posts: list[Post]
    ) -> None:
        Account.objects.of(project).update(actor=None, state="ignored")
        assert draw(project, at=LATER) == []

    def test_is_told_before_it_is_done(self, project: Project, posts: list[Post]) -> None:
        self.grow(posts[2], 300)
        [change] = preview(project=project)
        assert (change.added, change.reranked, change.ranked_out, change.coded) == (1, 1, 1, 0)
        assert change.size == 2
        assert draw(project, at=LATER) == ["third", "first"]
        [change] = preview(project=project)
        assert (change.added, change.reranked, change.ranked_out) == (0, 0, 0)

    def test_does_nothing_to_frozen_samples_until_they_thaw(
        self, project: Project, posts: list[Post]
    ) -> None:
        freeze(project=project, at=make.NOON)
        self.grow(posts[2], 300)
        assert preview(project=project)[0].is_frozen
        assert draw(project, at=LATER) == ["first", "second"]
        freeze(project=project, at=None)
        assert draw(project, at=LATER) == ["third", "first"]

    def test_releases_posts_that_ranked_out_unless_somebody_has_begun(
        self, project: Project, posts: list[Post]
    ) -> None:
        at_work, idle, other = (make.member(project) for _ in range(3))
        make.assignment(posts[1], idle)
        make.assignment(posts[0], other)
        begun = make.assignment(posts[1], at_work)
        Assignment.objects.filter(pk=begun.pk).update(
            leased_until=LATER + datetime.timedelta(minutes=1)
        )
        self.grow(posts[2], 300)
        draw(project, at=LATER)
        kept = set(Assignment.objects.of(project).values_list("monitor", flat=True))
        assert kept == {other.pk, at_work.pk}

    def test_stores_what_was_answered_without_a_line_before_the_post_ranked_out(
        self, project: Project, posts: list[Post]
    ) -> None:
        offline = make.member(project)
        begun = make.assignment(posts[1], offline)
        Assignment.objects.filter(pk=begun.pk).update(leased_until=make.NOON)
        self.grow(posts[2], 300)
        draw(project, at=LATER)
        assert not Assignment.objects.of(project).held(LATER).filter(monitor=offline)
        save_coding(
            project=project,
            post=posts[1],
            coder=offline,
            version=make.published_codebook(project),
            request_id=uuid.uuid4(),
            base_number=0,
            answers=Answers(topics=("media",)),
            seconds=1,
            at=LATER,
        )
        assert posts[1].codings.count() == 1

    def test_tells_open_dashboards(self, project: Project, posts: list[Post]) -> None:
        before = Revision.objects.get(project=project).number
        draw(project, at=LATER)
        assert Revision.objects.get(project=project).number > before


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(None), "all posts"),
        (Rule(1), "the 1 post with most interactions per sampled category and platform"),
        (Rule(200), "the 200 posts with most interactions per sampled category and platform"),
        (Rule(9, per_account=True), "the 9 posts with most interactions of each account"),
        (
            Rule(9, per_account=True, per_period=True),
            "the 9 posts with most interactions of each account in each period",
        ),
    ],
)
def test_the_rule_is_told_in_words(rule: Rule, words: str) -> None:
    with translation.override("en"):
        assert rule_in_words(rule) == words


def test_a_rule_once_set_by_the_lead_is_kept(project: Project, outlet: Account) -> None:
    set_rule(project, size=3)
    draw(project)
    rule = SampleRule.objects.of(project).get(category__key="media")
    assert (rule.method, rule.size) == (Method.TOP, 3)
    assert Category.objects.of(project).count() == SampleRule.objects.of(project).count()
