"""The wiring: settings, routes, the worker, and the servers that run where none were named."""

import os

# Before numpy is loaded: what agreement multiplies is too small to be shared out. Threads of one
# process spend twice the processor's time on it and are no quicker; each core has its own process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
