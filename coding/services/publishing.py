"""Publishing a codebook: what it changes for what was coded, and who has to look again."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import execute_values

from coding.models import (
    CarriedKey,
    CodebookVersion,
    FinalCoding,
    FinalState,
    Section,
    VersionState,
)
from coding.models.codebooks import Entry
from coding.services.chain import locked_head
from coding.services.codebooks import ROWS
from coding.services.coding_statements import STANDS
from coding.services.final_codings import keep_finals
from coding.succession import Changes, Edition, changes_between
from monitoring.models import Project
from monitoring.services.revisions import note_change

# section: the rows of a coding that name an entry, and the column that does
ANSWERS = {
    Section.TOPICS: ("coding_codingtopic", "topic_id"),
    Section.TONES: ("coding_mention", "tone_id"),
    Section.FLAGS: ("coding_flag", "kind_id"),
    Section.QUESTIONS: ("coding_extraanswer", "question_id"),
}
# The codings that stand and name an entry, each with the key it counts as.
STANDING = f"""
    SELECT DISTINCT coding.id AS coding, counted.key
    FROM {{answers}} answer
    JOIN coding_counted_{{section}} counted ON counted.id = answer.{{column}}
    JOIN coding_coding coding ON coding.id = answer.coding_id
    WHERE coding.project_id = %(project)s AND counted.key = ANY(%(keys)s) AND {STANDS}
"""  # noqa: S608  # put together from constants


class NotPublishable(ValueError):
    """Why a version cannot be published; ``message`` is for the lead."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def changes_of(draft: CodebookVersion, before: CodebookVersion | None) -> dict[str, Changes]:
    """What a draft changes in each section of the version the project codes by."""
    if before is None:
        return {}
    return {
        section: changes_between(_editions(before, section), _editions(draft, section))
        for section in Section.values
    }


def touched(*, project: Project, changes: dict[str, Changes]) -> dict[str, dict[str, int]]:
    """How many codings each changed key has: one query per section that changed."""
    counts: dict[str, dict[str, int]] = {}
    for section, change in changes.items():
        keys = [*change.to_recheck, *change.carried, *change.renamed]
        if not keys:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key, count(*) FROM ({_standing(section)}) AS found GROUP BY key",  # noqa: S608
                {"project": project.pk, "keys": keys},
            )
            counts[section] = dict(cursor.fetchall())
    return counts


@transaction.atomic
def publish(
    *,
    version: CodebookVersion,
    at: datetime.datetime,
    only_wording: Collection[tuple[str, str]] = (),
) -> CodebookVersion:
    """Publish a draft; the version published before is retired.

    What was merged or given another key counts on under its new key. Codings whose answer was
    split, removed or defined anew are put on the list to be looked at again, except those of
    ``only_wording``: (section, key) of definitions that mean the same in other words.
    Raises NotPublishable.
    """
    # One at a time: a project codes by one version, whichever of its codebooks that is of.
    project = Project.objects.select_for_update(no_key=True).get(codebooks__versions=version)
    # Decisions come one by one, and so does what they settle to: the lock each of them takes first.
    locked_head(project)
    locked = CodebookVersion.objects.select_for_update().get(pk=version.pk)
    _check(locked, project)
    versions = CodebookVersion.objects.filter(codebook__project=project)
    before = versions.filter(state=VersionState.PUBLISHED).first()
    changes = changes_of(locked, before)
    versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.RETIRED)
    locked.state = VersionState.PUBLISHED
    locked.published_at = at
    locked.save(update_fields=["state", "published_at"])
    for section, change in changes.items():
        again = {
            key: reason
            for key, reason in change.to_recheck.items()
            if reason != "redefined" or (section, key) not in only_wording
        }
        _ask_again(locked, project, section, again)
    if any(change.carried for change in changes.values()):
        _carry(locked, project, changes)
    note_change(project_id=project.pk)
    return locked


def _check(draft: CodebookVersion, project: Project) -> None:
    """Raises NotPublishable."""
    if draft.state != VersionState.DRAFT:
        raise NotPublishable(
            _("Version %(number)s was published before.") % {"number": draft.number}
        )
    if not draft.topics.exists() or not draft.tone_grades.exists():
        raise NotPublishable(_("A codebook needs at least one topic and one grade of tone."))
    gone = set(CarriedKey.objects.of(project).values_list("section", "key"))
    for section in Section.values:
        for entry in getattr(draft, ROWS[Section(section)]).all():
            if entry.needs_review:
                raise NotPublishable(
                    _("“%(name)s” names another country. Change it, or say that it stays.")
                    % {"name": entry.name}
                )
            if (section, entry.key) in gone:
                raise NotPublishable(
                    _("The key “%(key)s” was merged away before; it cannot be used again.")
                    % {"key": entry.key}
                )


def _editions(version: CodebookVersion, section: str) -> list[Edition]:
    entries: list[Entry] = list(getattr(version, ROWS[Section(section)]).all())
    return [
        Edition(
            key=entry.key,
            names=(entry.name, entry.name_ru, entry.name_ky),
            meaning=_meaning(entry),
            came_from=tuple(entry.came_from),
        )
        for entry in entries
    ]


def _meaning(entry: Entry) -> tuple[object, ...]:
    """What decides when the answer is given; examples and names do not."""
    special: list[Any] = [getattr(entry, name, None) for name in ("value", "kind")]
    options = [option["key"] for option in getattr(entry, "options", [])]
    return (entry.definition, entry.use_when, entry.do_not_use_when, *special, *options)


def _standing(section: str) -> str:
    answers, column = ANSWERS[Section(section)]
    return STANDING.format(answers=answers, column=column, section=section)


def _ask_again(
    version: CodebookVersion, project: Project, section: str, reasons: dict[str, str]
) -> None:
    """One statement, however many codings there are."""
    if not reasons:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO coding_recheck (version_id, coding_id, section, key, reason)
            SELECT %(version)s, found.coding, %(section)s, found.key, asked.reason
            FROM ({_standing(section)}) AS found
            JOIN unnest(%(keys)s, %(reasons)s) AS asked(key, reason) ON asked.key = found.key
            """,  # noqa: S608
            {
                "version": version.pk,
                "project": project.pk,
                "section": section,
                "keys": list(reasons),
                "reasons": list(reasons.values()),
            },
        )


def _carry(version: CodebookVersion, project: Project, changes: dict[str, Changes]) -> None:
    """From now on the old keys count as the new ones, and so do those that led to the old ones."""
    with connection.cursor() as cursor:
        execute_values(
            cursor,
            f"""
            WITH carried (section, key, counts_as) AS (VALUES %s), followed AS (
                UPDATE coding_carriedkey earlier SET counts_as = carried.counts_as
                FROM carried WHERE earlier.project_id = {project.pk:d}
                    AND earlier.section = carried.section AND earlier.counts_as = carried.key
            )
            INSERT INTO coding_carriedkey (project_id, version_id, section, key, counts_as)
            SELECT {project.pk:d}, {version.pk:d}, section, key, counts_as FROM carried
            """,  # noqa: S608
            [
                (section, key, heir)
                for section, change in changes.items()
                for key, heir in change.carried.items()
            ],
        )
    # Two who chose what was two topics and is one now agree.
    disagree = FinalCoding.objects.of(project).filter(state=FinalState.UNSETTLED)
    keep_finals(project=project, posts=disagree.values_list("post_id", flat=True))
