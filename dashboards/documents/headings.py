"""What the chapters of a report are called, the same in every form."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboards.documents.content import Report

CONTENTS = _("Contents")
FINDINGS = _("Findings")
CHARTS = _("Charts")
TOP_POSTS = _("Top posts")
ADVERTISING = _("Advertising")
CASES = _("Examples")
METHODOLOGY = _("Methodology")
ACTORS = _("List of monitored actors")
TOPICS = _("List of topics")


def chapters(report: Report) -> list[str]:
    """The chapters that a report has, in their order."""
    named: list[tuple[object, str | Promise]] = [
        (True, FINDINGS),
        *((True, charts_of(platform)) for platform, _parts in report.charts),
        (report.top_posts, TOP_POSTS),
        (report.advertising, ADVERTISING),
        (report.cases, CASES),
        (True, METHODOLOGY),
        (True, ACTORS),
        (report.topics, TOPICS),
    ]
    return [str(title) for is_there, title in named if is_there]


def charts_of(platform: str) -> str:
    return f"{CHARTS}: {platform}"
