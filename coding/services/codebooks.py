"""Codebooks as they are read: what a project codes by, and what its words stand for."""

import datetime
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from coding.extra_questions import ExtraQuestion
from coding.models import (
    Codebook,
    CodebookVersion,
    FlagKind,
    Question,
    QuestionKind,
    Section,
    ToneGrade,
    Topic,
    VersionState,
)
from monitoring.models import Project

FOLDER = Path(__file__).parent.parent / "codebooks"
# section: the model of its rows (an ``Entry`` each), and their name on a version
MODELS: dict[str, Any] = {
    Section.TOPICS: Topic,
    Section.TONES: ToneGrade,
    Section.FLAGS: FlagKind,
    Section.QUESTIONS: Question,
}
ROWS = {
    Section.TOPICS: "topics",
    Section.TONES: "tone_grades",
    Section.FLAGS: "flag_kinds",
    Section.QUESTIONS: "questions",
}
COMMON = ("key", "name", "name_ru", "name_ky", "definition", "use_when", "do_not_use_when")
FIELDS: dict[str, tuple[str, ...]] = {
    Section.TOPICS: (*COMMON, "examples", "source"),
    Section.TONES: (*COMMON, "examples", "source", "value"),
    Section.FLAGS: (*COMMON, "examples", "source", "severity"),
    Section.QUESTIONS: (
        *(*COMMON, "examples", "source"),
        *("kind", "options", "minimum", "maximum", "is_required"),
    ),
}

# The entries of each section as plain values, ``parent`` as a key: a file, or a version.
Content = dict[str, list[dict[str, Any]]]


def ready_made() -> dict[str, dict[str, str]]:
    """Name and summary of each codebook that comes with the application, by its file."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = {"name": content["name"], "summary": content.get("summary", "")}
    return found


def content_of_file(name: str) -> Content:
    """The entries of ``coding/codebooks/<name>.toml``. Raises FileNotFoundError."""
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    source = content.get("source", "")
    return {
        section: [{"source": source, **entry} for entry in content.get(section, [])]
        for section in Section.values
    }


def content_of_version(version: CodebookVersion) -> Content:
    """The entries of a version, in order; one query per section."""
    content: Content = {}
    for section, fields in FIELDS.items():
        rows = getattr(version, ROWS[Section(section)]).all()
        entries = list(rows)
        keys = {entry.pk: entry.key for entry in entries}
        content[section] = [
            {
                **{name: getattr(entry, name) for name in fields},
                "parent": keys.get(getattr(entry, "parent_id", None), ""),
            }
            for entry in entries
        ]
    return content


def add_content(version: CodebookVersion, content: Content, *, marked: Any = None) -> None:
    """Add the entries of keys that a draft lacks, behind those it has.

    ``marked(entry)`` says whether a lead has to look at an entry before it can be published.
    """
    for section, model in MODELS.items():
        rows = getattr(version, ROWS[Section(section)])
        known = {entry.key: entry for entry in rows.all()}
        values = {entry.value for entry in known.values()} if model is ToneGrade else set()
        added = []
        for given in content.get(section, []):
            if given["key"] in known or given.get("value") in values:
                continue
            fields = {name: value for name, value in given.items() if name != "parent"}
            entry = model(version=version, position=len(known) + 1, **fields)
            entry.needs_review = bool(marked and marked(given))
            known[entry.key] = entry
            added.append(entry)
        model.objects.bulk_create(added)
        nested = [
            (known[given["key"]], known[given["parent"]])
            for given in content.get(section, [])
            if given.get("parent") in known and known[given["key"]] in added
        ]
        for entry, parent in nested:
            entry.parent = parent
        if nested:
            model.objects.bulk_update([entry for entry, _parent in nested], ["parent"])


@transaction.atomic
def load_codebook(*, project: Project, name: str = "kyrgyzstan_2021") -> CodebookVersion:
    """A new draft with the entries of ``coding/codebooks/<name>.toml``.

    Raises FileNotFoundError for a codebook that does not come with the application.
    """
    content = content_of_file(name)
    codebook, _created = Codebook.objects.of(project).get_or_create(
        name=ready_made()[name]["name"], defaults={"project": project}
    )
    version = new_version(codebook)
    add_content(version, content)
    return version


def new_version(codebook: Codebook) -> CodebookVersion:
    """An empty draft behind the versions there are."""
    last = codebook.versions.order_by("-number").first()
    return CodebookVersion.objects.create(codebook=codebook, number=last.number + 1 if last else 1)


def published_version_id(*, project: Project) -> int | None:
    """The id of the version a project codes by, in one query."""
    published = CodebookVersion.objects.filter(
        codebook__project=project, state=VersionState.PUBLISHED
    )
    return published.values_list("pk", flat=True).first()


def published_version(
    *, project: Project, entries: Iterable[str] = tuple(ROWS.values())
) -> CodebookVersion | None:
    """The version the project codes by, with its entries (or those of them that are named).

    One query and one for each kind of entries. None while all versions are drafts.
    """
    return (
        CodebookVersion.objects.filter(codebook__project=project, state=VersionState.PUBLISHED)
        .prefetch_related(*entries)
        .first()
    )


def latest_draft(*, project: Project) -> CodebookVersion | None:
    """The draft that leads work on."""
    drafts = CodebookVersion.objects.filter(codebook__project=project, state=VersionState.DRAFT)
    return drafts.order_by("-pk").first()


def extra_question(row: Question) -> ExtraQuestion:
    return ExtraQuestion(
        key=row.key,
        kind=row.kind,
        options=tuple(option["key"] for option in row.options)
        if row.kind == QuestionKind.CHOICE
        else (),
        minimum=row.minimum,
        maximum=row.maximum,
        is_required=row.is_required,
    )


def version_begun_under(*, project: Project, pk: int) -> CodebookVersion | None:
    """A version of the project that somebody may still code by: one that was ever published."""
    try:
        version = _fixed_version(pk)
    except CodebookVersion.DoesNotExist:
        return None
    return version if version.codebook.project_id == project.pk else None


@lru_cache(maxsize=64)
def _fixed_version(pk: int) -> CodebookVersion:
    """Remembered, for nothing of it changes but whether it is retired; a miss is not."""
    versions = CodebookVersion.objects.exclude(state=VersionState.DRAFT)
    return versions.select_related("codebook").get(pk=pk)


class Vocabulary(NamedTuple):
    """The ids behind the keys of a version, and the project whose words they are."""

    project: int
    topics: dict[str, int]
    tones: dict[str, int]
    flags: dict[str, int]
    questions: dict[str, int]
    extra_questions: dict[str, ExtraQuestion]


def vocabulary_of(version: CodebookVersion) -> Vocabulary:
    """The keys of a version. A published version never changes, so it is looked up once."""
    if version.state == VersionState.DRAFT:
        return _looked_up(version.pk)
    return _remembered(version.pk, version.published_at)


def _looked_up(version: int) -> Vocabulary:
    def keys(model: Any) -> dict[str, int]:
        return dict(model.objects.filter(version=version).values_list("key", "pk"))

    project = CodebookVersion.objects.values_list("codebook__project", flat=True).get(pk=version)
    questions = list(Question.objects.filter(version=version))
    return Vocabulary(
        project,
        keys(Topic),
        keys(ToneGrade),
        keys(FlagKind),
        {question.key: question.pk for question in questions},
        {question.key: extra_question(question) for question in questions},
    )


@lru_cache(maxsize=64)
def _remembered(version: int, _published_at: datetime.datetime) -> Vocabulary:
    return _looked_up(version)
