"""The report as one page that opens from a disk: no script, nothing fetched."""

from collections.abc import Mapping
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from dashboards.documents import headings
from dashboards.documents.content import Report

STYLE = Path(__file__).parent / "report.css"


def write(report: Report, pictures: Mapping[int, bytes]) -> bytes:
    """The bytes of an HTML page in UTF-8; ``pictures`` are SVG."""
    context = {
        "report": report,
        # Drawn by us from a figure, with every text in it escaped.
        "pictures": {
            number: mark_safe(svg[svg.index(b"<svg") :].decode())  # noqa: S308
            for number, svg in pictures.items()
        },
        "style": mark_safe(STYLE.read_text(encoding="utf-8") + _footer(report.notice)),  # noqa: S308
        "headings": headings,
    }
    return render_to_string("dashboards/document.html", context).encode()


def _footer(notice: str) -> str:
    """The project's notice on each printed page: a style may hold every letter as its number."""
    letters = "".join(f"\\{ord(letter):x} " for letter in notice)
    look = "font-size: 8pt; color: #5b646d;"
    return f'@page {{ @bottom-left {{ content: "{letters}"; {look} }} }}\n'
