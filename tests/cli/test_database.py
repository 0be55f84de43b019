"""A real PostgreSQL of this machine's wheel: started, killed, started again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from portal.cli import database, postgres, roles
from portal.cli.postgres import DatabaseError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


def one(url, statement, *values):
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement, values)
        return found.fetchone()[0] if found.description else None


def test_it_starts_answers_keeps_its_port_and_is_left_alone_by_a_second_caller(folder):
    with database.running(folder, {}, database.FAST) as server:
        assert one(server.url(), "SELECT 1") == 1
        with database.running(folder, {}) as again:
            assert again == server
        assert one(server.url(), "SHOW fsync") == "off"
    assert not database.is_answering(server)
    with database.running(folder, {}, database.FAST) as later:
        assert later.port == server.port
    assert oct((folder / "password").stat().st_mode)[-3:] == "600"


def test_after_kill_9_it_starts_again_with_every_committed_row(folder):
    server = database.prepare(folder, {})
    child = database.start(server)
    one(server.url(), "CREATE TABLE IF NOT EXISTS kept (n int)")
    one(server.url(), "INSERT INTO kept VALUES (42)")
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child = database.start(server)
    try:
        assert one(server.url(), "SELECT n FROM kept") == 42
    finally:
        database.stop(child)


def test_nothing_survives_the_kill_9_of_its_starter(folder):
    code = (
        "import sys, time; from pathlib import Path; from portal.cli import database\n"
        "server = database.prepare(Path(sys.argv[1]), {}); database.start(server)\n"
        "print('up', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout.readline() == "up\n"
    starter.kill()
    starter.communicate()
    server = database.prepare(folder, {})
    deadline = time.monotonic() + 10
    while (folder / "data" / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not (folder / "data" / "postmaster.pid").exists()
    assert not database.is_answering(server)


@pytest.mark.skipif(os.getuid() != 0, reason="only root steps down")
def test_root_without_user_namespaces_steps_down_and_comes_back(folder, monkeypatch):
    real = postgres._runs
    monkeypatch.setattr(postgres, "_runs", lambda words: words[0] != "unshare" and real(words))
    with database.running(folder, {}) as server:
        assert one(server.url(), "SELECT 1") == 1
        assert (folder / "data").stat().st_uid == postgres.NOBODY
    monkeypatch.setattr(postgres, "_runs", real)
    with database.running(folder, {}) as server:
        assert one(server.url(), "SELECT 1") == 1


def test_the_newest_of_the_wheel_is_taken():
    found = postgres.find_binaries({})
    assert postgres.version_of(found) >= 17
    assert postgres.find_binaries({"PORTAL_PG_BIN": str(found)}) == found


def test_what_cannot_be_found_is_said(monkeypatch, tmp_path):
    with pytest.raises(DatabaseError, match="PORTAL_PG_BIN"):
        postgres.find_binaries({"PORTAL_PG_BIN": str(tmp_path)})
    monkeypatch.setattr(postgres, "_wheel_folders", list)
    monkeypatch.setattr(postgres, "_system_folders", list)
    with pytest.raises(DatabaseError, match="DATABASE_URL"):
        postgres.find_binaries({})


def test_data_of_another_version_is_not_touched(folder):
    version = folder / "data" / "PG_VERSION"
    real = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(DatabaseError, match="PostgreSQL 9"):
            database.prepare(folder, {})
    finally:
        version.write_text(real)


def test_the_three_roles_have_their_rights_and_only_they_may_connect(folder):
    words = dict.fromkeys(roles.ROLES, 'it\'s; a \\ "word"')
    with database.running(folder, {}) as server:
        roles.create_roles(server.url(), words)
        roles.create_roles(server.url(), words)
        assert roles.create_database(server.url(), name="portal")
        assert not roles.create_database(server.url(), name="portal")
        assert roles.is_superuser(server.url())

        def address(role):
            return server.url(user=role, password=words[role], database="portal")

        assert not roles.is_superuser(address("portal_owner"))
        bypass = "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert [one(address(role), bypass) for role in roles.ROLES] == [False, False, True]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one(address("portal_app"), "CREATE TABLE mine (n int)")
        one(server.url(), "CREATE ROLE stranger LOGIN PASSWORD 'word'")
        with pytest.raises(psycopg.OperationalError):
            one(server.url(user="stranger", password="word", database="portal"), "SELECT 1")
