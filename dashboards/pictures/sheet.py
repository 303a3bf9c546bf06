"""The sheet a picture is drawn on: boxes, lines and letters, from the top left, in one unit.

A unit is a CSS pixel of the figure, printed as ``POINTS`` points. A sheet is of one picture and
one thread; nothing of matplotlib's global state is asked after this module was loaded.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Literal

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, Wedge
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from dashboards.pictures.colours import mixed, resolved
from dashboards.pictures.lettering import font, printable, width_of
from dashboards.pictures.vector import cleaned

# Texts stay texts in SVG, ids follow from the content, letters stand where they were measured.
matplotlib.rcParams.update(
    {"svg.fonttype": "none", "svg.hashsalt": "daana", "text.hinting": "no_hinting"}
)

Anchor = Literal["left", "center", "right"]
POINTS = 0.66
SIZE = 12.0
# Plotly's shapes of patterns as matplotlib's: lines and dots for each inch.
_HATCHES = {"/": "///", "\\": "\\\\\\", ".": "...", "x": "xxx", "-": "---", "|": "|||"}


class Sheet:
    """Grows downwards: ``height`` is said once all is drawn. ``scale`` makes all of it smaller."""

    def __init__(self, width: float, colours: Mapping[str, str], *, scale: float = 1.0) -> None:
        self.width = width
        self.height = 0.0
        self._scale = scale
        self._colours = colours
        self._down = Affine2D()
        self._figure = Figure(dpi=72, facecolor=self.colour("surface-raised"))
        self._place = self._down + self._figure.dpi_scale_trans
        self._titles: list[str] = []

    def colour(self, role: str) -> str:
        """The colour of a role; one that is none already stays as it is."""
        return role if role.startswith("#") else resolved(role, self._colours)

    def tint(self, role: str) -> str:
        """The ground under a hatching of this colour."""
        return mixed(self.colour("surface-raised"), self.colour(role), 0.16)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        pattern: str = "",
        opacity: float = 1,
        title: str = "",
    ) -> None:
        """A rectangle; with a pattern, hatched in its colour on a tint of it."""
        shape = Rectangle((x, y), width, height)
        self._fill(shape, fill=fill, pattern=pattern, title=title)
        shape.set_alpha(opacity if opacity < 1 else None)

    def ring(
        self,
        centre: tuple[float, float],
        radius: float,
        angles: tuple[float, float],
        *,
        thickness: float,
        fill: str,
        title: str = "",
    ) -> None:
        """A part of a ring; angles in degrees, clockwise from the top."""
        start, end = (angle - 90 for angle in angles)
        wedge = Wedge(centre, radius, start, end, width=thickness)
        self._fill(wedge, fill=fill, title=title)
        wedge.set(edgecolor=self.colour("surface-raised"), linewidth=2 * POINTS)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str,
        width: float = 1,
        is_dashed: bool = False,
        title: str = "",
    ) -> None:
        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=self.colour(colour), linewidth=width * POINTS)
        if is_dashed:
            line.set_linestyle((0, (4, 3)))
        self._add(line, title)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        anchor: Anchor = "left",
        is_bold: bool = False,
        colour: str = "text",
        angle: float = 0,
    ) -> None:
        """A line of letters that stands on ``y``; ``angle`` in degrees, counter-clockwise."""
        shown = Text(
            x,
            y,
            printable(text),
            fontproperties=font(round(size * POINTS, 3), bold=is_bold),
            horizontalalignment=anchor,
            verticalalignment="baseline",
            rotation=angle,
            rotation_mode="anchor",
            color=self.colour(colour),
            parse_math=False,
        )
        self._add(shown, "")

    def width_of(self, text: str, size: float = SIZE, *, is_bold: bool = False) -> float:
        return width_of(printable(text), size, bold=is_bold)

    def svg(self, title: str, description: str) -> bytes:
        out = io.BytesIO()
        self._close()
        FigureCanvasSVG(self._figure).print_svg(out, metadata={"Date": None})
        return cleaned(
            out.getvalue(),
            scale=self._scale,
            titles=self._titles,
            title=printable(title),
            description=printable(description),
        )

    def png(self, dpi: int) -> bytes:
        out = io.BytesIO()
        self._close()
        self._figure.set_dpi(dpi * self._scale)
        # The resolution that is told is that of paper: programs take the size from it.
        FigureCanvasAgg(self._figure).print_png(
            out, metadata={"Software": None}, pil_kwargs={"dpi": (dpi, dpi)}
        )
        return out.getvalue()

    def _close(self) -> None:
        inches = POINTS / 72
        self._figure.set_size_inches(self.width * inches, self.height * inches)
        self._down.clear().scale(inches, -inches).translate(0, self.height * inches)

    def _fill(self, shape: Rectangle | Wedge, *, fill: str, pattern: str = "", title: str) -> None:
        colour = self.colour(fill)
        if pattern:
            shape.set(facecolor=self.tint(colour), edgecolor=colour)
            shape.set(hatch=_HATCHES[pattern], linewidth=0.8 * POINTS)
            shape.set_hatch_linewidth(2.1 * POINTS)
        else:
            shape.set(facecolor=colour, linewidth=0)
        self._add(shape, title)

    def _add(self, artist: Artist, title: str) -> None:
        if title:
            artist.set_gid(f"mark-{len(self._titles)}")
            self._titles.append(printable(title))
        artist.set_transform(self._place)
        # What comes later lies on top, whether line, box or letter.
        artist.set_zorder(len(self._figure.artists) + 2)
        self._figure.add_artist(artist)
