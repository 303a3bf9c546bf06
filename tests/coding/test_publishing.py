"""A codebook changes after coding began: nothing is lost, and who has to look again is asked."""

import uuid

import pytest
from django.contrib.auth.models import User

from coding.models import (
    CodebookVersion,
    Coding,
    FinalCoding,
    FinalState,
    Recheck,
    Section,
    VersionState,
)
from coding.services.codebooks import published_version
from coding.services.codings import Answers, FlagAnswer, save_coding, settle, verify_history
from coding.services.drafts import (
    add_entry,
    merge_entries,
    remove_entry,
    split_entry,
    start_draft,
)
from coding.services.publishing import (
    NotPublishable,
    changes_of,
    publish,
    touched,
)
from coding.services.rechecks import recheck_progress, rechecks_for
from dashboards.measures import Measures
from monitoring.models import Post, Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def first(project: Project) -> CodebookVersion:
    return make.published_codebook(project)


@pytest.fixture
def posts(project: Project) -> list[Post]:
    account = make.account(make.actor(project, "Candidate"))
    return [make.post(account) for _ in range(3)]


def code(
    post: Post,
    coder: User,
    version: CodebookVersion,
    *topics: str,
    tone: str = "",
    flags: tuple[str, ...] = (),
    base: int = 0,
) -> Coding:
    if not post.assignments.filter(monitor=coder).exists():
        make.assignment(post, coder)
    return save_coding(
        project=post.project,
        post=post,
        coder=coder,
        version=version,
        request_id=uuid.uuid4(),
        base_number=base,
        answers=Answers(
            topics=topics,
            mentions=((post.account.actor_id, tone),) if tone else (),
            flags=tuple(FlagAnswer(flag) for flag in flags),
        ),
        seconds=1,
        at=make.NOON,
    )


def draft(project: Project) -> CodebookVersion:
    return start_draft(project=project)


def codings_by_topic(project: Project) -> dict[str, int]:
    rows = Measures(project).ask("codings", by=["topic"]).rows
    return {row["topic"]: row["value"] for row in rows}


def test_a_draft_starts_as_the_published_version_is(
    project: Project, first: CodebookVersion
) -> None:
    second = draft(project)
    assert list(second.topics.values_list("key", flat=True)) == list(make.TOPICS)
    assert not any(changes_of(second, first).values())


def test_a_merged_topic_counts_on_under_the_one_it_went_into(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    monitor = make.member(project)
    for post, topic in zip(posts, make.TOPICS, strict=True):
        code(post, monitor, first, topic)
    said = [coding.topics.get().key for coding in Coding.objects.of(project).order_by("pk")]
    second = draft(project)
    topics = {topic.key: topic for topic in second.topics.all()}
    merge_entries(entry=topics["politics"], into=topics["elections"])
    publish(version=second, at=make.NOON)
    assert codings_by_topic(project) == {"elections": 2, "media": 1}
    assert not Recheck.objects.of(project).exists()
    assert [c.topics.get().key for c in Coding.objects.of(project).order_by("pk")] == said
    assert verify_history(project=project).first_broken is None


def test_what_was_merged_twice_counts_as_the_last_one(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    code(posts[0], make.member(project), first, "politics")
    for gone, heir in [("politics", "elections"), ("elections", "media")]:
        version = draft(project)
        topics = {topic.key: topic for topic in version.topics.all()}
        merge_entries(entry=topics[gone], into=topics[heir])
        publish(version=version, at=make.NOON)
    assert codings_by_topic(project) == {"media": 1}


def test_two_who_chose_what_is_one_topic_now_agree(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    code(posts[0], make.member(project), first, "politics")
    code(posts[0], make.member(project), first, "elections")
    assert FinalCoding.objects.of(project).get().state == FinalState.UNSETTLED
    second = draft(project)
    topics = {topic.key: topic for topic in second.topics.all()}
    merge_entries(entry=topics["politics"], into=topics["elections"])
    publish(version=second, at=make.NOON)
    assert FinalCoding.objects.of(project).get().state == FinalState.AGREED


def test_codings_of_both_versions_agree_and_add_up(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    code(posts[0], make.member(project), first, "politics", tone="positive")
    second = draft(project)
    topics = {topic.key: topic for topic in second.topics.all()}
    merge_entries(entry=topics["politics"], into=topics["elections"])
    second = publish(version=second, at=make.NOON)
    code(posts[0], make.member(project), second, "elections", tone="positive")
    code(posts[1], make.member(project), second, "elections", tone="negative")
    assert FinalCoding.objects.of(project).get(post=posts[0]).state == FinalState.AGREED
    assert codings_by_topic(project) == {"elections": 2}
    tones = Measures(project).ask("mentions", by=["tone"]).rows
    assert {row["tone"]: row["value"] for row in tones} == {"positive": 1, "negative": 1}


def test_a_split_topic_asks_those_who_chose_it_and_counts_until_they_answered(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    monitor, other = make.member(project), make.member(project)
    code(posts[0], monitor, first, "politics")
    code(posts[1], other, first, "media")
    second = draft(project)
    split_entry(entry=second.topics.get(key="politics"), names=["Parties", "Parliament"])
    second = publish(version=second, at=make.NOON)
    waiting = rechecks_for(project=project).get()
    assert (waiting.coding.coder, waiting.key, waiting.reason) == (monitor, "politics", "split")
    assert codings_by_topic(project) == {"politics": 1, "media": 1}
    assert recheck_progress(project=project) == [
        {"name": monitor.username, "asked": 1, "waiting": 1}
    ]
    code(posts[0], monitor, second, "parties", base=1)
    assert not rechecks_for(project=project).exists()
    assert codings_by_topic(project) == {"parties": 1, "media": 1}
    assert recheck_progress(project=project)[0]["waiting"] == 0


def test_a_changed_definition_is_looked_at_again_unless_it_is_only_worded_anew(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    lead, monitor = make.member(project, "lead"), make.member(project)
    code(posts[0], monitor, first, "media", tone="neutral", flags=("manipulation",))
    settle(
        project=project,
        post=posts[0],
        lead=lead,
        version=first,
        request_id=uuid.uuid4(),
        answers=Answers(topics=("media",)),
        reason="I decide",
        at=make.NOON,
    )
    second = draft(project)
    second.topics.filter(key="media").update(definition="What media do.")
    second.tone_grades.filter(key="neutral").update(use_when="It reports.")
    second.flag_kinds.filter(key="manipulation").update(definition="Twisted.")
    changes = changes_of(second, first)
    assert touched(project=project, changes=changes) == {
        "topics": {"media": 2},
        "tones": {"neutral": 1},
        "flags": {"manipulation": 1},
    }
    publish(version=second, at=make.NOON, only_wording=[("tones", "neutral")])
    found = {(row.section, row.coding.coder) for row in rechecks_for(project=project)}
    assert found == {("topics", monitor), ("topics", lead), ("flags", monitor)}


def test_a_removed_topic_is_looked_at_again_and_withdrawn_answers_are_not(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    monitor = make.member(project)
    code(posts[0], monitor, first, "media")
    code(posts[0], monitor, first, "politics", base=1)
    second = draft(project)
    remove_entry(entry=second.topics.get(key="media"))
    publish(version=second, at=make.NOON)
    assert not Recheck.objects.of(project).exists()


def test_publishing_asks_no_query_per_coding(
    project: Project, first: CodebookVersion, posts: list[Post], django_assert_max_num_queries
) -> None:
    monitor = make.member(project)
    for post in posts:
        code(post, monitor, first, "politics")
    second = draft(project)
    split_entry(entry=second.topics.get(key="politics"), names=["Parties", "Parliament"])
    with django_assert_max_num_queries(26):
        publish(version=second, at=make.NOON)
    assert Recheck.objects.of(project).count() == 3


def test_a_key_that_was_merged_away_is_not_offered_again(
    project: Project, first: CodebookVersion
) -> None:
    second = draft(project)
    topics = {topic.key: topic for topic in second.topics.all()}
    merge_entries(entry=topics["politics"], into=topics["elections"])
    publish(version=second, at=make.NOON)
    third = draft(project)
    assert add_entry(version=third, section=Section.TOPICS, name="Politics").key == "politics_2"
    third.topics.filter(key="politics_2").update(key="politics")
    with pytest.raises(NotPublishable, match="merged away"):
        publish(version=third, at=make.NOON)


def test_a_codebook_without_topics_or_with_leftovers_is_not_published(project: Project) -> None:
    version = make.codebook(project)
    version.topics.filter(key="media").update(needs_review=True)
    with pytest.raises(NotPublishable, match="another country"):
        publish(version=version, at=make.NOON)
    version.topics.all().delete()
    with pytest.raises(NotPublishable, match="at least one topic"):
        publish(version=version, at=make.NOON)
    assert published_version(project=project) is None


def test_another_codebook_of_the_project_is_compared_with_the_one_it_replaces(
    project: Project, first: CodebookVersion, posts: list[Post]
) -> None:
    code(posts[0], make.member(project), first, "politics")
    other = make.codebook(project, name="Other")
    other.topics.filter(key="politics").delete()
    publish(version=other, at=make.NOON)
    first.refresh_from_db()
    assert first.state == VersionState.RETIRED
    assert Recheck.objects.of(project).get().reason == "removed"


@pytest.mark.parametrize(
    ("topics", "asked"), [(["elections"], ["elections"]), (["media"], []), ([], [])]
)
def test_an_answer_that_comes_late_by_the_old_version_is_looked_at_again(
    project: Project,
    first: CodebookVersion,
    posts: list[Post],
    topics: list[str],
    asked: list[str],
) -> None:
    """A tab that was offline while the lead published keeps the version it was opened with."""
    coder = make.user()
    second = draft(project)
    split_entry(entry=second.topics.get(key="elections"), names=["Campaign", "Voting"])
    publish(version=second, at=make.NOON)
    first.refresh_from_db()
    late = code(posts[0], coder, first, *topics)
    found = Recheck.objects.of(project).filter(coding=late)
    assert [row.key for row in found] == asked
    assert {row.version_id for row in found} <= {second.pk}
