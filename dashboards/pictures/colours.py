"""The colours of pictures: the roles of figures, as the custom properties of tokens.css."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
# Blocks at the margin are for light screens; the dark ones stand indented in a media query.
_BLOCK = re.compile(r'^:root(?:\[data-palette="(\w+)"\])? \{(.*?)^\}', re.MULTILINE | re.DOTALL)
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
# Of a category that a project added, and has no colour of its own.
OTHER = "border-strong"


@cache
def colours_of(theme: str) -> Mapping[str, str]:
    """Role to ``#rrggbb``; ``colour`` is the palette without a name."""
    found: dict[str, str] = {}
    for name, block in _BLOCK.findall(TOKENS.read_text(encoding="utf-8")):
        if name in ("", theme):
            found |= dict(_COLOUR.findall(block))
    return found


def resolved(role: str, colours: Mapping[str, str]) -> str:
    """The colour of ``role:accent`` as ``#rrggbb``."""
    return colours.get(role.removeprefix("role:"), colours[OTHER])


def mixed(low: str, high: str, part: float) -> str:
    """The colour that lies ``part`` (0 to 1) of the way from one ``#rrggbb`` to another."""
    pairs = zip(_channels(low), _channels(high), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def is_dark(colour: str) -> bool:
    """Whether white letters are read better on it than black ones (WCAG's relative luminance)."""
    linear = [
        (part / 255 / 12.92) if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in _channels(colour)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return luminance < 0.18


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
