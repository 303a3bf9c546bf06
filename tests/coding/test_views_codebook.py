"""The codebook editor: leads write a draft, publish it, and monitors look again."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from coding.models import CodebookVersion, Question, Topic, VersionState
from coding.services.codebooks import published_version
from coding.services.codings import Answers, save_coding
from coding.services.drafts import start_draft
from coding.services.publishing import publish
from monitoring.models import Project, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


@pytest.fixture
def lead(project: Project, client: Client) -> Client:
    client.force_login(make.member(project, Role.LEAD, name="lead"))
    return client


@pytest.fixture
def draft(project: Project) -> CodebookVersion:
    return make.codebook(project)


def url(name: str, project: Project, *rest: object) -> str:
    return reverse(f"coding:{name}", args=[project.slug, *rest])


def topic_keys(version: CodebookVersion) -> list[str]:
    return list(version.topics.values_list("key", flat=True))


def change(lead: Client, topic: Topic, project: Project, how: str, **sent: object) -> str:
    address = url("entry_change", project, "topics", topic.pk, how)
    return lead.post(address, sent, headers={"HX-Request": "true"}).content.decode()


def test_a_lead_starts_by_combining_ready_made_codebooks(lead: Client, project: Project) -> None:
    page = lead.get(url("codebook", project)).content.decode()
    assert "DISARM Foundation" not in page
    assert "Seven types of disinformation" in page
    chosen = ["kyrgyzstan_2021", "tone_5_grades", "wardle_seven_types", "hate_speech_scale"]
    lead.post(url("codebook_start", project), {"ready_made": chosen})
    version = CodebookVersion.objects.get(codebook__project=project)
    assert version.topics.count() == 26
    assert set(version.tone_grades.values_list("value", flat=True)) == {2, 1, 0, -1, -2}
    fabricated = version.flag_kinds.get(key="fabricated_content")
    assert (fabricated.parent.key, fabricated.severity) == ("disinformation", 6)
    keys = list(version.flag_kinds.values_list("key", flat=True))
    assert keys[:2] == ["disinformation", "satire"]
    assert fabricated.source == "Wardle, First Draft 2017, CC BY 4.0"
    lead.post(url("codebook_start", project), {"ready_made": ["disarm_techniques"]})
    assert version.flag_kinds.filter(key="T0049").exists()


def test_the_whole_codebook_opens_with_the_same_queries(
    lead: Client, project: Project, draft: CodebookVersion, django_assert_max_num_queries
) -> None:
    Topic.objects.bulk_create(
        Topic(version=draft, key=f"topic-{n}", name=f"Topic {n}") for n in range(60)
    )
    with django_assert_max_num_queries(14):
        assert "Topic 59" in lead.get(url("codebook", project)).content.decode()


def test_entries_are_found_in_every_language(
    lead: Client, project: Project, draft: CodebookVersion
) -> None:
    draft.topics.filter(key="media").update(name_ru="Средства массовой информации")
    page = lead.get(url("codebook", project), {"q": "массовой"}).content.decode()
    assert page.count("data-entry=") == 1
    assert (
        "No entry has these words"
        in lead.get(url("codebook", project), {"q": "xyz"}).content.decode()
    )


def test_an_entry_is_added_opened_and_written(
    lead: Client, project: Project, draft: CodebookVersion
) -> None:
    page = lead.post(
        url("entry_add", project, "topics"), {"name": "Women"}, headers={"HX-Request": "true"}
    ).content.decode()
    topic = draft.topics.get(key="women")
    assert "data-entry-form" in page
    assert "<html" not in page
    sent = {"name": "Women and men", "definition": "Roles.", "examples": "A post"}
    lead.post(url("entry_save", project, "topics", topic.pk), sent)
    topic.refresh_from_db()
    assert (topic.name, topic.definition, topic.key) == ("Women and men", "Roles.", "women")
    page = lead.post(
        url("entry_save", project, "topics", topic.pk), {"name": ""}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "This field is required" in page


def test_a_question_takes_its_answers_line_by_line(
    lead: Client, project: Project, draft: CodebookVersion
) -> None:
    lead.post(url("entry_add", project, "questions"), {"name": "Target"})
    question = Question.objects.get(version=draft)
    address = url("entry_save", project, "questions", question.pk)
    sent = {"name": "Target", "kind": "choice", "answers": "Woman | Женщина\nMan"}
    lead.post(address, sent)
    question.refresh_from_db()
    assert [(each["key"], each["name_ru"]) for each in question.options] == [
        ("woman", "Женщина"),
        ("man", ""),
    ]
    page = lead.post(address, {**sent, "answers": "Woman"}, headers={"HX-Request": "true"})
    assert "at least two answers" in page.content.decode()


def test_entries_move_nest_and_come_out_again(
    lead: Client, project: Project, draft: CodebookVersion
) -> None:
    elections, politics, media = draft.topics.all()
    change(lead, media, project, "move", direction="up")
    assert topic_keys(draft) == ["elections", "media", "politics"]
    change(lead, media, project, "move", direction="in")
    media.refresh_from_db()
    assert media.parent == elections
    # The desk and the lists show what lies under an entry right behind it.
    assert topic_keys(draft) == ["elections", "media", "politics"]
    change(lead, media, project, "move", direction="out")
    media.refresh_from_db()
    assert media.parent is None
    change(lead, politics, project, "place", before=elections.pk)
    assert topic_keys(draft)[0] == "politics"
    change(lead, elections, project, "move", direction="in")
    change(lead, politics, project, "place", before=elections.pk)
    assert "cannot lie under itself" in change(
        lead, politics, project, "place", before=elections.pk
    )


def test_entries_merge_divide_and_go(
    lead: Client, project: Project, draft: CodebookVersion
) -> None:
    elections, politics, media = draft.topics.all()
    change(lead, politics, project, "merge", into=elections.pk)
    elections.refresh_from_db()
    assert elections.came_from == ["politics"]
    assert "another entry to merge" in change(lead, elections, project, "merge", into=elections.pk)
    assert "at least two" in change(lead, media, project, "split", names="Press")
    change(lead, media, project, "split", names="Press\nTelevision")
    assert topic_keys(draft) == ["elections", "press", "television"]
    assert draft.topics.get(key="press").came_from == ["media"]
    change(lead, elections, project, "remove")
    assert topic_keys(draft) == ["press", "television"]


def test_two_leads_who_write_in_one_entry_do_not_overwrite_one_another_unseen(
    lead: Client, project: Project, draft: CodebookVersion
) -> None:
    topic = draft.topics.get(key="media")
    address = url("entry_save", project, "topics", topic.pk)
    query = {"section": "topics", "edit": topic.pk}
    form = lead.get(url("codebook", project), query).context["form"]
    sent = {"name": "Media", "was": form["was"].value()}
    lead.post(address, sent | {"definition": "Of the press."})
    answer = lead.post(address, sent | {"definition": "Of television."})
    page = answer.content.decode()
    assert "Somebody changed this entry meanwhile" in page
    assert "Of the press." in page
    assert "Of television.</textarea>" in page
    topic.refresh_from_db()
    assert topic.definition == "Of the press."
    again = {"definition": "Of both.", "was": answer.context["form"]["was"].value()}
    lead.post(address, sent | again)
    topic.refresh_from_db()
    assert topic.definition == "Of both."


def test_a_published_entry_cannot_be_changed(lead: Client, project: Project) -> None:
    version = make.published_codebook(project)
    assert "5 January 2021, 12:00" in lead.get(url("codebook", project)).content.decode()
    topic = version.topics.first()
    address = url("entry_save", project, "topics", topic.pk)
    assert lead.post(address, {"name": "Other"}).status_code == 404


def test_a_clone_asks_to_look_at_what_names_another_country(lead: Client, project: Project) -> None:
    elsewhere = make.project("elsewhere")
    make.Membership.objects.create(project=elsewhere, user=lead_user(lead), role=Role.LEAD)
    source = make.codebook(elsewhere)
    source.topics.filter(key="media").update(name="Foreign Affairs (related to Belarus)")
    publish(version=source, at=make.NOON)
    lead.post(url("codebook_start", project), {"elsewhere": source.pk})
    draft = CodebookVersion.objects.get(codebook__project=project)
    assert "names Belarus" in lead.get(url("codebook", project)).content.decode()
    page = lead.post(url("codebook_publish", project), follow=True).content.decode()
    assert "names another country" in page
    change(lead, draft.topics.get(key="media"), project, "keep")
    lead.post(url("codebook_publish", project))
    assert published_version(project=project) == draft


def test_a_codebook_of_a_project_one_has_no_part_in_cannot_be_cloned(
    lead: Client, project: Project
) -> None:
    source = make.published_codebook(make.project("elsewhere"))
    answer = lead.post(url("codebook_start", project), {"elsewhere": source.pk})
    assert answer.status_code == 404


def test_publishing_tells_what_follows_and_monitors_look_again(
    lead: Client, project: Project, client: Client
) -> None:
    first = make.published_codebook(project)
    monitor = make.member(project, name="monitor")
    post = make.post(make.account(make.actor(project)), text="Шайлоо күнү")
    make.assignment(post, monitor)
    save_coding(
        project=project,
        post=post,
        coder=monitor,
        version=first,
        request_id=uuid.uuid4(),
        base_number=0,
        answers=Answers(topics=("media",)),
        seconds=1,
        at=make.NOON,
    )
    second = start_draft(project=project)
    second.topics.filter(key="media").update(definition="What media do.")
    page = lead.get(url("codebook_publish", project)).content.decode()
    assert "defined anew" in page
    assert 'value="topics:media"' in page
    page = lead.post(url("codebook_publish", project), follow=True).content.decode()
    assert "1 of 1 codings wait" in page
    keeper = lead_user(lead)
    second.refresh_from_db()
    client.force_login(monitor)
    for name in ("coded", "outcomes", "desk"):
        assert url("recheck", project) in client.get(url(name, project)).content.decode()
    page = client.get(url("recheck", project)).content.decode()
    assert f"?post={post.pk}" in page
    assert "1 answer waits" in page
    assert "<b>media</b>" in page
    assert client.get(url("codebook", project)).status_code == 403
    save_coding(
        project=project,
        post=post,
        coder=monitor,
        version=second,
        request_id=uuid.uuid4(),
        base_number=1,
        answers=Answers(topics=("media",)),
        seconds=1,
        at=make.NOON,
    )
    page = client.get(url("recheck", project)).content.decode()
    assert "0 answers wait" in page
    assert "Settled by: coding, 5 Jan 2021, 12:00" in page
    assert f"{url('desk', project)}?post={post.pk}" in page
    client.force_login(keeper)
    page = client.get(url("recheck", project)).content.decode()
    assert f"{url('review', project)}?post={post.pk}" in page
    make.assignment(post, keeper)
    assert "media" not in client.get(url("recheck", project)).content.decode()


def test_only_wording_asks_nobody(lead: Client, project: Project) -> None:
    make.published_codebook(project)
    second = start_draft(project=project)
    second.topics.filter(key="media").update(definition="What media do.")
    answer = lead.post(url("codebook_publish", project), {"only_wording": "topics:media"})
    assert answer["Location"] == url("codebook", project)


def test_a_draft_is_thrown_away_and_what_is_published_stays(lead: Client, project: Project) -> None:
    first = make.published_codebook(project)
    second = start_draft(project=project)
    elections = second.topics.get(key="elections")
    second.topics.filter(key="media").update(parent=elections)
    lead.post(url("codebook_discard", project))
    left = CodebookVersion.objects.filter(codebook__project=project)
    assert [version.state for version in left] == [VersionState.PUBLISHED]
    assert left.get() == first


def lead_user(client: Client) -> object:
    return make.User.objects.get(pk=client.session["_auth_user_id"])
