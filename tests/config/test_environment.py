"""Settings from the environment: a wrong one stops the start, with one line that names it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

ROOT = Path(__file__).parent.parent.parent
GOOD_SECRET = "an example of 0123456789 letters nobody has to guess"
ON_A_SERVER = {
    "DATABASE_URL": "postgres://daana@localhost/daana",
    "REDIS_URL": "redis://localhost/0",
    "SECRET_KEY": GOOD_SECRET,
}


@pytest.mark.parametrize(("value", "meaning"), [("", False), ("True", True), ("False", False)])
def test_a_flag_is_off_unless_it_says_true(monkeypatch, value, meaning) -> None:
    monkeypatch.setenv("DEBUG", value)
    assert environment.flag("DEBUG") is meaning


@pytest.mark.parametrize("value", ["1", "true", "yes", "maybe"])
def test_a_flag_that_says_something_else_is_refused(monkeypatch, value) -> None:
    monkeypatch.setenv("DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match=f"^DEBUG={value}: use True or False$"):
        environment.flag("DEBUG")


@pytest.mark.parametrize("value", ["0", "-1", "65536", "eighty", "8000.5"])
def test_a_number_out_of_range_is_refused(monkeypatch, value) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(ImproperlyConfigured, match="^PORT=.*: use a number from 1 to 65535$"):
        environment.number("PORT", 8000, most=65535)


def test_hosts_are_those_of_this_machine_unless_others_are_named(monkeypatch) -> None:
    assert environment.hosts("ALLOWED_HOSTS") == environment.LOOPBACK
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert environment.hosts("ALLOWED_HOSTS") == ["a.example", "b.example"]


@pytest.mark.parametrize("value", ["*", "https://a.example", "*.example"])
def test_a_host_that_is_none_is_refused(monkeypatch, value) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", value)
    with pytest.raises(ImproperlyConfigured, match="^ALLOWED_HOSTS: "):
        environment.hosts("ALLOWED_HOSTS")


def test_an_origin_needs_a_scheme(monkeypatch) -> None:
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", "a.example")
    with pytest.raises(ImproperlyConfigured, match="^CSRF_TRUSTED_ORIGINS: a.example"):
        environment.origins("CSRF_TRUSTED_ORIGINS")


@pytest.mark.parametrize("url", ["mysql://a/b", "sqlite:///x", "daana", "postgres://a:b:c/d"])
def test_a_database_that_is_not_postgresql_is_refused(url) -> None:
    with pytest.raises(ImproperlyConfigured, match="^DATABASE_URL: "):
        environment.database(url)


def test_a_database_may_be_behind_a_socket_or_on_a_host() -> None:
    behind_socket = environment.database("postgres://daana@:5432//tmp/sockets/daana")
    assert behind_socket["HOST"] == "/tmp/sockets"
    assert behind_socket["NAME"] == "daana"
    on_host = environment.database("postgresql://daana:p%40ss@db.example:6432/daana")
    assert (on_host["HOST"], on_host["PORT"], on_host["PASSWORD"]) == ("db.example", 6432, "p@ss")


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://:p@h:6379/3", "redis://:p@h:6379/3", "redis://:p@h:6379/4"),
        ("rediss://h", "rediss://h/0", "rediss://h/1"),
        ("unix:///t/s?db=6", "redis+socket:///t/s?virtual_host=6", "unix:///t/s?db=7"),
        ("unix:///t/s", "redis+socket:///t/s?virtual_host=0", "unix:///t/s?db=1"),
    ],
)
def test_clearing_the_cache_leaves_the_jobs_alone(url, broker, cache) -> None:
    redis = environment.Redis.at(url)
    assert (redis.broker_url, redis.cache_url) == (broker, cache)


@pytest.mark.parametrize("url", ["http://h", "redis://", "redis://h/zero", "unix:///s?db=x"])
def test_a_redis_that_is_none_is_refused(url) -> None:
    with pytest.raises(ImproperlyConfigured, match="^REDIS_URL: "):
        environment.Redis.at(url)


@pytest.mark.parametrize("value", ["gopher://mail", "smtp://host:port"])
def test_mail_over_something_else_is_refused(monkeypatch, value) -> None:
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="^EMAIL_URL: "):
        environment.email("EMAIL_URL")


@pytest.mark.parametrize(
    "value", ["short", "a" * 60, "django-insecure-" + GOOD_SECRET, "change-me-" + GOOD_SECRET]
)
def test_a_secret_that_can_be_guessed_is_refused(monkeypatch, value) -> None:
    monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(ImproperlyConfigured, match="^SECRET_KEY is too easy to guess") as refusal:
        environment.secret("SECRET_KEY")
    assert value not in str(refusal.value)


def test_our_own_secret_is_made_once_and_read_by_nobody_else(tmp_path) -> None:
    path = tmp_path / "home" / "secret_key"
    secret = environment.own_secret(path)
    assert len(secret) >= 50
    assert environment.own_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def start(door: str, **variables: str) -> subprocess.CompletedProcess[str]:
    known = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    inherited = {name: value for name, value in os.environ.items() if name not in known}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, *door.split()],
        cwd=ROOT,
        env={**inherited, **ON_A_SERVER, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "door",
    [
        "manage.py migrate",
        "-m config.worker",
        "-m gunicorn --config python:config.gunicorn config.wsgi",
        "-m config.demo",
    ],
)
def test_at_every_door_a_missing_secret_is_one_line(door) -> None:
    outcome = start(door, SECRET_KEY="")
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines() == [
        "daana: SECRET_KEY is missing: it is required when DATABASE_URL is set"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("LANGUAGE_CODE", "de"), ("SENTRY_DSN", "nonsense"), ("DATABASE_URL", "sqlite:///here")],
)
def test_a_wrong_value_is_named(name, value) -> None:
    outcome = start("manage.py check", **{name: value})
    assert outcome.returncode == 1
    assert len(outcome.stderr.splitlines()) == 1
    assert outcome.stderr.startswith(f"daana: {name}")


def test_every_variable_that_is_read_is_explained_in_the_example() -> None:
    sources = [*(ROOT / "config").rglob("*.py")]
    reading = re.compile(
        r"(?:environment\.\w+\(|(?<!\w)text\(|environ\.get\()\s*f?[\"']([A-Z_]+)[\"']"
    )
    read = {name for source in sources for name in reading.findall(source.read_text())}
    explained = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == explained
