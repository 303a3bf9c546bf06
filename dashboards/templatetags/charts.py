"""What the templates of charts need."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString

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
    address = posts_address(request, one)
    if not address or not behind.marks:
        return {}
    return {
        "address": f"{address}?{behind.query({})}",
        "marks": [[behind.added(mark) for mark in trace] for trace in behind.marks],
    }


@register.simple_tag(takes_context=True)
def linked_rows(context: Context, one: Drawn) -> Iterator[tuple[list[Cell], str]]:
    """The rows of the table, each with the address of the posts behind it."""
    behind = one.drawing.behind
    address = posts_address(context["request"], one)
    words = behind.rows or [None] * len(one.drawing.rows)
    for row, added in zip(one.drawing.rows, words, strict=True):
        yield row, f"{address}?{behind.query(added)}" if address and added is not None else ""


def posts_address(request: HttpRequest, one: Drawn) -> str:
    """The page of the posts behind a chart's numbers, where the member may see them."""
    action = Action.REVIEW if one.drawing.behind.tells_codings else Action.VIEW_POSTS
    membership = request.membership  # type: ignore[attr-defined]  # set by project_page
    if not may(membership.role, action):
        return ""
    return reverse("dashboards:posts", args=[membership.project.slug])
