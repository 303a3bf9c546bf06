"""What the templates of charts need."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import escape, json_script
from django.utils.safestring import SafeString, mark_safe

from dashboards.charts import Cell
from dashboards.live import Drawn
from monitoring.access import Action, may
from monitoring.models import Post

register = template.Library()


@register.simple_tag(takes_context=True)
def may_see_posts(context: Context) -> bool:
    """Whether the reader may open the page of a post."""
    return may(context["request"].membership.role, Action.VIEW_POSTS)


@register.simple_tag(takes_context=True)
def may_see_agreement(context: Context) -> bool:
    return may(context["request"].membership.role, Action.VIEW_AGREEMENT)


@register.simple_tag(takes_context=True)
def address_of(context: Context, post: Post) -> str:
    """Where a post can be opened; empty where nobody should be led."""
    return str(context["request"].project.address_of(post.url))


@register.filter
def of_post(texts: dict[int, str], post: int) -> str:
    """The text of a post, or nothing."""
    return texts.get(post, "")


@register.simple_tag
def figure_json(one: Drawn) -> SafeString:
    """The figure as data in the page, for the script that draws it."""
    return json_script(one.drawing.figure, f"figure-{one.chart.key}")


@register.simple_tag
def frozen_figure(chart: dict[str, Any]) -> SafeString:
    """The figure of a snapshot, as ``figure_json``."""
    return json_script(chart["figure"], f"figure-{chart['number']}")


@register.simple_tag(takes_context=True)
def marks_json(context: Context, one: Drawn) -> SafeString:
    """Where a click on each mark of the figure leads, as data in the page."""
    return json_script(marks_of(context["request"], one), f"marks-{one.chart.key}")


def marks_of(request: HttpRequest, one: Drawn) -> dict[str, Any]:
    """The address that all marks begin with, and what each trace's marks add to it.

    Empty for whoever may not see posts; of posts by their codings, for whoever may not see how
    others coded.
    """
    behind = one.drawing.behind
    address = address_behind(request, one)
    if not address or not behind.marks:
        return {}
    return {
        "address": f"{address}?{behind.common}",
        "marks": [[behind.added(mark) for mark in trace] for trace in behind.marks],
    }


@register.simple_tag(takes_context=True)
def table_rows(context: Context, one: Drawn) -> SafeString:
    """The rows of the table, each leading to the posts behind it.

    Made here and not by a template: a report has a thousand cells.
    """
    behind = one.drawing.behind
    address = address_behind(context["request"], one)
    words = behind.rows or [None] * len(one.drawing.rows)
    rows = []
    for row, added in zip(one.drawing.rows, words, strict=True):
        link = f"{address}?{behind.query(added)}" if address and added is not None else ""
        cells = [_cell(cell, link if place == 0 else "") for place, cell in enumerate(row)]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(rows))  # noqa: S308  # every text in it went through escape()


def _cell(cell: Cell, link: str) -> str:
    if cell.is_number:
        return f'<td class="number">{escape(cell.shown)}</td>'
    name = f"<bdi>{escape(cell.shown)}</bdi>"
    return f'<th scope="row">{f"""<a href="{escape(link)}">{name}</a>""" if link else name}</th>'


def address_behind(request: HttpRequest, one: Drawn) -> str:
    """The page of the posts or ads behind a chart's numbers, where the member may see them."""
    membership = request.membership  # type: ignore[attr-defined]  # set by project_page
    behind = one.drawing.behind
    if behind.is_of_ads:
        # Who sees the chart sees the ads: their page shows them all.
        return reverse("dashboards:ads_behind", args=[membership.project.slug])
    if not may(membership.role, Action.REVIEW if behind.tells_codings else Action.VIEW_POSTS):
        return ""
    return reverse("dashboards:posts", args=[membership.project.slug])
