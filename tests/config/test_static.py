"""Static files: of plotly's package only the script, and nothing collected twice."""

import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config import static


def test_the_charts_are_drawn_by_the_script_of_the_plotly_that_is_installed() -> None:
    found = finders.find("vendor/plotly/plotly.min.js")
    assert Path(found).parent.name == "package_data"


@pytest.mark.parametrize(
    "path",
    [
        "vendor/plotly/datasets/gapminder.csv.gz",
        "vendor/plotly/widgetbundle.js",
        "vendor/plotly/../../plotly/__init__.py",
        "plotly.min.js",
    ],
)
def test_its_neighbours_are_not_served(path: str) -> None:
    assert not finders.find(path)


def test_files_are_collected_again_only_when_one_has_changed(settings, tmp_path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "own.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    finders.get_finder.cache_clear()

    static.collect()
    collected = settings.STATIC_ROOT / "own.css"
    assert collected.read_text() == "a {}"
    assert (settings.STATIC_ROOT / "vendor/plotly/plotly.min.js").exists()

    collected.write_text("untouched")
    static.collect()
    assert collected.read_text() == "untouched"

    (source / "own.css").write_text("a { color: red }")
    static.collect()
    assert collected.read_text() == "a { color: red }"

    shutil.rmtree(settings.STATIC_ROOT)
    static.collect()
    assert collected.exists()
    finders.get_finder.cache_clear()
