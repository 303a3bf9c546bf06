"""Categories as areas, and in each of them its actors: who makes up what a category drew."""

from typing import Any

from dashboards.charts import figures
from dashboards.charts.drawing import Words, words_of
from dashboards.measures import Measures, Result


def areas(measures: Measures, of_actors: Result) -> tuple[dict[str, Any], list[Words | None]]:
    """The figure of an answer by actor, and what each of its marks adds to the question."""
    rows = [row for row in of_actors.rows if row["value"]]
    labels = measures.background.category_labels
    keys = list(dict.fromkeys(row["category"] for row in rows))
    places = {key: place for place, key in enumerate(keys)}
    figure = figures.treemap(
        [(str(labels.get(key, key)), f"category-{key}") for key in keys],
        [(measures.called(row["actor"]), places[row["category"]], row["value"]) for row in rows],
    )
    of_categories: list[Words | None] = [{"category": key} for key in keys]
    return figure, [*of_categories, *(words_of(of_actors, row) for row in rows)]
