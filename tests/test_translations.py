"""Three languages: nothing that people read is left in English only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

ROOMS = ["config", "monitoring", "coding", "dashboards"]
FUNCTIONS = {
    "_",
    "gettext",
    "gettext_noop",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext_lazy",
}
IN_TEMPLATES = re.compile(r"""{% (?:translate|trans) (?:"([^"]*)"|'([^']*)')""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|{\w*}|%[sd]")

catalogues = pytest.mark.parametrize("language", ["ru", "ky"])


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(settings.BASE_DIR / f"locale/{language}/LC_MESSAGES/django.po"))


def texts_of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in FUNCTIONS
            and node.args
        ):
            place = 1 if node.func.id.startswith("pgettext") else 0
            text = node.args[place]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def texts() -> set[str]:
    found = set()
    for room in ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            found.update(texts_of_code(path))
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        found.update(first or second for first, second in IN_TEMPLATES.findall(path.read_text()))
    return found


@catalogues
def test_every_text_of_code_and_templates_is_in_the_catalogue(language: str) -> None:
    # Django's own catalogue translates some words already; makemessages takes them all the same.
    known = {entry.msgid for entry in catalogue(language) if not entry.obsolete}
    assert sorted(texts() - known) == []


@catalogues
def test_every_text_is_translated_and_none_by_guess(language: str) -> None:
    entries = catalogue(language)
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


@catalogues
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    for entry in catalogue(language).translated_entries():
        versions = list(entry.msgstr_plural.values()) or [entry.msgstr]
        of_text = set(PLACEHOLDER.findall(entry.msgid)) | set(
            PLACEHOLDER.findall(entry.msgid_plural)
        )
        for version in versions:
            assert set(PLACEHOLDER.findall(version)) <= of_text, entry.msgid
        assert set(PLACEHOLDER.findall(versions[-1])) == of_text, entry.msgid


@catalogues
def test_the_compiled_catalogue_is_the_one_that_is_served(language: str) -> None:
    with translation.override(language):
        assert gettext("Skip to the content") != "Skip to the content"
