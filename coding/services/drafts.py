"""A draft of a codebook: where it starts from, and everything a lead does with its entries."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from coding.leftovers import countries_named
from coding.models import (
    CarriedKey,
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
from coding.models.codebooks import Entry
from coding.services.codebooks import (
    MODELS,
    ROWS,
    Content,
    add_content,
    content_of_version,
    new_version,
    published_version,
)
from monitoring.models import Project

LONGEST_KEY = 50
NESTED = (Topic, FlagKind)


class NotPossible(Exception):
    """A change of a draft that makes no sense; ``message`` is for the lead."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def start_draft(*, project: Project, contents: Sequence[Content] = ()) -> CodebookVersion:
    """A new draft: the published version if there is one, and what ``contents`` add to it.

    What ``contents`` bring and names another country is marked: a lead has to look at it before
    the draft is published.
    """
    published = published_version(project=project)
    version = new_version(published.codebook if published else _codebook(project))
    if published is not None:
        add_content(version, content_of_version(published))
    add_to_draft(version=version, contents=contents)
    return version


@transaction.atomic
def add_to_draft(*, version: CodebookVersion, contents: Sequence[Content]) -> None:
    """Add to a draft the entries whose keys it lacks."""
    country = version.codebook.project.country
    for content in contents:
        add_content(version, content, marked=lambda entry: leftovers(entry, country))
    for section in Section.values:
        _renumber(version, section)


def leftovers(entry: dict[str, Any], country: str) -> list[str]:
    """The countries besides the project's own that an entry names."""
    names = ("name", "name_ru", "name_ky", "definition", "use_when", "do_not_use_when", "examples")
    return countries_named([entry.get(name, "") for name in names], own=country)


@transaction.atomic
def discard(*, version: CodebookVersion) -> None:
    """Delete a draft with all its entries. Raises NotPossible for a version that was published."""
    if version.state != VersionState.DRAFT:
        raise NotPossible(_("A published version stays."))
    version.topics.update(parent=None)
    version.flag_kinds.update(parent=None)
    version.delete()


@transaction.atomic
def add_entry(*, version: CodebookVersion, section: str, name: str, parent: Any = None) -> Entry:
    """Add an entry at the end of a section, or behind the others under ``parent``.

    Its key is made from the name. Raises NotPossible for an empty name.
    """
    name = name.strip()[:120]
    if not name:
        raise NotPossible(_("Give it a name."))
    entry = MODELS[section](version=version, name=name, key=_free_key(version, section, name))
    entry.position = _rows(version, section).count() + 1
    if isinstance(entry, NESTED):
        entry.parent = parent
    if isinstance(entry, ToneGrade):
        taken = set(version.tone_grades.values_list("value", flat=True))
        entry.value = next(
            value for value in (0, 1, -1, 2, -2, *range(3, 99)) if value not in taken
        )
    if isinstance(entry, Question):
        entry.kind = QuestionKind.YES_NO
    entry.save()
    _renumber(version, section)
    return entry


@transaction.atomic
def remove_entry(*, entry: Any) -> None:
    """Remove an entry; what is under it moves up to its place."""
    if isinstance(entry, NESTED):
        entry.children.update(parent=entry.parent)
    entry.delete()


def keep_entry(*, entry: Entry) -> None:
    """A lead says that an entry stays although it names another country."""
    entry.needs_review = False
    entry.save(update_fields=["needs_review"])


@transaction.atomic
def move_entry(*, entry: Any, direction: str) -> None:
    """Move an entry ``up`` or ``down`` among its siblings, ``in`` under the one before, ``out``."""
    siblings = _siblings(entry)
    place = siblings.index(entry)
    if direction == "in" and isinstance(entry, NESTED) and place > 0:
        entry.parent = siblings[place - 1]
        entry.save(update_fields=["parent"])
        _renumber(entry.version, section_of(entry))
    elif direction == "out" and isinstance(entry, NESTED) and entry.parent_id:
        _move_out(entry)
    elif direction in ("up", "down"):
        other = place + (-1 if direction == "up" else 1)
        if 0 <= other < len(siblings):
            siblings[place], siblings[other] = siblings[other], siblings[place]
            _number(siblings)


@transaction.atomic
def place_entry(*, entry: Any, before: Any, parent: Any = None) -> None:
    """Put an entry before another one, under the same parent; at the end under ``parent``.

    Raises NotPossible where it would come to lie under itself.
    """
    under = getattr(before, "parent", None) if before else parent
    if before == entry:
        return
    if isinstance(entry, NESTED):
        above: Any = under
        while above is not None:
            if above == entry:
                raise NotPossible(_("An entry cannot lie under itself."))
            above = above.parent
        entry.parent = under
        entry.save(update_fields=["parent"])
    siblings = [row for row in _siblings(entry) if row != entry]
    siblings.insert(siblings.index(before) if before else len(siblings), entry)
    _number(siblings)


@transaction.atomic
def merge_entries(*, entry: Any, into: Any) -> None:
    """Make one entry of two: what was coded as ``entry`` counts as ``into`` once this is published.

    Raises NotPossible for an entry merged into itself.
    """
    if entry == into:
        raise NotPossible(_("Choose another entry to merge it into."))
    into.came_from = sorted({*into.came_from, *entry.came_from, entry.key} - {into.key})
    into.save(update_fields=["came_from"])
    if isinstance(entry, NESTED):
        if getattr(into, "parent_id", None) == entry.pk:
            into.parent = entry.parent
            into.save(update_fields=["parent"])
        entry.children.exclude(pk=into.pk).update(parent=into)
    entry.delete()


@transaction.atomic
def split_entry(*, entry: Any, names: Sequence[str]) -> list[Entry]:
    """Divide an entry into two or more, in its place; its codings will have to be looked at again.

    Raises NotPossible for fewer than two names.
    """
    names = [name.strip()[:120] for name in names if name.strip()]
    if len(names) < 2:
        raise NotPossible(_("Name at least two entries to divide it into."))
    version, section = entry.version, section_of(entry)
    siblings = _siblings(entry)
    parts = []
    for name in names:
        part = add_entry(
            version=version, section=section, name=name, parent=getattr(entry, "parent", None)
        )
        part.came_from = sorted({entry.key, *entry.came_from})
        part.definition = entry.definition
        part.save(update_fields=["came_from", "definition"])
        parts.append(part)
    place = siblings.index(entry)
    siblings[place : place + 1] = parts
    if isinstance(entry, NESTED):
        entry.children.update(parent=parts[0])
    entry.delete()
    _number(siblings)
    return parts


def section_of(entry: Entry) -> str:
    return next(section for section, model in MODELS.items() if isinstance(entry, model))


def _codebook(project: Project) -> Codebook:
    found = Codebook.objects.of(project).order_by("pk").first()
    return found or Codebook.objects.create(project=project, name=project.name)


def _rows(version: CodebookVersion, section: str) -> Any:
    return getattr(version, ROWS[Section(section)])


def _siblings(entry: Any) -> list[Any]:
    """The entries beside one, itself among them, in order."""
    rows = _rows(entry.version, section_of(entry))
    if isinstance(entry, NESTED):
        rows = rows.filter(parent=entry.parent_id)
    return list(rows.all())


def _move_out(entry: Any) -> None:
    """Behind what it lay under."""
    parent = entry.parent
    entry.parent = parent.parent
    entry.save(update_fields=["parent"])
    siblings = [row for row in _siblings(entry) if row != entry]
    siblings.insert(siblings.index(parent) + 1, entry)
    _number(siblings)


def _number(siblings: Sequence[Any]) -> None:
    """Store an order among siblings."""
    _renumber(
        siblings[0].version,
        section_of(siblings[0]),
        {entry.pk: place for place, entry in enumerate(siblings)},
    )


def _renumber(version: CodebookVersion, section: str, wanted: dict[int, int] | None = None) -> None:
    """Number a section through, each entry behind what it lies under: the desk shows it so.

    ``wanted`` is another order of some siblings. One statement.
    """
    under: dict[int | None, list[Any]] = defaultdict(list)
    for entry in _rows(version, section).all():
        under[getattr(entry, "parent_id", None)].append(entry)
    ordered: list[Any] = []

    def take(parent: int | None) -> None:
        for entry in sorted(
            under[parent], key=lambda row: (wanted or {}).get(row.pk, row.position)
        ):
            ordered.append(entry)
            take(entry.pk)

    take(None)
    for position, entry in enumerate(ordered, start=1):
        entry.position = position
    MODELS[section].objects.bulk_update(ordered, ["position"])


def _free_key(version: CodebookVersion, section: str, name: str) -> str:
    """A key of the name that no entry has, had, or was merged away with."""
    stem = re.sub(r"\W+", "_", slugify(name))[: LONGEST_KEY - 4] or section.rstrip("s")
    project = version.codebook.project
    same_project = Q(version__codebook__project=project)
    used = set(MODELS[section]._default_manager.filter(same_project).values_list("key", flat=True))
    used |= set(
        CarriedKey.objects.of(project).filter(section=section).values_list("key", flat=True)
    )
    return next(
        key for key in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if key not in used
    )
