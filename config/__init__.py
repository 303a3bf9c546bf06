"""The wiring: settings, routes, the worker, and the servers that run where none were named."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
