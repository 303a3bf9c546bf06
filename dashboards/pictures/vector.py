"""An SVG of matplotlib made fit for pages: no style, no metadata, named marks."""

import re
from collections.abc import Sequence
from itertools import product
from xml.etree import ElementTree

from dashboards.pictures.lettering import FAMILY

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)
# As matplotlib draws them: 18 to the inch.
_DOT_STEP, _DOT_RADIUS = 4, "1.1"
_MARK = re.compile(r"mark-(\d+)")


def cleaned(
    svg: bytes, *, scale: float, titles: Sequence[str], title: str, description: str
) -> bytes:
    """Styles as attributes, which a strict policy allows, and a title in each mark of ``titles``.

    Nothing in it reaches beyond it when it stands in a page: matplotlib's own rules would.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314  # written by us a moment ago
    _without_rules(root)
    for element in root.iter():
        _without_style(element)
    for element in [*root.iter()]:
        mark = _MARK.fullmatch(element.get("id", ""))
        if mark:
            _named(element, "title", titles[int(mark[1])])
        if element.tag == f"{{{SVG}}}pattern":
            _small(element)
        else:
            element.attrib.pop("id", None)
    _named(root, "desc", description)
    _named(root, "title", title)
    if title:
        root.set("role", "img")
    for side in ("width", "height"):
        points = float(root.get(side, "0").removesuffix("pt")) * scale
        root.set(side, f"{points:.2f}pt")
    return ElementTree.tostring(root, encoding="utf-8")


def _without_rules(root: ElementTree.Element) -> None:
    """Without matplotlib's style sheet, which would hold for the whole page, and its metadata."""
    for parent in root.iter():
        for child in [*parent]:
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)


def _small(pattern: ElementTree.Element) -> None:
    """A pattern of dots as one tile of two rows; matplotlib's, an inch wide, takes 150 kB."""
    _ground, marks = pattern
    if "C" not in marks.get("d", ""):
        return
    pattern.set("width", str(_DOT_STEP))
    pattern.set("height", str(2 * _DOT_STEP))
    between = (_DOT_STEP / 2, _DOT_STEP)
    for x, y in [*product((0, _DOT_STEP), (0, 2 * _DOT_STEP)), between]:
        at = {"cx": f"{x:g}", "cy": f"{y:g}", "r": _DOT_RADIUS, "fill": marks.get("fill", "")}
        ElementTree.SubElement(pattern, f"{{{SVG}}}circle", at)
    pattern.remove(marks)


def _without_style(element: ElementTree.Element) -> None:
    for rule in filter(None, element.attrib.pop("style", "").split(";")):
        name, value = rule.split(":", 1)
        is_family = name.strip() == "font-family"
        element.set(name.strip(), FAMILY if is_family else value.strip())


def _named(element: ElementTree.Element, tag: str, text: str) -> None:
    if text:
        name = ElementTree.Element(f"{{{SVG}}}{tag}")
        name.text = text
        element.insert(0, name)
