"""The embedded servers: real ones, in a folder whose name has a space and is not ASCII."""

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from config.embedded import EmbeddedServerError, Postgres, Valkey, server, unless_in_use
from config.embedded.accounts import can_enter
from config.environment import database

SERVERS = [Postgres, Valkey]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers for others")


def remove(folder: Path) -> None:
    """Stop what runs there, and leave nothing behind outside of it either."""
    postgres = Postgres(folder)
    places = [Path(f"/var/lib/daana-{postgres.digest}")]
    if folder.exists():
        places.append(postgres.sockets)
        for kind in SERVERS:
            kind(folder).stop()
    for place in (*places, folder):
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place that everybody may pass through, as a project's folder usually is."""
    above = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="a project "))
    above.chmod(0o755)
    folder = above / "дана" / ".daana"
    yield folder
    remove(folder)
    shutil.rmtree(above)


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """A folder whose servers run: for tests that look at them, or leave them running again."""
    above = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="a project "))
    above.chmod(0o755)
    folder = above / "дана" / ".daana"
    for kind in SERVERS:
        kind(folder).start()
    yield folder
    remove(folder)
    shutil.rmtree(above)


def pid_of(started: Postgres | Valkey) -> int:
    return int(started.pid_file.read_text().split()[0])


def query(postgres: Postgres, statement: str) -> object:
    settings = database(postgres.url)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    parameters = {name: settings[key] for name, key in names.items()}
    with closing(psycopg2.connect(**parameters)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_starts_once_and_whoever_comes_later_finds_it(kind, folder) -> None:
    first = kind(folder)
    assert not first.answers()
    first.start()
    started = pid_of(first)
    kind(folder).start()
    assert pid_of(first) == started
    assert first.answers()


@pytest.mark.parametrize("kind", SERVERS)
def test_of_many_that_come_at_once_one_starts_it(kind, folder) -> None:
    command = f"from config.embedded import {kind.__name__} as S; S().start()"
    environment = {**os.environ, "DAANA_HOME": str(folder)}
    crowd = [subprocess.Popen([sys.executable, "-c", command], env=environment) for _ in range(4)]
    assert [process.wait() for process in crowd] == [0, 0, 0, 0]
    assert kind(folder).answers()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_that_was_killed_starts_again(kind, running) -> None:
    killed = kind(running)
    killed.start()
    os.kill(pid_of(killed), signal.SIGKILL)
    kind(running).start()
    assert killed.answers()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_number_that_now_is_of_another_program_does_not_stop_the_start(kind, running) -> None:
    revived = kind(running)
    revived.start()
    content = revived.pid_file.read_text()
    revived.stop()
    revived.pid_file.write_text(content.replace(content.split()[0], str(os.getpid()), 1))
    revived.start()
    assert revived.answers()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_whose_socket_was_swept_away_is_started_anew(kind, running) -> None:
    swept = kind(running)
    swept.start()
    shutil.rmtree(swept.sockets)
    assert not swept.answers()
    swept.start()
    assert swept.answers()


@pytest.mark.parametrize("kind", SERVERS)
def test_stopping_what_does_not_run_is_fine(kind, folder) -> None:
    kind(folder).stop()
    folder.mkdir(parents=True)
    kind(folder).stop()


@pytest.mark.parametrize("kind", SERVERS)
def test_it_is_known_whether_somebody_is_at_work_on_a_server(kind, running) -> None:
    busy = kind(running)
    busy.start()
    assert not busy.has_clients()
    if kind is Postgres:
        with closing(busy._connect("daana")):
            assert busy.has_clients()
    else:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(busy.sockets / "valkey"))
            assert busy.has_clients()


def test_a_server_is_not_stopped_under_who_is_about_to_use_it(running) -> None:
    with unless_in_use(running) as is_free:
        assert is_free
    command = "from config.embedded import Postgres; Postgres().start(); print('up'); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", command],
        env={**os.environ, "DAANA_HOME": str(running)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"up\n"
    with unless_in_use(running) as is_free:
        assert not is_free
    other.communicate(b"\n")
    with unless_in_use(running) as is_free:
        assert is_free


def test_a_server_that_older_code_started_learns_who_may_come_in(running) -> None:
    postgres = Postgres(running)
    started = pid_of(postgres)
    (postgres.signpost.resolve() / "pg_ident.conf").write_text("daana nobody daana_app\n")
    Postgres(running).start()
    assert pid_of(postgres) == started
    assert "root daana_app" in (postgres.signpost.resolve() / "pg_ident.conf").read_text().replace(
        '"', ""
    )


@pytest.mark.parametrize("kind", SERVERS)
def test_a_folder_for_sockets_that_others_can_write_to_is_refused(kind, folder) -> None:
    folder.mkdir(parents=True)
    refused = kind(folder)
    refused.sockets.mkdir()
    refused.sockets.chmod(0o777)
    with pytest.raises(EmbeddedServerError, match="made by somebody else"):
        refused.start()


@pytest.mark.parametrize("kind", SERVERS)
def test_a_full_disk_is_told_in_one_line(kind, folder, monkeypatch) -> None:
    monkeypatch.setattr(server, "LEAST_FREE_BYTES", 2**80)
    with pytest.raises(EmbeddedServerError, match=r"^\w+ was not started: no space in .*дана"):
        kind(folder).start()


def test_web_and_worker_come_in_under_a_role_that_owns_nothing(running) -> None:
    started = Postgres(running)
    query(started, "CREATE TABLE secret ()")
    parts = database(started.app_url)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    parameters = {name: parts[key] for name, key in names.items()}
    with closing(psycopg2.connect(**parameters)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("daana_app", False)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DROP TABLE secret")


def test_what_was_committed_survives_a_kill(running) -> None:
    postgres = Postgres(running)
    postgres.start()
    query(postgres, "CREATE TABLE post AS SELECT generate_series(1, 1000) AS id")
    os.kill(pid_of(postgres), signal.SIGKILL)
    postgres.start()
    assert query(postgres, "SELECT count(*) FROM post") == 1000


def test_a_cluster_that_was_half_made_is_made_again(folder) -> None:
    (folder / "postgres.unfinished").mkdir(parents=True)
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    postgres = Postgres(folder)
    postgres.start()
    assert postgres.answers()
    assert not (folder / "postgres.unfinished").exists()


def test_a_cluster_that_is_damaged_is_told_in_one_line_with_its_log(folder) -> None:
    postgres = Postgres(folder)
    postgres.start()
    postgres.stop()
    (postgres.signpost / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedServerError, match=r"pg_ctl failed; see .*postgresql\.log$"):
        postgres.start()


def test_letters_of_all_our_languages_have_case_and_are_words(running) -> None:
    postgres = Postgres(running)
    assert query(postgres, "SELECT lower('ШАЙЛОО ҮЙҮ Ё')") == "шайлоо үйү ё"
    assert query(postgres, "SELECT to_tsvector('Жогорку Кеңеш')::text") == "'жогорку':1 'кеңеш':2"


def test_no_server_opens_a_tcp_port(running) -> None:
    postgres, valkey = Postgres(running), Valkey(running)
    assert query(postgres, "SHOW listen_addresses") == ""
    assert b"\r\n0\r\n" in valkey._ask(b"CONFIG GET port")


def test_commits_wait_for_the_disk_and_no_job_is_evicted(running) -> None:
    postgres, valkey = Postgres(running), Valkey(running)
    assert query(postgres, "SHOW synchronous_commit") == "on"
    assert query(postgres, "SHOW fsync") == "on"
    assert b"noeviction" in valkey._ask(b"CONFIG GET maxmemory-policy")
    assert b"yes" in valkey._ask(b"CONFIG GET appendonly")


def test_only_their_owner_can_enter_the_folders(running) -> None:
    postgres, valkey = Postgres(running), Valkey(running)
    for private in (postgres.signpost, valkey.data, postgres.sockets / "postgres"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE((valkey.sockets / "valkey").stat().st_mode) == 0o600


@as_root
def test_another_account_is_refused_by_postgresql_itself(running) -> None:
    postgres = Postgres(running)
    # As if the folder were open: the account at the other end is checked all the same.
    (postgres.sockets / "postgres").chmod(0o755)
    outcome = subprocess.run(
        [sys.executable, "-c", CONNECT, str(postgres.sockets / "postgres")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Peer authentication failed" in outcome.stdout


CONNECT = """
import os, sys, psycopg2
os.setgid(65534), os.setuid(65533)
try:
    psycopg2.connect(host=sys.argv[1], user="daana", dbname="daana")
except psycopg2.OperationalError as problem:
    print(problem)
"""


@as_root
def test_postgresql_does_not_run_as_root(running) -> None:
    postgres = Postgres(running)
    assert Path(f"/proc/{pid_of(postgres)}").stat().st_uid != 0


@as_root
def test_below_a_closed_folder_the_cluster_is_elsewhere_and_the_folder_stays_closed(
    tmp_path,
) -> None:
    tmp_path.chmod(0o700)
    folder = tmp_path / ".daana"
    postgres = Postgres(folder)
    try:
        postgres.start()
        assert postgres.signpost.readlink().is_relative_to("/var/lib")
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        os.kill(pid_of(postgres), signal.SIGKILL)
        postgres.start()
        assert postgres.answers()
    finally:
        remove(folder)


@as_root
def test_in_the_folder_of_another_person_the_servers_run_under_that_account(folder) -> None:
    nobody = pwd.getpwnam("nobody")
    if not can_enter(nobody, Path(sys.executable)):
        pytest.skip("this Python is where nobody else can run it")
    folder.mkdir(parents=True)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    valkey = Valkey(folder)
    valkey.start()
    assert Path(f"/proc/{pid_of(valkey)}").stat().st_uid == nobody.pw_uid
