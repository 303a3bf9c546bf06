"""How every process comes in: with settings that are right, or with one line that says why not."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def serve() -> None:
    """Load the settings of web and worker, which may do less in the database than commands do."""
    os.environ["DAANA_SERVES"] = "1"
    load_settings()


def load_settings() -> None:
    """Load the settings; end the process with one line when one of them is missing or wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  # the first look at a setting loads them all
    except ImproperlyConfigured as problem:
        sys.exit(f"daana: {problem}")
