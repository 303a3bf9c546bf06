"""What a person calls the kinds of exports. Commands and the API keep the names of the readers."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE_NAMES: dict[str, str | Promise] = {
    "crowdtangle-facebook": _("CrowdTangle: Facebook pages and groups"),
    "crowdtangle-instagram": "CrowdTangle: Instagram",
    "crowdtangle-api": _("CrowdTangle: answers of its API"),
    "crowdtangle-history": _("CrowdTangle: history of a post"),
    "content-library": "Meta Content Library",
    "ad-library-report": _("Ad Library Report"),
    "ad-library-api": _("Ad Library: answers of its API"),
    "zeeschuimer": "Zeeschuimer",
    "junkipedia": "Junkipedia",
    "4cat-facebook": "4CAT: Facebook",
    "4cat-instagram": "4CAT: Instagram",
    "open-measures-telegram": "Open Measures: Telegram",
    "open-measures": "Open Measures",
    "meltwater": "Meltwater",
    "brandwatch": "Brandwatch",
    "table": _("a table of another kind"),
}
