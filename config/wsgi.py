"""The web server's door: ``gunicorn config.wsgi``."""

from django.core.wsgi import get_wsgi_application

from config.door import serve

serve()
application = get_wsgi_application()
