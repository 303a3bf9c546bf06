"""What the page of the report as a document needs."""

import base64
from collections.abc import Iterator, Mapping, Sequence

from django import template
from django.utils.safestring import SafeString

from dashboards.documents.content import ChartPart, PicturePart

register = template.Library()


@register.simple_tag
def picture_of(pictures: Mapping[int, SafeString], chart: ChartPart) -> SafeString | str:
    """The picture of a chart, if it has a figure."""
    return pictures.get(chart.number, "")


@register.simple_tag
def data_address(picture: PicturePart) -> str:
    """A picture as an address that holds it."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


@register.filter
def beside(row: Sequence[str], columns: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The cells of a row, each with whether its column holds numbers."""
    for cell, (_label, is_number) in zip(row, columns, strict=True):
        yield cell, is_number
