"""The web server's door: ``gunicorn config.wsgi``."""

from django.core.wsgi import get_wsgi_application

from config.door import load_settings

load_settings()
application = get_wsgi_application()
