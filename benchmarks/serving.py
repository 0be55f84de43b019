"""Servers side by side for benchmarks of pages: the product with a visitor, a bare Flask, and a cheap client."""

import base64
import contextlib
import http.client
import os
import re
import secrets
import socket
import sys
import time
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.databases import MASTER_KEY, migrated
from benchmarks.slow_clients import command_of, cpu_seconds, free_port, serving
from portal.settings import Settings
from portal.store import sessions
from portal.web.app import create_app
from portal.web.context import Services
from tests import build

CONNECTIONS = 8
BARE = "waitress, 2000 connections, poll"
SECRET = secrets.token_hex(32)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A debtor's visit at the product's server: where, with which cookie, and what the simulator's form holds."""

    port: int
    session: int
    cookie: str
    form: dict[str, str]
    account: str
    accounts: tuple[str, ...] = ()


def pin(cpu: int, pid: int = 0) -> None:
    """Bind a process to one processor, where there are two."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {cpu})


@contextlib.contextmanager
def bare():
    """Serve one route of a bare Flask by the product's own server; gives its port and session."""
    port = free_port()
    with serving(command_of(BARE, port), port) as child:
        pin(0, child.pid)
        yield port, child.pid


@contextlib.contextmanager
def product(count=1):
    """Serve the product with one debtor, so many accounts (the first one counts) and their visit."""
    with migrated() as (app_pool, _bulk):
        address = app_pool.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        environ = {
            **os.environ,
            "PORTAL_ENV": "test",
            "DATABASE_URL": address,
            "PORTAL_SECRET_KEY": SECRET,
            "PORTAL_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
            "PORTAL_LOG_LEVEL": "warning",
        }
        owed, token = _people(app_pool, count)
        account = owed[0]
        cookie = _cookie(environ, app_pool, token)
        port = free_port()
        command = [sys.executable, "-m", "portal.cli.main", "serve", "--port", str(port)]
        with serving(command, port, environ) as child:
            pin(0, child.pid)
            cookie, form = _form(port, f"/me/accounts/{account}/plan?kind=installment", cookie)
            paths = tuple(f"/me/accounts/{one}" for one in owed)
            yield Visit(
                port=port, session=child.pid, cookie=cookie, form=form, account=paths[0], accounts=paths
            )


def _people(database, count):
    now = datetime.now(UTC)
    lender = build.a_lender(database, now=now)
    work = database.work(lender.lender_id)
    build.active_bounds(work, now=now)
    debtor = build.a_debtor(work, now=now)
    named = {"creditor_id": lender.creditor_id, "debtor_id": debtor, "now": now}
    owed = [
        build.an_account(work, **named, **({"principal_minor": 120_000 + 7_919 * at} if at else {}))
        for at in range(count)
    ]
    with work.begin() as tx:
        return owed, sessions.start_session(
            tx, kind="debtor", subject_id=debtor, now=now, state={"language": "en"}
        )


def _cookie(environ, database, token):
    """Make the signed cookie of a visit."""
    app = create_app(Services(settings=Settings.from_environment(environ), database=database, clock=None))
    signer = app.session_interface.get_signing_serializer(app)
    return (
        f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'visits': {'debtor': token}, 'language': 'en'})}"
    )


def _form(port, path, cookie):
    """Open a page with a form; gives the cookie and what stands in the form's boxes, as a browser would post it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 200, answer.status
    fresh = answer.getheader("Set-Cookie")
    inputs = re.findall(r'<input [^>]*name="(\w+)"[^>]* value="([^"]*)"', body)
    return (fresh.split(";")[0] if fresh else cookie), dict(inputs)


class Client:
    """Eight kept connections, asked in turn: nothing is parsed but the length of each answer."""

    def __init__(self, port):
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(CONNECTIONS)]

    def close(self):
        for one in self.sockets:
            one.close()

    def ask(self, request, times):
        """Send a request so many times; gives the seconds that it took. Every answer must be 200."""
        started = time.perf_counter()
        for _ in range(times // CONNECTIONS):
            for one in self.sockets:
                one.sendall(request)
            for one in self.sockets:
                self._read(one)
        return time.perf_counter() - started

    @staticmethod
    def _read(connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        head, _, body = head.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        while len(body) < length:
            body += connection.recv(65536)


def get(path, cookie=""):
    """Write a GET."""
    more = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode()


def post(path, cookie, fields):
    """Write the POST of a form as htmx sends it."""
    body = urllib.parse.urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nHX-Request: true\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Side:
    """One side of a comparison: a server's port and session, and what it is asked."""

    port: int
    session: int
    request: bytes
    times: int

    def __post_init__(self):
        self.rates, self.cpu = [], []

    def round(self):
        client = Client(self.port)
        client.ask(self.request, CONNECTIONS * 2)
        before = cpu_seconds(self.session)
        seconds = client.ask(self.request, self.times)
        self.cpu.append((cpu_seconds(self.session) - before) / self.times * 1e6)
        self.rates.append(self.times / seconds)
        client.close()


def compare(ours, theirs, *, rounds=5):
    """Ask both sides in turn, each from its own processor; the figures stay in the sides."""
    pin(1)
    for _ in range(rounds):
        theirs.round()
        ours.round()
