"""A cell of the coverage, in signs as well as in colours."""

import math

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.coverage import Cell, State

register = template.Library()
_HEATS = 5


@register.simple_tag
def coverage_cell(cell: Cell, most: int) -> SafeString:
    """The cell of a table; what it means is in its title, too."""
    state = cell.state
    sign = {State.SILENT: "·", State.MISSING: "?", State.AHEAD: ""}.get(state, str(cell.posts))
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
    parts = [days]
    if cell.state == State.AHEAD:
        return _("%(days)s: not yet") % {"days": days}
    if cell.missing < cell.days:
        parts.append(
            ngettext("%(count)s post", "%(count)s posts", cell.posts) % {"count": cell.posts}
        )
    if cell.missing:
        parts.append(
            ngettext("%(days)s day missing", "%(days)s days missing", cell.missing)
            % {"days": cell.missing}
        )
    return " · ".join(parts)
