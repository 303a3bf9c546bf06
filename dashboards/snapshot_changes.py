"""What changed between two snapshots: since the interim report, for instance."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from dashboards.documents import headings
from dashboards.models import Snapshot
from dashboards.snapshots import chapters_in, charts_in

# Chapter or chart, row, column.
Place = tuple[str, str, str]
# Two sentences that share less than this are two sentences, not one that was changed.
_SAME_SENTENCE = 60
# Footnotes are numbered anew in every report.
_MARKS = " ⁰¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True)
class Change:
    """A cell that differs between two snapshots; None where the row was not there."""

    caption: str
    row: str
    column: str
    before: str | None
    after: str | None

    @property
    def is_words(self) -> bool:
        """A sentence or a title, and no number of a table."""
        return not self.column


def changes(before: Snapshot, after: Snapshot, language: str) -> list[Change]:
    """What differs between the tables of two snapshots, chart by chart, row by row.

    Charts that only one of them holds are left out: that is another page, not another number.
    Of reports also what changed in sentences, top posts, ads, cases, method and agreement.
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
    return [
        *in_charts,
        *_in_sentences(_findings(chapters_then), _findings(chapters_now)),
        *_between(_words(chapters_then), _words(chapters_now)),
        *_in_sentences(_method(chapters_then), _method(chapters_now)),
    ]


def _between(before: dict[Place, str], after: dict[Place, str]) -> Iterator[Change]:
    for place in [*before, *(place for place in after if place not in before)]:
        was, now = before.get(place), after.get(place)
        if was != now:
            yield Change(*place, was, now)


def _words(chapters: dict[str, Any]) -> dict[Place, str]:
    """What can be compared of the chapters, by chapter, row and column."""
    return {
        **_of_top_posts(chapters["top_posts"]),
        **_of_tables(chapters["advertising"]),
        **_of_tables([agreed] if (agreed := chapters.get("agreement")) else []),
        **{(str(headings.CASES), case["label"], ""): case["title"] for case in chapters["cases"]},
    }


def _findings(chapters: dict[str, Any]) -> dict[str, list[str]]:
    return {f"{headings.FINDINGS}: {title}": sentences for title, sentences in chapters["findings"]}


def _method(chapters: dict[str, Any]) -> dict[str, list[str]]:
    return {str(headings.METHODOLOGY): chapters.get("methodology", [])}


def _in_sentences(old: dict[str, list[str]], new: dict[str, list[str]]) -> Iterator[Change]:
    """Sentences that read otherwise, came or went; one that only moved is the same."""
    for caption in dict.fromkeys([*old, *new]):
        before, after = old.get(caption, []), new.get(caption, [])
        gone = [sentence for sentence in before if sentence not in after]
        come = [sentence for sentence in after if sentence not in before]
        for was in gone:
            now = _likest(was, come)
            if now is not None:
                come.remove(now)
            place = before.index(was) if now is None else after.index(now)
            yield Change(caption, str(place + 1), "", was, now)
        for now in come:
            yield Change(caption, str(after.index(now) + 1), "", None, now)


def _likest(sentence: str, others: list[str]) -> str | None:
    """The one that a sentence became; None where none is like it."""
    alike = {other: fuzz.ratio(sentence, other) for other in others}
    best = max(alike, key=lambda other: alike[other], default=None)
    return best if best is not None and alike[best] >= _SAME_SENTENCE else None


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
        (part["caption"], name, label): value
        for part in tables
        for name, row in _named((row[0].rstrip(_MARKS), row) for row in part["rows"])
        for (label, is_number), value in zip(part["columns"], row, strict=True)
        if is_number
    }


def _in_chart(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    return _between(_cells(old, new["caption"]), _cells(new, new["caption"]))


def _cells(chart: dict[str, Any], caption: str) -> dict[Place, str]:
    """Each number of a table by what its row is called and the label of its column."""
    rows = _named(
        (" · ".join(cell["shown"] for cell in row if not cell["is_number"]), row)
        for row in chart["rows"]
    )
    return {
        (caption, name, column["label"]): cell["shown"]
        for name, row in rows
        for column, cell in zip(chart["columns"], row, strict=True)
        if cell["is_number"]
    }


def _named(rows: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Rows by their names; of two accounts of one name the second is told apart by its place."""
    met: Counter[str] = Counter()
    for name, row in rows:
        met[name] += 1
        yield (name if met[name] == 1 else f"{name} ({met[name]})"), row
