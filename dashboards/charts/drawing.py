"""What a chart is once it is computed: head figures, a table, a figure, and their base."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from dashboards.measures import Base

Text = str | Promise


@dataclass(frozen=True)
class Column:
    """A column of a chart's table; ``key`` is its name in the CSV."""

    key: str
    label: Text
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """A value as it is exported, and as it is printed."""

    value: Any
    shown: str
    is_number: bool = True


@dataclass(frozen=True)
class Head:
    """A head figure: what it is, in words and in a number."""

    label: Text
    shown: str


@dataclass(frozen=True)
class Drawing:
    """A chart's content. The figure is Plotly's; its colours are roles such as ``role:accent``."""

    columns: list[Column]
    rows: list[list[Cell]]
    figure: dict[str, Any]
    base: Base
    heads: list[Head] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """Changes when anything a reader sees changes."""
        seen = json.dumps(
            [
                self.figure,
                [[cell.shown for cell in row] for row in self.rows],
                [head.shown for head in self.heads],
                str(self.base),
            ],
            sort_keys=True,
            default=str,
        )
        return hashlib.sha256(seen.encode()).hexdigest()[:16]
