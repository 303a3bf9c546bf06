"""The navigation of a project: each member sees the pages their role opens."""

from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.access import Action, may

register = template.Library()


class Entry(NamedTuple):
    """One page of a project; ``route`` may lie in a room above this one, so it is a name."""

    label: str | Promise
    route: str
    action: Action


ENTRIES = [
    Entry(_("Overview"), "monitoring:project", Action.VIEW_DASHBOARD),
    Entry(_("Code"), "coding:desk", Action.CODE),
    Entry(_("Review"), "coding:review", Action.REVIEW),
    Entry(_("Dashboard"), "dashboards:dashboard", Action.VIEW_DASHBOARD),
    Entry(_("Report"), "dashboards:report", Action.VIEW_DASHBOARD),
    Entry(_("Actors"), "monitoring:actors", Action.VIEW_ACTORS),
    Entry(_("Imports"), "monitoring:imports", Action.VIEW_IMPORTS),
]


@register.inclusion_tag("_project_navigation.html", takes_context=True)
def project_navigation(context: Context) -> dict[str, Any]:
    request = context["request"]
    membership = request.membership
    here = request.path
    links = []
    for entry in ENTRIES:
        if may(membership.role, entry.action):
            url = reverse(entry.route, args=[membership.project.slug])
            overview = entry.route == "monitoring:project"
            is_here = here == url if overview else here.startswith(url)
            links.append({"label": entry.label, "url": url, "is_here": is_here})
    return {"links": links}
