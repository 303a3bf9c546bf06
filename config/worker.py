"""The worker's door: ``python -m config.worker``, which takes the options of ``celery worker``."""

import sys

from config.celery import app
from config.door import serve

if __name__ == "__main__":
    serve()
    # Each worker also keeps the clock. Several sweep more often than one, which does no harm.
    app.worker_main(["worker", "--beat", "--loglevel", "INFO", *sys.argv[1:]])
