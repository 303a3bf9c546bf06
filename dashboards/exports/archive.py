"""A table with all one needs to read it years later: the codebook, and a manifest of hashes."""

import datetime
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django

from coding.models import CodebookVersion, Sample
from coding.services.sample_rules import rule_in_words
from dashboards import live
from dashboards.exports.formats import ENDINGS, XLSX_LETTERS, write
from dashboards.exports.tables import AT_ONCE, table_of
from dashboards.measures import Measures, NotInProject
from dashboards.moments import one_moment
from monitoring.models import Actor, Project

Progress = Callable[[int, int], None]
_ENTRY = ("name", "name_ru", "name_ky", "definition", "use_when", "do_not_use_when", "examples")


def write_archive(
    path: Path,
    *,
    project: Project,
    what: str,
    form: str,
    at: datetime.datetime,
    progress: Progress | None = None,
) -> int:
    """Write ``what`` (a key of TABLES) in ``form`` (one of FORMATS) as a ZIP; returns its rows.

    All of it is of one moment. ``progress`` hears rows done and rows in all. Raises TooManyRows,
    OSError; then nothing is left behind.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, one_moment():
        data = Path(folder) / f"{what}.{ENDINGS[form]}"
        rows = write_table(data, project=project, what=what, form=form, progress=progress)
        codebook = Path(folder) / "codebook.json"
        codebook.write_text(_as_json(codebook_of(project)), encoding="utf-8")
        manifest = Path(folder) / "manifest.json"
        contents = manifest_of(project, what=what, form=form, rows=rows, at=at)
        contents["files"] = [_described(file) for file in (data, codebook)]
        manifest.write_text(_as_json(contents), encoding="utf-8")
        archive = Path(folder) / "archive.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in (data, codebook, manifest):
                packed.write(file, file.name)
        archive.replace(path)
    return rows


def write_table(
    path: Path, *, project: Project, what: str, form: str, progress: Progress | None = None
) -> int:
    """Write the table alone; returns its rows. Raises TooManyRows, OSError."""
    table = table_of(project, what)
    expected = table.size()
    done = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal done
        for row in table.rows():
            yield row
            done += 1
            if progress and done % AT_ONCE == 0:
                progress(done, expected)

    write(path, form, table.columns, counted())
    return done


def manifest_of(
    project: Project, *, what: str, form: str, rows: int, at: datetime.datetime
) -> dict[str, Any]:
    """What the table is of: project, moment, rule of the sample, versions of the software."""
    return {
        "project": project.slug,
        "name": project.name,
        "timezone": project.timezone,
        "notice": project.notice,
        "table": what,
        "format": form,
        "rows": rows,
        "base": base_of(project, what),
        "made_at": at.astimezone(datetime.UTC).isoformat(),
        "revision": live.revision_of(project),
        "counters": {
            "rule": project.counters_rule,
            "stabilisation_days": project.stabilisation_days,
        },
        "samples": [
            {
                "platform": sample.platform,
                "category": sample.category.key,
                "rule": rule_in_words(sample.rule),
                "drawn_at": sample.drawn_at,
            }
            for sample in Sample.objects.of(project).select_related("category")
        ],
        "codebooks": [
            {"codebook": name, "version": number}
            for name, number in CodebookVersion.objects.filter(
                codebook__project=project, published_at__isnull=False
            )
            .order_by("codebook_id", "number")
            .values_list("codebook__name", "number")
        ],
        # Codings keep the names of actors that count as another one since.
        "merged_actors": [
            {"name": name, "counts_as": heir}
            for name, heir in Actor.objects.of(project)
            .exclude(merged_into=None)
            .order_by("name")
            .values_list("name", "merged_into__name")
        ],
        # An Excel cell holds no more letters than this: longer texts are cut.
        **({"longest_text": XLSX_LETTERS} if form == "xlsx" else {}),
        "software": {"plotly": version("plotly"), "django": django.get_version()},
    }


# What the rows of a table are counted as; those of figures carry a base each.
COUNTED_AS = {"posts": "posts", "codings": "codings", "ads": "ads", "agreement": "codings"}


def base_of(project: Project, what: str) -> dict[str, Any] | None:
    """What a table rests on, in words and in numbers.

    None where each of its rows says it, and of a project that has no days yet.
    """
    if what not in COUNTED_AS:
        return None
    measures = Measures(project)
    windows = measures.ad_windows if what == "ads" else []
    period = f"{windows[0].start}..{windows[0].end}" if windows else "entire"
    try:
        base = measures.ask(COUNTED_AS[what], period=period).base
    except NotInProject:
        return None
    return {
        "in_words": base.printed,
        "scope": base.scope,
        "sample_rule": base.sample_rule,
        "start": base.start,
        "end": base.end,
        "n": base.n,
        "provisional": base.provisional,
        "unsettled": base.unsettled,
        "uncovered_accounts": base.uncovered,
        "as_of": base.as_of,
    }


def codebook_of(project: Project) -> list[dict[str, Any]]:
    """Every version that was ever published, with all its entries."""
    versions = (
        CodebookVersion.objects.filter(codebook__project=project, published_at__isnull=False)
        .select_related("codebook")
        .prefetch_related("topics", "tone_grades", "flag_kinds", "questions", "carried_keys")
        .order_by("codebook_id", "number")
    )
    return [
        {
            "codebook": each.codebook.name,
            "version": each.number,
            "state": each.state,
            "topics": [_entry(topic) for topic in each.topics.all()],
            "tone_grades": [
                {"value": grade.value, **_entry(grade)} for grade in each.tone_grades.all()
            ],
            "flags": [
                {"severity": kind.severity, **_entry(kind)} for kind in each.flag_kinds.all()
            ],
            "questions": [
                {"kind": question.kind, "options": question.options, **_entry(question)}
                for question in each.questions.all()
            ],
            # Keys of the versions before that count as another one since.
            "carried": [
                {"section": row.section, "key": row.key, "counts_as": row.counts_as}
                for row in each.carried_keys.all()
            ],
        }
        for each in versions
    ]


def _entry(entry: Any) -> dict[str, str]:
    return {"key": entry.key} | {name: getattr(entry, name) for name in _ENTRY}


def _described(file: Path) -> dict[str, Any]:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {"name": file.name, "bytes": file.stat().st_size, "sha256": digest}


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"
