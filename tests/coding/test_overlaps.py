"""Drawing the posts that two code blind, and raising their number later."""

import uuid
from collections import Counter

import pytest

from coding.allocation import Coder
from coding.models import Assignment, OverlapPost
from coding.services.assignments import assign, coders_of, deal, set_workloads
from coding.services.codings import Answers, FlagAnswer, save_coding
from coding.services.overlaps import draw_overlap, overlap_of
from coding.services.samples import draw_samples
from monitoring.models import Post, Project, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def posts(project: Project) -> list[Post]:
    """Twelve of candidates, eight of parties."""
    accounts = [make.account(make.actor(project, category=key)) for key in ("candidate", "party")]
    made = [make.post(accounts[place >= 12]) for place in range(20)]
    draw_samples(project=project, at=make.NOON)
    return made


def drawn_posts() -> set[int]:
    return set(OverlapPost.objects.values_list("sample_post__post", flat=True))


def flag(post: Post) -> None:
    coder = make.member(post.project)
    make.assignment(post, coder)
    save_coding(
        project=post.project,
        post=post,
        coder=coder,
        version=make.published_codebook(post.project, name=coder.username),
        request_id=uuid.uuid4(),
        base_number=0,
        answers=Answers(topics=("media",), flags=(FlagAnswer("manipulation"),)),
        seconds=1,
        at=make.NOON,
    )


def test_each_category_has_its_share_of_the_overlap(project: Project, posts: list[Post]) -> None:
    assert draw_overlap(project=project, size=10, at=make.NOON) == 10
    rows = OverlapPost.objects.order_by("stratum")
    assert [row.stratum for row in rows].count("facebook candidate") == 6
    assert {row.weight for row in rows} == {2}


def test_a_larger_overlap_keeps_what_was_drawn_and_adds(
    project: Project, posts: list[Post]
) -> None:
    draw_overlap(project=project, size=4, at=make.NOON, by="account")
    before = drawn_posts()
    assert draw_overlap(project=project, size=10, at=make.NOON, by="account") == 6
    assert before < drawn_posts()
    assert draw_overlap(project=project, size=3, at=make.NOON) == 0
    assert sum(row.weight for row in OverlapPost.objects.all()) == pytest.approx(20)


def test_flagged_posts_are_a_stratum_of_their_own_with_a_weight_of_their_own(
    project: Project, posts: list[Post]
) -> None:
    for post in posts[:4]:
        flag(post)
    draw_overlap(project=project, size=0, at=make.NOON)
    assert draw_overlap(project=project, size=0, at=make.NOON, flagged=2) == 2
    draw_overlap(project=project, size=8, at=make.NOON)
    flagged = OverlapPost.objects.filter(is_oversampled=True)
    assert {row.sample_post.post for row in flagged} <= set(posts[:4])
    assert {row.stratum for row in flagged} == {"flagged"}
    assert sum(row.weight for row in OverlapPost.objects.all()) == pytest.approx(20)
    now = overlap_of(project=project)
    assert (now.sampled, now.flagged, now.drawn, now.oversampled) == (20, 4, 10, 2)


def test_raising_the_overlap_gives_a_second_monitor_to_posts_that_have_one(
    project: Project, posts: list[Post]
) -> None:
    monitors = [make.member(project), make.member(project)]
    assert assign(project=project, monitors=monitors, overlap=0, at=make.NOON) == 20
    assert assign(project=project, monitors=monitors, overlap=0.25, at=make.NOON) == 5
    twice = Assignment.objects.of(project).filter(is_overlap=True)
    assert twice.count() == 10
    assert set(twice.values_list("post", flat=True)) == drawn_posts()


def test_the_lead_divides_the_work_and_is_told_what_nobody_takes(
    project: Project, posts: list[Post]
) -> None:
    first, second = make.member(project), make.member(project)
    lead = make.member(project, Role.LEAD)
    assert coders_of(project=project) == [Coder(first.pk), Coder(second.pk)]
    party = frozenset({"party"})
    set_workloads(
        project=project,
        coders=[Coder(first.pk, 3, categories=party), Coder(second.pk, 0), Coder(lead.pk, 1)],
    )
    Post.objects.of(project).filter(pk=posts[0].pk).update(text="Шайлоо күнү")
    dealt = deal(project=project, coders=coders_of(project=project)[:1], at=make.NOON)
    assert dealt == (8, 12)
    dealt = deal(project=project, coders=coders_of(project=project), at=make.NOON)
    assert dealt == (12, 0)
    assert lead.assignments.count() == 12


def test_a_post_goes_to_as_many_monitors_as_are_asked_for(
    project: Project, posts: list[Post]
) -> None:
    draw_overlap(project=project, size=4, at=make.NOON)
    draw_overlap(project=project, size=6, at=make.NOON, coders=4)
    draw_overlap(project=project, size=8, at=make.NOON, coders=2)
    asked = sorted(OverlapPost.objects.values_list("coders", flat=True))
    assert asked == [2, 2, 4, 4, 4, 4, 4, 4]
    assert overlap_of(project=project).coders == 4
    coders = [Coder(make.member(project).pk) for _ in range(5)]
    assert deal(project=project, coders=coders, at=make.NOON) == (12 + 2 * 2 + 6 * 4, 0)
    held = Counter(Assignment.objects.of(project).values_list("post", flat=True))
    assert Counter(held.values()) == {1: 12, 2: 2, 4: 6}
