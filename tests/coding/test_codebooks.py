"""Codebooks: loaded as drafts, published once, and never changed after that."""

import pytest
from django.db import DatabaseError, transaction

from coding.models import CodebookVersion, Topic, VersionState
from coding.services.codebooks import (
    load_codebook,
    published_version,
    ready_made,
    vocabulary_of,
)
from coding.services.publishing import publish
from monitoring.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make.project()


def test_the_reports_codebook_has_its_topics_tones_and_flags(project: Project) -> None:
    version = load_codebook(project=project)
    assert version.topics.count() == 26
    assert [(tone.key, tone.value) for tone in version.tone_grades.order_by("-value")] == [
        ("positive", 1),
        ("neutral", 0),
        ("negative", -1),
    ]
    assert version.flag_kinds.count() == 6
    assert version.state == VersionState.DRAFT


@pytest.mark.parametrize("name", ready_made())
def test_every_ready_made_entry_is_defined_and_named_in_three_languages(
    project: Project, name: str
) -> None:
    version = load_codebook(project=project, name=name)
    for entries in (version.topics, version.tone_grades, version.flag_kinds):
        for entry in entries.all():
            assert all([entry.name, entry.name_ru, entry.name_ky, entry.definition]), entry.key
            assert entry.use_when, entry.key
    assert all(topic.do_not_use_when for topic in version.topics.all())


def test_lists_of_others_name_their_source_and_licence(project: Project) -> None:
    disarm = load_codebook(project=project, name="disarm_techniques")
    assert {kind.source for kind in disarm.flag_kinds.all()} == {"DISARM Foundation, CC BY-SA 4.0"}
    hate = load_codebook(project=project, name="hate_speech_scale").flag_kinds
    severities = hate.filter(parent__key="hate_speech").values_list("severity", flat=True)
    assert list(severities) == [1, 2, 3, 4, 5, 6]


def test_loading_again_gives_a_further_draft(project: Project) -> None:
    assert [load_codebook(project=project).number for _ in range(2)] == [1, 2]


def test_a_codebook_that_does_not_exist_cannot_be_loaded(project: Project) -> None:
    with pytest.raises(FileNotFoundError):
        load_codebook(project=project, name="atlantis_1999")


def test_a_draft_is_not_what_the_project_codes_by(project: Project) -> None:
    make.codebook(project)
    assert published_version(project=project) is None


def test_publishing_retires_the_version_before(project: Project) -> None:
    first, second = make.codebook(project), make.codebook(project)
    publish(version=first, at=make.NOON)
    publish(version=second, at=make.NOON)
    first.refresh_from_db()
    assert first.state == VersionState.RETIRED
    assert published_version(project=project) == second


def test_publishing_retires_nothing_of_another_project(project: Project) -> None:
    elsewhere = make.published_codebook(make.project("elsewhere"))
    publish(version=make.codebook(project), at=make.NOON)
    elsewhere.refresh_from_db()
    assert elsewhere.state == VersionState.PUBLISHED


def test_a_version_is_published_once(project: Project) -> None:
    version = publish(version=make.codebook(project), at=make.NOON)
    with pytest.raises(ValueError, match="published before"):
        publish(version=version, at=make.NOON)


def test_a_draft_may_change_and_its_words_with_it(project: Project) -> None:
    version = make.codebook(project)
    assert "sport" not in vocabulary_of(version).topics
    Topic.objects.create(version=version, key="sport", name="Sport")
    assert "sport" in vocabulary_of(version).topics


def refused(change: object) -> None:
    with pytest.raises(DatabaseError, match="published codebook"), transaction.atomic():
        change()  # type: ignore[operator]


@pytest.mark.parametrize("entries", ["topics", "tone_grades", "flag_kinds"])
def test_the_database_refuses_every_change_of_a_published_version(
    project: Project, entries: str
) -> None:
    draft, version = make.codebook(project), make.published_codebook(project)
    rows = getattr(version, entries)
    refused(lambda: rows.update(name="Something else"))
    refused(lambda: rows.update(version=draft))
    refused(lambda: getattr(draft, entries).update(version=version))
    refused(lambda: rows.all()._raw_delete("default"))
    refused(lambda: rows.create(key="new", name="New", **{"value": 2} if "tone" in entries else {}))


@pytest.mark.parametrize(
    "change",
    [
        {"state": VersionState.DRAFT, "published_at": None},
        {"number": 9},
        {"published_at": make.NOON.replace(year=2020)},
    ],
    ids=str,
)
def test_a_published_version_cannot_be_made_a_draft_nor_rewritten(
    project: Project, change: dict[str, object]
) -> None:
    version = make.published_codebook(project)
    refused(lambda: CodebookVersion.objects.filter(pk=version.pk).update(**change))


def test_a_retired_version_stays_retired(project: Project) -> None:
    version = make.published_codebook(project)
    versions = CodebookVersion.objects.filter(pk=version.pk)
    versions.update(state=VersionState.RETIRED)
    refused(lambda: versions.update(state=VersionState.PUBLISHED))
    refused(lambda: versions._raw_delete("default"))
