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
from dashboards.documents.content import Report

TEMPLATE = Path(__file__).parent / "report.typ"
# DejaVu comes with matplotlib and has all letters of Kyrgyz; what a machine has besides does not
# matter, so that a report looks the same wherever it is made.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


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
    cases = []
    for case in report.cases:
        names = []
        for place, (picture, caption) in enumerate(case.pictures):
            name = f"case-{case.number}-{place}.png"
            (folder / name).write_bytes(picture)
            names.append([name, caption])
        label = _("Example %(number)s") % {"number": case.number}
        texts = dataclasses.asdict(dataclasses.replace(case, pictures=[]))
        cases.append({**texts, "label": label, "pictures": names})
    content: dict[str, Any] = dataclasses.asdict(dataclasses.replace(report, cases=[]))
    for _platform, charts in content["charts"]:
        for chart in charts:
            del chart["figure"]
            chart["picture"] = f"chart-{chart['number']}.svg" if chart["number"] in pictured else ""
            chart["more"] = (
                _("%(rows)s more rows are in the export.") % {"rows": chart["left_out"]}
                if chart["left_out"]
                else ""
            )
    words = {key.lower(): str(getattr(headings, key)) for key in dir(headings) if key.isupper()}
    words |= {
        "actor": _("Actor"),
        "accounts": _("Accounts"),
        "no_findings": _("No findings are written yet."),
    }
    return {**content, "cases": cases, "words": words}
