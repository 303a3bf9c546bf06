"""The report as PDF, set by Typst: offline, with fonts that have the letters of our languages.

Texts go in as data and are never read as markup.
"""

import dataclasses
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import typst
from django.utils.translation import gettext as _

from dashboards.documents import headings
from dashboards.documents.content import CasePart, Report

TEMPLATE = Path(__file__).parent / "report.typ"
# DejaVu comes with matplotlib and has all letters of Kyrgyz; what a machine has besides does not
# matter, so that a report looks the same wherever it is made.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
# Typst goes by the ending.
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def write(report: Report, pictures: Mapping[int, bytes]) -> bytes:
    """The bytes of a PDF; ``pictures`` are SVG."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, svg in pictures.items():
            (folder / f"chart-{number}.svg").write_bytes(svg)
        content = _plain(report, set(pictures), folder)
        (folder / "report.json").write_text(json.dumps(content), encoding="utf-8")
        main = folder / "report.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        compiled = typst.compile(
            main, root=folder, font_paths=[FONTS], ignore_system_fonts=True, format="pdf"
        )
    if not isinstance(compiled, bytes):
        raise TypeError("Typst gave no single document")
    return compiled


def _plain(report: Report, pictured: set[int], folder: Path) -> dict[str, Any]:
    """The report as JSON, its pictures as names of files in the folder."""
    plain = dataclasses.replace(report, charts=[], cases=[])
    charts = [
        {
            **dataclasses.asdict(dataclasses.replace(part, figure={})),
            "picture": f"chart-{part.number}.svg" if part.number in pictured else "",
        }
        for part in report.all_charts
    ]
    by_number = {chart["number"]: chart for chart in charts}
    return {
        **dataclasses.asdict(plain),
        "made_at": report.made_at.isoformat(),
        "charts": [
            [headings.charts_of(platform), [by_number[part.number] for part in parts]]
            for platform, parts in report.charts
        ],
        "cases": [_case(case, folder / f"case-{n}") for n, case in enumerate(report.cases)],
        "words": {
            **{key.lower(): str(getattr(headings, key)) for key in dir(headings) if key.isupper()},
            "no_findings": _("No findings are written yet."),
            "translation": _("Translation"),
        },
    }


def _case(case: CasePart, start: Path) -> dict[str, Any]:
    names = []
    for place, picture in enumerate(case.pictures):
        path = start.with_name(f"{start.name}-{place}.{ENDINGS[picture.media_type]}")
        path.write_bytes(picture.content)
        names.append([path.name, picture.caption])
    texts = dataclasses.asdict(dataclasses.replace(case, pictures=[]))
    return {**texts, "pictures": names}
