"""Databases of test runs are copies of one that was migrated once, and kept for the next runs.

Applying all migrations takes ten seconds, a copy a tenth of one. The kept database has the digest
of the migrations in its name: change one, and another is made.
"""

import fcntl
import hashlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import creation
from django.db.migrations.loader import MigrationLoader

PREFIX = "migrated_for_tests_"
# Whoever was killed in a test, a worker for instance, may still be listed as connected.
DROP = 'DROP DATABASE IF EXISTS "{}" WITH (FORCE)'


class DatabaseCreation(creation.DatabaseCreation):
    def create_test_db(self, *_args: Any, **_options: Any) -> str:
        """Copy the migrated database, in place of one that a killed run may have left."""
        name = self._get_test_db_name()
        with alone():
            migrated = self._migrated()
            self._execute(DROP.format(name), f'CREATE DATABASE "{name}" TEMPLATE {migrated}')
        self._turn_to(name)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        self._execute(DROP.format(test_database_name))

    def _migrated(self) -> str:
        """The name of the migrated database, which is made first where there is none."""
        digest = digest_of_migrations()
        name, unfinished = PREFIX + digest, f"{PREFIX}unfinished"
        others = self._kept() - {name}
        if name not in self._kept():
            own, test = self.connection.settings_dict["NAME"], self.connection.settings_dict["TEST"]
            self.connection.settings_dict["TEST"] = {**test, "NAME": unfinished}
            super().create_test_db(verbosity=0, autoclobber=True, serialize=False)
            self.connection.settings_dict["TEST"] = test
            self._turn_to(own)
            self._execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
        self._execute(*map(DROP.format, others))
        return name

    def _kept(self) -> set[str]:
        with self._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [PREFIX])
            return {name for (name,) in cursor.fetchall()}

    def _turn_to(self, name: str) -> None:
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name

    def _execute(self, *statements: str) -> None:
        with self._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def alone() -> Iterator[None]:
    """Of the processes that start at once, one migrates; the others wait, and copy."""
    with (settings.HOME / "tests-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest_of_migrations() -> str:
    found = MigrationLoader(None).disk_migrations
    digest = hashlib.sha256()
    for key in sorted(found):
        digest.update(f"{key}\n{inspect.getsource(inspect.getmodule(found[key]))}".encode())
    return digest.hexdigest()[:12]
