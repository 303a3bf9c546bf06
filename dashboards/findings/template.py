"""Sentences to start from: data files, each number bound already."""

import datetime
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.findings.numbers import Number
from dashboards.findings.reading import Answers
from dashboards.measures import Measures, UnknownWord

FOLDER = Path(__file__).parent / "templates"
_LAST_WEEK = datetime.timedelta(days=6)


@dataclass(frozen=True)
class Proposed:
    """A sentence of a template, with what it asks fitted to a project."""

    section: str
    text: str
    text_ru: str
    text_ky: str
    numbers: dict[str, dict[str, Any]]


class Lacking(Exception):
    """A sentence asks for what a project does not have."""


@cache
def templates() -> dict[str, dict[str, str]]:
    """The titles of the templates, each by language, by name."""
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["title"]
        for path in sorted(FOLDER.glob("*.toml"))
    }


def proposed(name: str, measures: Measures, *, frontrunner: str = "") -> list[Proposed]:
    """The sentences of a template that this project can answer now, in their order.

    ``frontrunner`` is the name of the actor whom the report follows through its chapters; without
    one the sentences about them are left out. Raises KeyError for an unknown template.
    """
    if name not in templates():
        raise KeyError(name)
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    fitted = _Fitted(content["where"], measures, frontrunner)
    return list(_answerable(content["finding"], fitted, measures))


def _answerable(
    findings: list[dict[str, Any]], fitted: "_Fitted", measures: Measures
) -> Iterator[Proposed]:
    answers = Answers(measures)
    for entry in findings:
        try:
            numbers = {name: fitted(words) for name, words in entry["numbers"].items()}
            for words in numbers.values():
                answers.read(Number.of_words(words))
        except (Lacking, UnknownWord):
            continue
        yield Proposed(entry["section"], entry["en"], entry["ru"], entry["ky"], numbers)


class _Fitted:
    """Puts a project's own words in place of those that begin with a dollar sign."""

    def __init__(
        self, wheres: dict[str, dict[str, Any]], measures: Measures, frontrunner: str
    ) -> None:
        windows = measures.ad_windows
        last = measures.background.period("entire").end
        self.wheres = wheres
        self.meant = {
            "$frontrunner": frontrunner,
            "$ads": f"{windows[0].start}..{windows[0].end}" if windows else "",
            "$last_week": f"{last - _LAST_WEEK}..{last}",
        }

    def __call__(self, words: dict[str, Any]) -> dict[str, Any]:
        """A number as it is kept. Raises Lacking, or UnknownWord."""
        return Number.of_words(self._fill(words)).words

    def _fill(self, words: dict[str, Any]) -> dict[str, Any]:
        fitted = {
            key: self._word(value) for key, value in words.items() if key not in ("where", "of")
        }
        if "where" in words:
            fitted["where"] = self._where(words["where"])
        if "of" in words:
            fitted["of"] = self._fill(words["of"])
        return fitted

    def _where(self, where: str | dict[str, Any]) -> dict[str, Any]:
        if isinstance(where, str):
            return self.wheres[where.removeprefix("$")]
        return {key: self._word(value) for key, value in where.items()}

    def _word(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        if not self.meant[value]:
            raise Lacking(value)
        return self.meant[value]
