"""The Celery application: what web and worker agree on about jobs."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("daana")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
