"""What changed between two snapshots: since the interim report, for instance."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dashboards.documents import headings
from dashboards.models import Snapshot
from dashboards.snapshots import chapters_in, charts_in

# Chapter or chart, row, column.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Change:
    """A cell that differs between two snapshots; None where the row was not there."""

    caption: str
    row: str
    column: str
    before: str | None
    after: str | None


def changes(before: Snapshot, after: Snapshot, language: str) -> list[Change]:
    """What differs between the tables of two snapshots, chart by chart, row by row.

    Charts that only one of them holds are left out: that is another page, not another number.
    Of reports also what changed in sentences, top posts, ads, cases and agreement.
    """
    old = {chart["number"]: chart for chart in charts_in(before, language)}
    in_charts = [
        change
        for chart in charts_in(after, language)
        if chart["number"] in old
        for change in _in_chart(old[chart["number"]], chart)
    ]
    chapters_then, chapters_now = chapters_in(before, language), chapters_in(after, language)
    if not chapters_then or not chapters_now:
        return in_charts
    return [*in_charts, *_in_words(chapters_then, chapters_now)]


def _in_words(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before, after = _words(old), _words(new)
    for place in [*before, *(place for place in after if place not in before)]:
        was, now = before.get(place), after.get(place)
        if was != now:
            yield Change(*place, was, now)


def _words(chapters: dict[str, Any]) -> dict[Place, str]:
    """What can be compared of the chapters, by chapter, row and column."""
    return {
        **_of_findings(chapters["findings"]),
        **_of_top_posts(chapters["top_posts"]),
        **_of_tables(chapters["advertising"]),
        **_of_tables([agreed] if (agreed := chapters.get("agreement")) else []),
        **{(str(headings.CASES), case["label"], ""): case["title"] for case in chapters["cases"]},
    }


def _of_findings(findings: list[Any]) -> dict[Place, str]:
    return {
        (f"{headings.FINDINGS}: {title}", str(number), ""): sentence
        for title, sentences in findings
        for number, sentence in enumerate(sentences, start=1)
    }


def _of_top_posts(groups: list[Any]) -> dict[Place, str]:
    """Who stands at each place, and with which counters."""
    words: dict[Place, str] = {}
    for title, posts in groups:
        for post in posts:
            caption, row = f"{headings.TOP_POSTS}: {title}", f"#{post['rank']}"
            words[caption, row, _("Author")] = post["author"]
            words |= {(caption, row, label): value for label, value in post["counters"]}
    return words


def _of_tables(tables: list[Any]) -> dict[Place, str]:
    return {
        (part["caption"], row[0], label): value
        for part in tables
        for row in part["rows"]
        for (label, is_number), value in zip(part["columns"], row, strict=True)
        if is_number
    }


def _in_chart(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before, after = _cells(old), _cells(new)
    for place in [*before, *(place for place in after if place not in before)]:
        was, now = before.get(place), after.get(place)
        if was != now:
            row, column = place
            yield Change(new["caption"], row, column, was, now)


def _cells(chart: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Each number of a table by what its row is called and the label of its column."""
    cells: dict[tuple[str, str], str] = {}
    for row in chart["rows"]:
        name = " · ".join(cell["shown"] for cell in row if not cell["is_number"])
        for column, cell in zip(chart["columns"], row, strict=True):
            if cell["is_number"]:
                cells[name, column["label"]] = cell["shown"]
    return cells
