"""Accounts of the operating system: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TypedDict


class As(TypedDict, total=False):
    """The arguments of ``subprocess.run`` that choose an account."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(account: pwd.struct_passwd) -> As:
    """How to run a program under an account; only root can choose another than its own."""
    if account.pw_uid == os.geteuid():
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def account_of(path: Path) -> pwd.struct_passwd:
    return pwd.getpwuid(path.stat().st_uid)


def account_for_postgres() -> pwd.struct_passwd:
    """The person who starts it; in place of root an account that owns nothing else."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def can_enter(account: pwd.struct_passwd, path: Path) -> bool:
    """Whether an account may enter a folder, or run a program, through all the folders above."""
    if account.pw_uid == os.geteuid():
        return True
    question = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    return subprocess.run(question, cwd="/", check=False, **as_account(account)).returncode == 0
