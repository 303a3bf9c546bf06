"""Pictures of charts: all that the figure says is in them, and nothing else than it says."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import transaction
from PIL import Image

from dashboards.charts import CHARTS, MORE, figures
from dashboards.charts.built import chart_of
from dashboards.measures import Measures
from dashboards.models import BuiltChart, Form
from dashboards.numbers import count
from dashboards.pictures import PAGE_WIDTH, THEMES, NoPicture, picture
from tests.dashboards.missions import ad_library_report, coded_mission

# All run with the tests that ask the database: those with a browser have another connection.
pytestmark = pytest.mark.django_db

HOSTILE = [
    "$x^2$",
    r"$\broken and \$1",
    r"\frac{a}{b} \n \\",
    "<script>alert(1)</script> & </text>",
    "مرحبا עברית",
    "Өкмөт · Жаңы үн",
    "%(name)s {0} %s",
]
BUILT = [
    ("posts", ["account"], Form.BARS),
    ("spend", ["advertiser"], Form.BARS),
    ("mentions", ["about", "tone"], Form.STACKED),
    ("codings", ["topic", "actor"], Form.HEAT),
    ("interactions", ["day", "category"], Form.DAYS),
    ("posts", ["month"], Form.DAYS),
]


@pytest.fixture(scope="module")
def drawn(django_db_setup: None, django_db_blocker: Any) -> dict[str, dict[str, Any]]:
    """The figure of every chart there is, of one small coded mission."""
    with django_db_blocker.unblock(), transaction.atomic():
        mission = coded_mission(1)
        ad_library_report(mission)
        own = [
            BuiltChart(pk=place, project=mission, title="Own", measure=measure, by=by, form=form)
            for place, (measure, by, form) in enumerate(BUILT)
        ]
        measures = Measures(mission)
        charts = [*CHARTS.values(), *MORE.values(), *map(chart_of, own)]
        found = {one.key: one.draw(measures).figure for one in charts}
        transaction.set_rollback(True)
    return found


def texts_in(svg: bytes, *tags: str) -> list[str]:
    """What is written in a picture; ``title`` is what a mark says when it is pointed at."""
    names = {f"{{http://www.w3.org/2000/svg}}{tag}" for tag in tags or ("text", "title")}
    root = ElementTree.fromstring(svg)
    return [" ".join(one.text.split()) for one in root.iter() if one.tag in names and one.text]


def said_by(figure: dict[str, Any]) -> set[str]:
    """All labels and values of a figure, as its reader in a browser can find them."""
    layout = figure["layout"]
    said = {note["text"] for note in layout.get("annotations", [])}
    for trace in figure["data"]:
        if layout.get("showlegend") and trace["type"] != "pie":
            said.add(trace["name"])
        said |= {*_OF_A_TRACE[trace["type"]](trace)}
    return {" ".join(text.split()) for text in said if text}


def of_bars(trace: dict[str, Any]) -> list[str]:
    if trace.get("orientation") != "h":
        days = zip(trace["customdata"], trace["y"], strict=True)
        return [f"{day}: {trace['name']} {count(value)}" for (day, _), value in days if value]
    labels = [label for label, _hover in trace["customdata"]]
    return [*labels, *trace.get("text", map(count, filter(None, trace["x"])))]


_OF_A_TRACE = {
    "bar": of_bars,
    "scatter": lambda trace: [trace["name"]],
    "pie": lambda trace: [*trace["labels"], *map(count, trace["values"])],
    "heatmap": lambda trace: [
        text
        for names, values in zip(trace["customdata"], trace["text"], strict=True)
        for pair, value in zip(names, values, strict=True)
        for text in (pair[0], f"{pair[0]} · {pair[1]}: {value or 0}")
    ],
    "treemap": lambda trace: [
        f"{label}: {count(value)}"
        for label, value in zip(trace["labels"], trace["values"], strict=True)
        if value
    ],
}

DRAWN = [*map(str, CHARTS), *MORE, *(f"own-{n}" for n in range(len(BUILT)))]


@pytest.mark.parametrize("key", DRAWN)
def test_every_label_and_value_of_a_chart_is_in_its_picture(
    key: str, drawn: dict[str, dict[str, Any]]
) -> None:
    written = " ".join(texts_in(picture(drawn[key])))
    assert {text for text in said_by(drawn[key]) if text not in written} == set()
    assert Image.open(io.BytesIO(picture(drawn[key], form="png", dpi=40))).width > 200


def test_spending_is_drawn_between_its_bounds() -> None:
    figure = figures.interval_bars(
        ["Asanov", "Bakirov"], [(400, 1200), (0, 100)], role="accent", texts=["400–1,200", "≤100"]
    )
    assert {*texts_in(picture(figure), "text")} == {"Asanov", "Bakirov", "400–1,200", "≤100"}


def test_a_project_without_data_has_pictures_without_marks() -> None:
    for figure in (
        figures.ranked_bars([], [], role="accent"),
        figures.stacked_bars([], []),
        figures.grouped_bars([], []),
        figures.heat_map([], [], []),
        figures.treemap([], []),
        figures.donut(["A"], [0], roles=["accent"]),
    ):
        assert picture(figure).startswith(b"<svg")


def test_a_table_has_no_picture() -> None:
    with pytest.raises(NoPicture):
        picture({})


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_figure_is_the_same_bytes_also_in_many_threads(
    form: Any, drawn: dict[str, dict[str, Any]]
) -> None:
    keys = ["2", "4", "6", "topics-by-actor"]

    def draw(key: str) -> bytes:
        return picture(drawn[key], form=form, caption="Chart", dpi=50)

    alone = [draw(key) for key in keys]
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(draw, keys * 3)] == alone * 3


def test_a_picture_is_as_wide_as_it_should_be_on_paper(drawn: dict[str, dict[str, Any]]) -> None:
    image = Image.open(io.BytesIO(picture(drawn["1"], form="png", width_mm=127, dpi=200)))
    assert image.width == pytest.approx(1000, abs=1)
    assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_a_narrow_picture_has_its_width_and_all_its_labels(
    drawn: dict[str, dict[str, Any]],
) -> None:
    figure = drawn["topics-by-actor"]
    image = Image.open(io.BytesIO(picture(figure, form="png", width_mm=50.8, dpi=100)))
    assert image.width == pytest.approx(200, abs=1)
    assert texts_in(picture(figure, width_mm=50.8), "title") == texts_in(picture(figure), "title")


def test_a_long_chart_becomes_as_low_as_the_page() -> None:
    names = [f"Candidate {place}" for place in range(120)]
    figure = figures.ranked_bars(names, range(120, 0, -1), role="accent")
    image = Image.open(io.BytesIO(picture(figure, form="png", most_height_mm=127, dpi=100)))
    assert image.height <= 501
    assert image.width == pytest.approx(PAGE_WIDTH / 25.4 * 100, abs=2)
    written = texts_in(picture(figure, most_height_mm=127), "text")
    assert {*names} <= {*written}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_drawn_as_they_are(text: str) -> None:
    figure = figures.ranked_bars([text], [1], role="accent")
    svg = picture(figure, caption=text, base=text)
    assert text in " ".join(texts_in(svg, "text"))
    assert b"<script" not in svg
    assert picture(figure, form="png", caption=text, dpi=40)


def test_what_cannot_be_printed_shows_as_such() -> None:
    figure = figures.ranked_bars(["a\x00b\u202ec\ud800"], [1], role="accent")
    assert "a\ufffdb\ufffdc\ufffd" in texts_in(picture(figure), "text")


def test_a_sign_of_no_font_of_ours_is_no_fault() -> None:
    figure = figures.ranked_bars(["🇰🇬 Жаңылык 😀"], [1], role="accent")
    assert "🇰🇬 Жаңылык 😀" in texts_in(picture(figure), "text")
    assert picture(figure, form="png", dpi=40)


def test_long_labels_stand_in_two_lines_and_longer_ones_are_cut() -> None:
    whole = "The Central Commission for Elections and Referendums of the Kyrgyz Republic"
    figure = figures.ranked_bars([whole, "w" * 200], [2, 1], role="accent")
    first, second, third, *_values = texts_in(picture(figure), "text")
    assert f"{first} {second}" == whole
    assert third.endswith("w…")


def test_parts_that_grey_would_make_alike_are_hatched() -> None:
    parts = [(tone, f"tone-{tone}", [5], None) for tone in ("positive", "neutral", "negative")]
    hatched = picture(figures.stacked_bars(["One"], parts, patterns=figures.TONE_PATTERNS))
    assert hatched.count(b"<pattern") == 2
    assert picture(figures.stacked_bars(["One"], parts)).count(b"<pattern") == 0


def test_each_theme_has_its_colours() -> None:
    figure = figures.stacked_bars(["One"], [("Positive", "tone-positive", [5], None)])
    tones = [b"#2f7d4f", b"#2166ac", b"#4a4a4a"]
    for theme, tone in zip(THEMES, tones, strict=True):
        assert tone in picture(figure, theme=theme)


def test_a_picture_may_stand_in_a_strict_page(drawn: dict[str, dict[str, Any]]) -> None:
    svg = picture(drawn["6"], caption="Chart 6", base="n = 5")
    for outside in (b"style", b"<script", b"href", b"<metadata", b"clip-path"):
        assert outside not in svg
    assert texts_in(svg, "title")[0] == "Chart 6"
    assert texts_in(svg, "desc") == ["n = 5"]


def test_who_draws_nothing_does_not_load_matplotlib() -> None:
    code = (
        "import sys, django; django.setup(); import config.urls, dashboards.tasks;"
        "from dashboards.management.commands import chart, measure;"
        "sys.exit('matplotlib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=True)
