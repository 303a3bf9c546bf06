from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """What it adds up to."""

    name = "dashboards"
    verbose_name = _("Dashboards")
