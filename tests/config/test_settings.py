"""What the settings make of the environment: safe on a server, usable on one's own machine."""

import pytest

from tests.config.test_environment import start

ON_THE_INTERNET = {"ALLOWED_HOSTS": "daana.example,localhost"}


@pytest.fixture(scope="module")
def on_the_internet() -> dict[str, object]:
    return settings_under(**ON_THE_INTERNET)


@pytest.fixture(scope="module")
def on_this_machine() -> dict[str, object]:
    return settings_under()


def settings_under(**variables: str) -> dict[str, object]:
    outcome = start("manage.py diffsettings --all --output unified", **variables)
    lines = (line for line in outcome.stdout.splitlines() if line.startswith(("+ ", "  ")))
    return dict(line[2:].split(" = ", 1) for line in lines)


def test_on_the_internet_cookies_travel_over_https_only(on_the_internet) -> None:
    assert on_the_internet["SESSION_COOKIE_NAME"] == "'__Host-sessionid'"
    assert on_the_internet["CSRF_COOKIE_NAME"] == "'__Host-csrftoken'"
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"):
        assert on_the_internet[name] == "True"


def test_on_the_internet_browsers_remember_to_use_https(on_the_internet) -> None:
    assert on_the_internet["SECURE_SSL_REDIRECT"] == "True"
    assert on_the_internet["SECURE_HSTS_SECONDS"] == "63072000"
    assert on_the_internet["SECURE_HSTS_INCLUDE_SUBDOMAINS"] == "True"
    assert on_the_internet["SECURE_HSTS_PRELOAD"] == "True"


def test_on_this_machine_plain_http_works(on_this_machine) -> None:
    assert on_this_machine["SESSION_COOKIE_SECURE"] == "False"
    assert on_this_machine["SECURE_SSL_REDIRECT"] == "False"
    assert on_this_machine["SECURE_HSTS_SECONDS"] == "0"


def test_errors_are_shown_to_nobody_unless_asked_for(on_this_machine) -> None:
    assert on_this_machine["DEBUG"] == "False"


def test_a_job_that_was_lost_comes_back(on_this_machine) -> None:
    for name in ("CELERY_TASK_ACKS_LATE", "CELERY_TASK_REJECT_ON_WORKER_LOST"):
        assert on_this_machine[name] == "True"
    transport = on_this_machine["CELERY_BROKER_TRANSPORT_OPTIONS"]
    assert "'visibility_timeout': 600" in str(transport)
