"""The web server as a process: it answers, replaces a lost worker, and leaves nobody behind."""

import contextlib
import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

from benchmarks import slow_clients
from portal.cli.serve import RefusedError, allow_connections, server_options
from portal.settings import Settings


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()] if tasks.exists() else []


def is_alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(true, seconds=15):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def answers(port):
    with contextlib.suppress(OSError):
        return slow_clients.ask(port)[0] == 200
    return False


@pytest.fixture
def server(database_urls):
    """Two workers on one port."""
    port = slow_clients.free_port()
    environ = {**os.environ, "PORTAL_ENV": "test", "DATABASE_URL": database_urls["app"]}
    words = [sys.executable, "-m", "portal.cli.main", "serve", "--port", str(port), "--workers", "2"]
    with slow_clients.serving(words, port, environ=environ) as child:
        yield child, port


def test_a_lost_worker_is_replaced_and_sigterm_ends_all(server):
    parent, port = server
    assert wait_for(lambda: len(children_of(parent.pid)) == 2)
    first = children_of(parent.pid)
    os.kill(first[0], signal.SIGKILL)
    assert wait_for(lambda: len(children_of(parent.pid)) == 2 and first[0] not in children_of(parent.pid))
    assert wait_for(lambda: answers(port))
    last = children_of(parent.pid)
    parent.terminate()
    assert parent.wait(timeout=slow_clients.GRACE_SECONDS_MAX) == 0
    assert not any(map(is_alive, last))


def test_workers_end_with_their_parent_even_after_kill_9(server):
    parent, _ = server
    assert wait_for(lambda: len(children_of(parent.pid)) == 2)
    last = children_of(parent.pid)
    parent.kill()
    parent.wait()
    assert wait_for(lambda: not any(map(is_alive, last)))


def test_more_connections_than_open_files_allow_are_refused():
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(500, limits[0]), limits[1]))
        allow_connections(600)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 800
        if limits[1] != resource.RLIM_INFINITY:
            with pytest.raises(RefusedError, match="open files"):
                allow_connections(limits[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_server_gets_its_limits_from_the_settings():
    environ = {"PORTAL_ENV": "test", "DATABASE_URL": "postgresql://h/p", "PORTAL_CONTENT_LENGTH_MAX": "1000"}
    alone = server_options(Settings.from_environment(environ), threads=3)
    assert (alone["max_request_body_size"], alone["connection_limit"], alone["threads"]) == (1000, 2000, 3)
    assert alone["clear_untrusted_proxy_headers"]
    behind = server_options(Settings.from_environment({**environ, "PORTAL_PROXIES": "1"}), threads=3)
    assert not behind["clear_untrusted_proxy_headers"]
