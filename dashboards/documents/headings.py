"""What the chapters of a report are called, the same in every form."""

from django.utils.translation import gettext_lazy as _

CONTENTS = _("Contents")
FINDINGS = _("Findings")
CHARTS = _("Charts")
TOP_POSTS = _("Top posts")
ADVERTISING = _("Advertising")
CASES = _("Examples")
METHODOLOGY = _("Methodology")
AGREEMENT = _("Agreement between monitors")
ACTORS = _("List of monitored actors")
TOPICS = _("List of topics")
