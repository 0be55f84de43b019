"""A PostgreSQL of our own: initialized, started on a free port of this machine, stopped.

The server is a direct child with a death signal, so that it ends with whoever started it, even after kill -9.
Ready means that it answered a query: after kill -9 of a server its pid file still names the dying process,
and connects are refused for some seconds.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from portal.cli.postgres import DatabaseError, find_binaries, identity_prefix, version_of
from portal.cli.processes import die_with_parent

READY_SECONDS_MAX = 30
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where a server of ours lives and how to reach it as its superuser."""

    binaries: Path
    folder: Path
    port: int
    password: str

    def url(self, *, user: str = "postgres", password: str | None = None, database: str = "postgres") -> str:
        """Give the address of a database of this server."""
        secret = quote(self.password if password is None else password, safe="")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"


def free_port(wanted: int = 0) -> int:
    """Give the wanted port if nobody holds it, or another free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise DatabaseError("no free port on this machine")


def keep_secret(file: Path, make: Callable[[], str] = secrets.token_urlsafe) -> str:
    """Give the secret that a file keeps, making it (readable by its owner only) the first time."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(make())
        fresh.replace(file)
    return file.read_text()


def prepare(folder: Path, environ: Mapping[str, str]) -> Server:
    """Make the server's files where there are none yet, and choose its port; starts nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    binaries = find_binaries(environ)
    password = keep_secret(folder / "password")
    port_file = folder / "port"
    kept = int(port_file.read_text()) if port_file.exists() else 0
    server = Server(binaries=binaries, folder=folder, port=kept, password=password)
    if not (folder / "data" / "PG_VERSION").exists():
        _initialize(server)
    elif (have := (folder / "data" / "PG_VERSION").read_text().strip()) != str(version_of(binaries)):
        raise DatabaseError(
            f"the data in {folder.name} is of PostgreSQL {have}, the server found is {version_of(binaries)}: "
            "name the old one's bin folder in PORTAL_PG_BIN, or start over with --fresh"
        )
    if not is_answering(server):
        port = free_port(kept)
        port_file.write_text(str(port))
        server = Server(binaries=binaries, folder=folder, port=port, password=password)
    return server


def _initialize(server: Server) -> None:
    # Made beside its place and renamed when whole: a half-made one is never taken for a database.
    fresh = server.folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    prefix, owner = identity_prefix()
    if owner != os.getuid():
        os.chown(fresh, owner, owner)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if version_of(server.binaries) < 17:
        locale = ["--locale=C.UTF-8"]
    command = [*prefix, str(server.binaries / "initdb"), "-D", str(fresh), "-U", "postgres"]
    command += [f"--pwfile={server.folder / 'password'}", "-A", "scram-sha-256", "-E", "UTF8"]
    command += ["--no-instructions", *locale]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise DatabaseError(f"initdb failed: {done.stderr.strip()[-500:]}")
    fresh.rename(server.folder / "data")


def _own_files(server: Server, owner: int) -> None:
    data = server.folder / "data"
    if data.stat().st_uid != owner and os.getuid() == 0:
        for path in (data, *data.rglob("*")):
            os.chown(path, owner, owner, follow_symlinks=False)


def is_answering(server: Server) -> bool:
    """Ask SELECT 1 of the server, and that it is the one of this folder."""
    try:
        with psycopg.connect(server.url(), connect_timeout=2) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            return row is not None and Path(row[0]) == server.folder / "data"
    except psycopg.Error:
        return False


def spawn(server: Server, options: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start the server as a child that ends with this process; waits for nothing."""
    prefix, owner = identity_prefix()
    _own_files(server, owner)
    settings = ["listen_addresses=127.0.0.1", f"port={server.port}", "unix_socket_directories=", *options]
    command = [*prefix, str(server.binaries / "postgres"), "-D", str(server.folder / "data")]
    with (server.folder / "log").open("ab") as log:
        return subprocess.Popen(
            [*command, *(word for setting in settings for word in ("-c", setting))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - no threads run yet
        )


def start(server: Server, options: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers, again while an old one is still dying."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    child = spawn(server, options)
    while time.monotonic() < deadline:
        if is_answering(server):
            return child
        if child.poll() is not None:
            time.sleep(0.5)
            child = spawn(server, options)
        time.sleep(0.05)
    stop(child)
    last = (server.folder / "log").read_text(errors="replace")[-800:]
    raise DatabaseError(f"PostgreSQL did not answer within {READY_SECONDS_MAX} s; its log ends:\n{last}")


def stop(child: subprocess.Popen[bytes]) -> None:
    """Stop the server: what it is doing is rolled back, what was committed stays."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGQUIT)
            child.wait(timeout=10)


@contextmanager
def running(folder: Path, environ: Mapping[str, str], options: Sequence[str] = ()) -> Iterator[Server]:
    """Keep the folder's server running for the length of a block; one that runs already is left alone."""
    server = prepare(folder, environ)
    if is_answering(server):
        yield server
        return
    child = start(server, options)
    try:
        yield server
    finally:
        stop(child)
