"""The letters of pictures: one font that comes with matplotlib, measured, wrapped and cut.

DejaVu Sans has Cyrillic with the Kyrgyz ң, ө and ү, and is on every machine that can draw; fonts
of the system are never asked, so that a picture is the same everywhere. Verdana, from which it
descends, is as wide: readers of an SVG without DejaVu see the same picture.
"""

import re
import warnings
from functools import cache, lru_cache
from pathlib import Path
from threading import local

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

FAMILY = "'DejaVu Sans', Verdana, sans-serif"
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
# What XML cannot hold, and what would break a line or turn the letters after it around.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SPACE = re.compile(r"\s+")
_of_thread = local()
# Names of pages hold emoji: in PNG they are frames, in SVG the reader's fonts have them.
warnings.filterwarnings("ignore", message="Glyph .* missing from font")


def printable(text: object) -> str:
    """One line of letters as they are; what cannot be printed shows as �.

    Several spaces become one that is wide: SVG would make a narrow one of them.
    """
    line = _SPACE.sub(lambda found: " " if len(found[0]) == 1 else "\u2002", str(text))
    return _UNPRINTABLE.sub("\ufffd", line).strip()


@cache
def font(size: float, *, bold: bool) -> FontProperties:
    """The font in points."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=_FONTS / name, weight="bold" if bold else "normal", size=size)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in the unit of ``size``."""
    return _width_of_100(text, bold) * size / 100


@lru_cache(4096)
def _width_of_100(text: str, bold: bool) -> float:  # noqa: FBT001  # remembered by place
    """Measured large, because letters at their size are hinted to whole dots."""
    if not hasattr(_of_thread, "renderer"):
        _of_thread.renderer = RendererAgg(1, 1, 72)
    measured = _of_thread.renderer.get_text_width_height_descent(
        text, font(100, bold=bold), ismath=False
    )
    return float(measured[0])


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """As much of a line as fits, with … where something is missing."""
    if width_of(text, size, bold=bold) <= width:
        return text
    fits, over = 0, len(text)
    while over - fits > 1:
        middle = (fits + over) // 2
        shown = width_of(f"{text[:middle].rstrip()}…", size, bold=bold) <= width
        fits, over = (middle, over) if shown else (fits, middle)
    return f"{text[:fits].rstrip()}…"


def wrapped(
    text: str, width: float, size: float, *, bold: bool = False, most_lines: int = 20
) -> list[str]:
    """A text in lines of at most ``width``; the last line is cut, and so is a longer word."""
    lines: list[str] = []
    # No line begins with the dot between two parts.
    words = printable(text).replace(" · ", "\u00a0· ").split(" ")
    while words and len(lines) < most_lines - 1:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size, bold=bold) <= width:
            line += f" {words.pop(0)}"
        lines.append(line)
    if words:
        lines.append(" ".join(words))
    return [cut(line, width, size, bold=bold) for line in lines]
