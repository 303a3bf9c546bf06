"""Errors go to Sentry or GlitchTip, if somebody runs one; what people wrote does not."""

import importlib

from django.core.exceptions import ImproperlyConfigured


def report_errors(dsn: str) -> None:
    """Send errors to ``dsn``, without the bodies, local variables and names they happened to."""
    try:
        sentry = importlib.import_module("sentry_sdk")
        sentry.init(
            dsn,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
        )
    except ImportError as problem:
        raise ImproperlyConfigured("SENTRY_DSN needs: uv sync --extra sentry") from problem
    except ValueError as problem:
        raise ImproperlyConfigured(f"SENTRY_DSN: {problem}") from problem
