"""Codebooks: loaded from a file as a draft, published once, never changed."""

import datetime
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from coding.models import (
    Codebook,
    CodebookVersion,
    FlagKind,
    ToneGrade,
    Topic,
    VersionState,
)
from monitoring.models import Project

FOLDER = Path(__file__).parent.parent / "codebooks"


@transaction.atomic
def load_codebook(*, project: Project, name: str = "kyrgyzstan_2021") -> CodebookVersion:
    """A new draft with the entries of ``coding/codebooks/<name>.toml``.

    Raises FileNotFoundError for a codebook that does not come with the application.
    """
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    codebook, _created = Codebook.objects.of(project).get_or_create(
        name=content["name"], defaults={"project": project}
    )
    last = codebook.versions.order_by("-number").first()
    version = CodebookVersion.objects.create(
        codebook=codebook, number=last.number + 1 if last else 1
    )
    for model, entries in (
        (Topic, content["topics"]),
        (ToneGrade, content["tones"]),
        (FlagKind, content["flags"]),
    ):
        for position, entry in enumerate(entries, start=1):
            model.objects.create(version=version, position=position, **entry)
    return version


@transaction.atomic
def publish(*, version: CodebookVersion, at: datetime.datetime) -> CodebookVersion:
    """Publish a draft; the version published before is retired. Raises ValueError for others."""
    # One at a time: a project codes by one version, whichever of its codebooks that is of.
    Project.objects.select_for_update(no_key=True).get(codebooks__versions=version)
    locked = CodebookVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != VersionState.DRAFT:
        raise ValueError(f"version {locked.number} was published before")
    CodebookVersion.objects.filter(
        codebook__project=locked.codebook.project_id, state=VersionState.PUBLISHED
    ).update(state=VersionState.RETIRED)
    locked.state = VersionState.PUBLISHED
    locked.published_at = at
    locked.save(update_fields=["state", "published_at"])
    return locked


def published_version(*, project: Project) -> CodebookVersion | None:
    """The version the project codes by, with its entries; None while all are drafts."""
    return (
        CodebookVersion.objects.filter(codebook__project=project, state=VersionState.PUBLISHED)
        .prefetch_related("topics", "tone_grades", "flag_kinds")
        .first()
    )


class Vocabulary(NamedTuple):
    """The ids behind the keys of a version, and the project whose words they are."""

    project: int
    topics: dict[str, int]
    tones: dict[str, int]
    flags: dict[str, int]


def vocabulary_of(version: CodebookVersion) -> Vocabulary:
    """The keys of a version. A published version never changes, so it is looked up once."""
    if version.state == VersionState.DRAFT:
        return _looked_up(version.pk)
    return _remembered(version.pk, version.published_at)


def _looked_up(version: int) -> Vocabulary:
    def keys(model: Any) -> dict[str, int]:
        return dict(model.objects.filter(version=version).values_list("key", "pk"))

    project = CodebookVersion.objects.values_list("codebook__project", flat=True).get(pk=version)
    return Vocabulary(project, keys(Topic), keys(ToneGrade), keys(FlagKind))


@lru_cache(maxsize=64)
def _remembered(version: int, _published_at: datetime.datetime) -> Vocabulary:
    return _looked_up(version)
