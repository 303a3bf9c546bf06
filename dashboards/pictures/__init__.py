"""Charts as pictures, SVG and PNG, drawn on the server without a browser and without a network.

The same figure that Plotly draws in a browser is drawn here by matplotlib. Why:
docs/decisions/0011-pictures-without-a-browser.md.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

Form = Literal["svg", "png"]
Theme = Literal["colour", "safe", "print"]
FORMS: tuple[Form, ...] = get_args(Form)
THEMES: tuple[Theme, ...] = get_args(Theme)
# Between the margins of an A4 page.
PAGE_WIDTH = 165.0


class NoPicture(ValueError):
    """The chart is a table only, and has no figure to draw."""


def picture(
    figure: Mapping[str, Any],
    *,
    form: Form = "svg",
    width_mm: float = PAGE_WIDTH,
    most_height_mm: float | None = None,
    theme: Theme = "colour",
    caption: str = "",
    base: str = "",
    dpi: int = 220,
) -> bytes:
    """A figure (``Drawing.figure``, or one that a snapshot froze) as the bytes of a picture.

    It is ``width_mm`` wide; the height follows the content. To stay within ``most_height_mm`` rows
    move closer, and then all becomes smaller. ``caption`` and ``base`` are printed above and below
    it where given, for pictures that leave the page alone. ``theme`` is a palette of tokens.css on
    white: its colours, those that everyone can tell apart, or tones in greys for paper. ``dpi``
    counts for PNG only. An SVG keeps its texts as text, holds no script, style or address, and may
    stand inside an HTML page. The same arguments give the same bytes. Raises NoPicture.
    """
    if not figure:
        raise NoPicture
    # matplotlib takes a second and 40 MB: only for those who draw.
    from dashboards.pictures.drawn import draw

    sheet = draw(
        figure,
        width_mm=width_mm,
        most_height_mm=most_height_mm,
        theme=theme,
        caption=caption,
        base=base,
    )
    return sheet.svg(caption, base) if form == "svg" else sheet.png(dpi)


__all__ = ["FORMS", "PAGE_WIDTH", "THEMES", "Form", "NoPicture", "Theme", "picture"]
