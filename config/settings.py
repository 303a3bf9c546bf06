"""Every setting, from the environment or a ``.env`` file; the defaults are the safe ones.

``.env.example`` lists the variables. With none of them set, the application serves this machine
alone, on the embedded servers. DATABASE_URL is what turns it into an installation for others: then
SECRET_KEY is required. A host in ALLOWED_HOSTS that is not this machine turns HTTPS on.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded, environment
from config.errors import report_errors

environment.read_file()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME = embedded.home()
DEBUG = environment.flag("DEBUG")
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
IS_LOCAL = all(host in environment.LOOPBACK for host in ALLOWED_HOSTS)
HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.number("PORT", 8000, most=65535)
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", 2, most=512)

# The servers ---------------------------------------------------------------------------------

# Every process reads the settings before it needs a server, so this is where the embedded ones
# are started; one that answers already costs milliseconds.
DATABASE_URL = environment.text("DATABASE_URL")
REDIS_URL = environment.text("REDIS_URL")
IS_EMBEDDED = not DATABASE_URL
try:
    if IS_EMBEDDED:
        postgres = embedded.Postgres(HOME)
        DATABASE_URL = postgres.start()
        # Commands are the owner's, who migrates; web and worker cannot rewrite the history.
        if "DAANA_SERVES" in os.environ:
            DATABASE_URL = postgres.app_url
    REDIS_URL = REDIS_URL or embedded.Valkey(HOME).start()
except embedded.EmbeddedServerError as problem:
    raise ImproperlyConfigured(str(problem)) from problem

if IS_EMBEDDED and not environment.text("SECRET_KEY"):
    SECRET_KEY = environment.own_secret(HOME / "secret_key")
else:
    SECRET_KEY = environment.secret("SECRET_KEY")

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **environment.database(DATABASE_URL),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# Nobody waits long for a lock, and a process that was frozen in a transaction does not hold one.
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    options="-c lock_timeout=3s -c idle_in_transaction_session_timeout=30s",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS = environment.Redis.at(REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS.cache_url,
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
    },
    # What a process computed and may compute again: it is not worth a way to Redis.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# What dashboards fetched at one revision of a project is kept for its readers so long.
MEASURES_REMEMBERED_SECONDS = 600
# All open pages that show the same get one answer a moment; with the 2.5 seconds after which a page
# asks again a change shows within five.
LIVE_ANSWERS_SHARED_SECONDS = 2

# The application ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "monitoring",
    "coding",
    "dashboards",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A report is 370 kB of tables and figures. Of random length, against guessing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.headers.HeadersMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Languages and time ---------------------------------------------------------------------------

LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("ky", _("Kyrgyz"))]
LANGUAGE_CODE = environment.one_of("LANGUAGE_CODE", [code for code, _name in LANGUAGES], "en")
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Files ----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.plotly.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.HashedStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT") or HOME / "media").absolute()
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# An upload goes to the disk as it arrives, whatever its size, and stops at the limit.
FILE_UPLOAD_HANDLERS = ["config.uploads.LimitedUploadHandler"]
UPLOAD_LIMIT = 512 * 1024**2

# Who may come in, and what a browser may do with our pages --------------------------------------

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.ClosedDoorAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an admin of the project vouches for the address
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if IS_LOCAL else 1

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
# Not no-referrer: under it browsers send "Origin: null" with a form, and the CSRF check refuses it.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
if not IS_LOCAL:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine itself, not through the proxy
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# The API --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["monitoring.access.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 100,
    "NUM_PROXIES": 1,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Daana",
    "DESCRIPTION": _("Social media monitoring around elections"),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AccountKind": "monitoring.models.accounts.AccountKind",
        "CodingKind": "coding.models.codings.CodingKind",
        "LinkKind": "coding.models.cases.LinkKind",
    },
}

# The worker -----------------------------------------------------------------------------------

# A job is forgotten only when it is done, and may run again: the ledger in the database sees to it
# that this changes nothing.
CELERY_BROKER_URL = REDIS.broker_url
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A job whose worker vanished comes back after this many seconds; Celery wants it in three places,
# and the shortest of them wins.
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 30,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "health_check_interval": 25,
}
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"  # in memory: nothing to keep, or to lock
CELERY_BEAT_SCHEDULE = {
    "sweep-imports": {
        "task": "monitoring.tasks.sweep_imports",
        "schedule": 20,
        "options": {"expires": 20},
    },
    "sweep-leftovers": {
        "task": "monitoring.tasks.sweep_leftovers",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "sweep-exports": {
        "task": "dashboards.tasks.sweep_exports",
        "schedule": 20,
        "options": {"expires": 20},
    },
}

# What is reported, and to whom ----------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers print tracebacks over many lines, and mail them to nobody.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
SENTRY_DSN = environment.text("SENTRY_DSN")
if SENTRY_DSN:
    report_errors(SENTRY_DSN)
vars().update(environment.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "daana@localhost")
