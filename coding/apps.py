from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CodingConfig(AppConfig):
    """What people decided about the posts."""

    name = "coding"
    verbose_name = _("Coding")

    def ready(self) -> None:
        from coding import checks  # noqa: F401  # registers them
