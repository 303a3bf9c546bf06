"""What was published, and what monitors found in it: types, topics, flags."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashboards.charts import figures
from dashboards.charts.bases import NAME, TOTAL, number, word
from dashboards.charts.drawing import Behind, Column, Drawing, Words, behind_rows, question_of
from dashboards.charts.registry import Section, more
from dashboards.measures import Measures, Result
from dashboards.measures.vocabulary import LANGUAGES
from dashboards.numbers import count

MOST_COLUMNS = 12
# Types of posts as exports name them, some with bars in place of blanks; in words.
TYPES = {
    "photo": pgettext_lazy("type of post", "photo"),
    "album": pgettext_lazy("type of post", "album"),
    "link": pgettext_lazy("type of post", "link"),
    "status": pgettext_lazy("type of post", "text only"),
    "video": pgettext_lazy("type of post", "video"),
    "native video": pgettext_lazy("type of post", "video on Facebook"),
    "youtube": "YouTube",
    "igtv": "IGTV",
    "live video": pgettext_lazy("type of post", "live video"),
    "live video scheduled": pgettext_lazy("type of post", "live video to come"),
    "live video complete": pgettext_lazy("type of post", "live video, ended"),
}


@more(
    key="post-types",
    section=Section.ACTIVITY,
    title=_("Types of posts"),
    subject=_("Categories"),
)
def post_types(measures: Measures) -> Drawing:
    types = [row["type"] for row in measures.ask("posts", by=["type"]).rows]
    return _made_of(measures, "type", {kind: type_label(kind) for kind in types})


@more(
    key="languages",
    section=Section.ACTIVITY,
    title=_("Languages of posts"),
    subject=_("Categories"),
)
def languages(measures: Measures) -> Drawing:
    return _made_of(measures, "language", {key: str(label) for key, label in LANGUAGES.items()})


def _made_of(measures: Measures, kind: str, names: Mapping[str, str]) -> Drawing:
    """What the posts of each category are made of, as shares of its n; counted in the table.

    A part keeps its colour wherever others are missing.
    """
    result = measures.ask("posts", by=["category", kind])
    labels = measures.background.category_labels
    counted = {(row["category"], row[kind]): row["value"] for row in result.rows}
    roles = {part: f"series-{place % 12 + 1}" for place, part in enumerate(names)}
    parts = [part for part in names if any(counted.get((key, part)) for key in labels)]
    values = {part: [counted.get((key, part), 0) for key in labels] for part in parts}
    lines = [[counted.get((key, part), 0) for part in parts] for key in labels]
    return Drawing(
        columns=[NAME, TOTAL, *(Column(part or "none", names[part]) for part in parts)],
        rows=[
            [word(str(label)), number(sum(line)), *map(number, line)]
            for label, line in zip(labels.values(), lines, strict=True)
        ],
        figure=figures.stacked_bars(
            [str(label) for label in labels.values()],
            [(names[part], roles[part], values[part], None) for part in parts],
            as_shares=True,
        ),
        base=result.base,
        behind=Behind(
            question_of(result),
            [{"category": key} for key in labels],
            [[{"category": key, kind: part} for key in labels] for part in parts],
        ),
    )


def type_label(kind: str) -> str:
    """A type in words; one that is not known as exports name it: ``new_kind`` is “new kind”."""
    name = kind.replace("_", " ").lower()
    return str(TYPES.get(name, name) or _("unknown"))


@more(
    key="topics",
    section=Section.CONTENT,
    title=_("Topics: how often, and how much they moved"),
    subject=_("Coded posts"),
    is_coded=True,
)
def topics(measures: Measures) -> Drawing:
    """The most frequent topic is not always the one that draws most interactions."""
    result = measures.ask("codings", by=["topic"])
    drew = {row["topic"]: row["value"] for row in measures.ask("interactions", by=["topic"]).rows}
    labels = [measures.background.topic_label(row["topic"]) for row in result.rows]
    return Drawing(
        columns=[
            Column("topic", _("Topic"), is_number=False),
            Column("posts", _("Posts")),
            Column("interactions", _("Interactions")),
        ],
        rows=[
            [word(label), number(row["value"]), number(drew.get(row["topic"], 0))]
            for label, row in zip(labels, result.rows, strict=True)
        ],
        figure=figures.ranked_bars(
            labels,
            [row["value"] for row in result.rows],
            role="accent",
            texts=[f"{count(r['value'])} · {count(drew.get(r['topic'], 0))}" for r in result.rows],
        ),
        base=result.base,
        behind=behind_rows(result),
    )


@more(
    key="topics-by-actor",
    section=Section.CONTENT,
    title=_("Who spoke of what"),
    subject=_("Topics of coded posts by actor"),
    is_coded=True,
)
def topics_by_actor(measures: Measures) -> Drawing:
    result = measures.ask("codings", by=["topic", "actor"])
    return _crossed(measures, result, ("topic", "actor"), _("Topic"))


@more(
    key="flags",
    section=Section.CONTENT,
    title=_("Flags and whom the posts are about"),
    subject=_("Coded posts"),
    is_coded=True,
)
def flags(measures: Measures) -> Drawing:
    result = measures.ask("flags", by=["flag", "about"])
    return _crossed(measures, result, ("flag", "about"), _("Flag"))


def _crossed(measures: Measures, result: Result, names: tuple[str, str], label: object) -> Drawing:
    """A heat map: all rows, and the columns that are met most."""
    down, across = names
    totals = measures.ask(result.measure, by=[down]).rows
    rows = [row[down] for row in totals]
    columns = _most_met(result, across)
    counted = {(row[down], row[across]): row["value"] for row in result.rows}
    values = [[counted.get((row, column), 0) for column in columns] for row in rows]
    say = measures.background.topic_label if down == "topic" else measures.background.flag_label
    labels = [say(row) for row in rows]
    added: list[list[Words | None]] = [
        [{down: row, across: column} for column in columns] for row in rows
    ]
    return Drawing(
        columns=[
            Column(down, str(label), is_number=False),
            TOTAL,
            *(Column(column, column) for column in columns),
        ],
        rows=[
            [word(text), number(total["value"]), *map(number, line)]
            for text, total, line in zip(labels, totals, values, strict=True)
        ],
        figure=figures.heat_map(labels, columns, values),
        base=result.base,
        behind=Behind(question_of(result), [{down: row} for row in rows], added),
    )


def _most_met(result: Result, across: str) -> Sequence[str]:
    sums: dict[str, int] = {}
    for row in result.rows:
        sums[row[across]] = sums.get(row[across], 0) + row["value"]
    met = [name for name, total in sums.items() if total]
    return sorted(met, key=lambda name: (-sums[name], name))[:MOST_COLUMNS]
