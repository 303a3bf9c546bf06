from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    """Who is watched, and what they published."""

    name = "monitoring"
    verbose_name = _("Monitoring")
