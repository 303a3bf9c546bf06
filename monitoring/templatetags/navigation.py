"""The navigation of a project: sections, and in each the pages that the member's role opens."""

from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.access import Action, may
from monitoring.models import Membership

register = template.Library()


class Entry(NamedTuple):
    """One page of a project; ``route`` may lie in a room above this one, so it is a name."""

    label: str | Promise
    route: str
    action: Action


class Section(NamedTuple):
    """What one kind of work needs, side by side."""

    label: str | Promise
    entries: tuple[Entry, ...]


SECTIONS = (
    Section(_("Overview"), (Entry(_("Overview"), "monitoring:project", Action.VIEW_DASHBOARD),)),
    Section(
        _("Data"),
        (
            Entry(_("Actors"), "monitoring:actors", Action.VIEW_ACTORS),
            Entry(_("Unknown accounts"), "monitoring:unknown_accounts", Action.EDIT_ACTORS),
            Entry(_("Imports"), "monitoring:imports", Action.VIEW_IMPORTS),
            Entry(_("Posts"), "monitoring:posts", Action.VIEW_POSTS),
            Entry(_("Coverage"), "monitoring:coverage", Action.VIEW_ACTORS),
        ),
    ),
    Section(
        _("Coding"),
        (
            Entry(_("Code"), "coding:desk", Action.CODE),
            Entry(_("Outcomes"), "coding:outcomes", Action.CODE),
            Entry(_("Codebook"), "coding:codebook", Action.EDIT_CODEBOOK),
            Entry(_("Samples"), "coding:samples", Action.DRAW_SAMPLES),
            Entry(_("Cases"), "coding:cases", Action.DOCUMENT_CASES),
        ),
    ),
    Section(
        _("Quality"),
        (
            Entry(_("Review"), "coding:review", Action.REVIEW),
            Entry(_("Monitors ask"), "coding:asked", Action.REVIEW),
            Entry(_("Agreement"), "coding:agreement", Action.VIEW_AGREEMENT),
            Entry(_("Progress"), "coding:progress", Action.MANAGE_WORK),
        ),
    ),
    Section(
        _("Results"),
        (
            Entry(_("Dashboard"), "dashboards:dashboard", Action.VIEW_DASHBOARD),
            Entry(_("Findings"), "dashboards:findings", Action.VIEW_DASHBOARD),
            Entry(_("Report"), "dashboards:report", Action.VIEW_DASHBOARD),
            Entry(_("Snapshots"), "dashboards:snapshots", Action.SHARE),
            Entry(_("Exports"), "dashboards:exports", Action.EXPORT),
        ),
    ),
)


@register.inclusion_tag("_project_navigation.html", takes_context=True)
def project_navigation(context: Context) -> dict[str, Any]:
    request = context["request"]
    sections = [
        {"label": section.label, "url": links[0]["url"], "links": links}
        for section in SECTIONS
        if (links := _links(section, request.membership))
    ]
    # The page is the one whose address is the longest beginning of the path.
    links = [link for section in sections for link in section["links"]]
    here = max(
        (link for link in links if request.path.startswith(link["url"])),
        key=lambda link: len(link["url"]),
        default=None,
    )
    return {"sections": sections, "here": here}


def _links(section: Section, membership: Membership) -> list[dict[str, Any]]:
    return [
        {"label": entry.label, "url": reverse(entry.route, args=[membership.project.slug])}
        for entry in section.entries
        if may(membership.role, entry.action)
    ]
