"""A row of the coverage, in signs as well as in colours."""

import math
from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.coverage import Cell, State

register = template.Library()
_HEATS = 5


@register.simple_tag(takes_context=True)
def coverage_cells(context: Context, cells: Iterable[Cell], most: int) -> SafeString:
    """The cells of a row; what each means is in its title, too.

    Most cells of a page are like many others of it: each is written once.
    """
    kept: Any = context.render_context
    written: dict[Cell, SafeString] = kept.setdefault("coverage_cells", {})
    found = []
    for cell in cells:
        if cell not in written:
            written[cell] = _cell(cell, most)
        found.append(written[cell])
    return mark_safe("".join(found))  # noqa: S308  # each is made by format_html


def _cell(cell: Cell, most: int) -> SafeString:
    state = cell.state
    sign = {State.SILENT: "·", State.MISSING: "?"}.get(state, str(cell.posts))
    if state == State.AHEAD and not cell.posts:
        sign = ""
    if state == State.PARTLY:
        sign += "?"
    heat = f" heat-{_heat(cell.posts, most)}" if cell.posts else ""
    return format_html(
        '<td class="cell is-{}{}" title="{}">{}</td>', state.value, heat, _words(cell), sign
    )


def _heat(posts: int, most: int) -> int:
    """1 to 5 on a logarithmic scale: a few very busy accounts must not leave all others pale."""
    if most <= 1:
        return _HEATS
    return 1 + round((_HEATS - 1) * math.log(posts) / math.log(most))


def _words(cell: Cell) -> str:
    days = date_format(cell.start, "j E")
    if cell.end != cell.start:
        days += f" – {date_format(cell.end, 'j E')}"
    posts = ngettext("%(count)s post", "%(count)s posts", cell.posts) % {"count": cell.posts}
    if cell.state == State.AHEAD:
        not_yet = _("%(days)s: not over yet") % {"days": days}
        return f"{not_yet} · {posts}" if cell.posts else not_yet
    parts = [days]
    if cell.missing < cell.days or cell.posts:
        parts.append(posts)
    if cell.missing:
        parts.append(
            ngettext("%(days)s day missing", "%(days)s days missing", cell.missing)
            % {"days": cell.missing}
        )
    return " · ".join(parts)
