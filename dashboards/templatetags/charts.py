"""What the templates of charts need."""

from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from coding.views.cards import http_address
from dashboards.live import Drawn

register = template.Library()
register.filter(http_address)


@register.simple_tag
def figure_json(one: Drawn) -> SafeString:
    """The figure as data in the page, for the script that draws it."""
    return json_script(one.drawing.figure, f"figure-{one.chart.number}")


@register.simple_tag
def frozen_figure(chart: dict[str, Any]) -> SafeString:
    """The figure of a snapshot, as ``figure_json``."""
    return json_script(chart["figure"], f"figure-{chart['number']}")
