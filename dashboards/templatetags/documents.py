"""What the page of the report as a document needs."""

import base64
from collections.abc import Iterator, Mapping, Sequence

from django import template
from django.utils.safestring import SafeString

from dashboards.documents.content import ChartPart

register = template.Library()


@register.simple_tag
def picture_of(pictures: Mapping[int, SafeString], chart: ChartPart) -> SafeString | str:
    """The picture of a chart, if it has a figure."""
    return pictures.get(chart.number, "")


@register.simple_tag
def data_address(content: bytes) -> str:
    """A picture as an address that holds it: PNG, as published pictures are."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


@register.filter
def beside(row: Sequence[str], columns: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The cells of a row, each with whether its column holds numbers."""
    for cell, (_label, is_number) in zip(row, columns, strict=True):
        yield cell, is_number
