"""Reads settings from the environment: a value that is wrong stops the start and is named.

django-environ reads ``.env`` and takes URLs apart; its own casts let ``DEBUG=maybe`` pass as False,
which is why the readers here are stricter.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
LEAST_SECRET_LENGTH = 50
LEAST_SECRET_LETTERS = 10


def read_file() -> None:
    """Take from ``.env`` what the environment does not say itself."""
    file = Path(__file__).resolve().parent.parent / ".env"
    if file.exists():
        environ.Env.read_env(file)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """False unless the environment says True."""
    value = text(name, "False")
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name}={value}: use True or False")
    return value == "True"


def number(name: str, default: int, *, most: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise ImproperlyConfigured(f"{name}={value}: use a number from 1 to {most}")
    return int(value)


def one_of(name: str, allowed: list[str], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value}: use one of {', '.join(allowed)}")
    return value


def hosts(name: str) -> list[str]:
    """Names under which the site is asked for; only this machine's own unless said otherwise."""
    names = [part.strip() for part in text(name).split(",") if part.strip()] or LOOPBACK
    for host in names:
        if "*" in host or "/" in host:
            raise ImproperlyConfigured(f"{name}: {host} is not the name of a host")
    return names


def origins(name: str) -> list[str]:
    values = [part.strip() for part in text(name).split(",") if part.strip()]
    for value in values:
        if not value.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"{name}: {value} has to begin with https://")
    return values


def database(url: str) -> dict[str, Any]:
    """Django's description of a PostgreSQL database."""
    with suppress(ValueError):
        if urlsplit(url).scheme in ("postgres", "postgresql"):
            return {**environ.Env.db_url_config(url), "ENGINE": "django.db.backends.postgresql"}
    raise ImproperlyConfigured("DATABASE_URL: use postgres://user:password@host:5432/name")


@dataclass(frozen=True)
class Redis:
    """One Redis: jobs in its database N, the cache in N + 1, since clearing a cache empties one."""

    scheme: str
    server: str  # host and port, or the path of a socket
    number: int

    @classmethod
    def at(cls, url: str) -> "Redis":
        parts = urlsplit(url)
        try:
            if parts.scheme == "unix":
                return cls("unix", parts.path, int(parts.query.removeprefix("db=") or 0))
            if parts.scheme in ("redis", "rediss") and parts.netloc:
                return cls(parts.scheme, parts.netloc, int(parts.path.strip("/") or 0))
        except ValueError:
            pass
        raise ImproperlyConfigured("REDIS_URL: use redis://:password@host:6379/0")

    @property
    def url(self) -> str:
        if self.scheme == "unix":
            return f"unix://{self.server}?db={self.number}"
        return f"{self.scheme}://{self.server}/{self.number}"

    @property
    def broker_url(self) -> str:
        """The same in the words of Celery."""
        if self.scheme == "unix":
            return f"redis+socket://{self.server}?virtual_host={self.number}"
        return self.url

    @property
    def cache_url(self) -> str:
        return replace(self, number=self.number + 1).url


def email(name: str) -> dict[str, Any]:
    """Django's mail settings; without the variable, mail is printed on the terminal."""
    try:
        return environ.Env.email_url_config(text(name, "consolemail://"))
    except (ImproperlyConfigured, ValueError) as problem:
        raise ImproperlyConfigured(f"{name}: use smtp+tls://user:password@host:587") from problem


def secret(name: str) -> str:
    """A secret that cannot be guessed, from the environment."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is missing: it is required when DATABASE_URL is set")
    is_known = value.startswith("django-insecure-") or "change" in value.lower()
    if is_known or len(value) < LEAST_SECRET_LENGTH or len(set(value)) < LEAST_SECRET_LETTERS:
        raise ImproperlyConfigured(f"{name} is too easy to guess: use 50 random characters or more")
    return value


def own_secret(path: Path) -> str:
    """A secret made once for this installation, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        # Of two processes that start together one wins, and both read the winner's.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
