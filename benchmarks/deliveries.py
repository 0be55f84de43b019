"""The delivery loop against a bare socket that posts the same bytes: CPU, rate, a dead neighbor, a long backlog."""

import contextlib
import multiprocessing
import os
import secrets
import selectors
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

import psycopg
from sqlalchemy import insert

from benchmarks.measure import line
from portal.cli.checks import test_server
from portal.cli.roles import ROLES, create_database, create_roles
from portal.core.events.envelope import build_envelope, encode, write_event_id
from portal.gateways.address_guard import AddressGuard
from portal.gateways.ids import new_id
from portal.gateways.webhook_signatures import Signer, write_secret
from portal.gateways.webhooks import WebhookSender
from portal.jobs.delivery.loop import DeliveryLoop
from portal.store import delivery_log, endpoints
from portal.store.schema import upgrade
from portal.store.tables.events import events
from portal.store.work import open_database
from tests import build

SECRET = write_secret(secrets.token_bytes(32))
SIGNER = Signer(secrets=[SECRET])
ROUNDS = 5
EVENTS = 2_000
ACCOUNTS = 500
BACKLOGS = (2_000, 20_000)
LEFT = ("due", "sending")


def now():
    return datetime.now(UTC)


def receive(pipe, has_answer):
    """Answer every POST as cheaply as Python can, in a process of its own."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    pipe.send(listening.getsockname()[1])
    selector = selectors.DefaultSelector()
    selector.register(listening, selectors.EVENT_READ)
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    while True:
        for key, _ in selector.select():
            if key.fileobj is listening:
                connection, _ = listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ, [0])
                continue
            data = key.fileobj.recv(65_536)
            if not data:
                selector.unregister(key.fileobj)
                key.fileobj.close()
            elif has_answer and data.endswith(b"}"):
                key.fileobj.sendall(answer)


@contextlib.contextmanager
def receiver(*, has_answer=True) -> Iterator[str]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=receive, args=(theirs, has_answer), daemon=True
    )
    process.start()
    try:
        yield f"127.0.0.1:{ours.recv()}"
    finally:
        process.kill()
        process.join()


@contextlib.contextmanager
def database():
    with test_server(os.environ) as superuser:
        name = f"portal_bench_{secrets.token_hex(4)}"
        create_roles(superuser, {role: role for role in ROLES})
        create_database(superuser, name=name)
        place = superuser.rpartition("@")[2].split("/")[0]
        upgrade(f"postgresql://portal_owner:portal_owner@{place}/{name}")
        opened = open_database(
            url=f"postgresql://portal_app:portal_app@{place}/{name}",
            master_key=build.MASTER_KEY,
            new_id=new_id,
            pool_size=3,
        )
        try:
            yield opened
        finally:
            opened.engine.dispose()
            with psycopg.connect(superuser, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def take_statistics(opened):
    """Do what autovacuum does within a minute: a planner that knows nothing reads the whole backlog for each claim."""
    place = opened.engine.url.set(username="portal_owner", drivername="postgresql")
    owner = place.set(password=place.username).render_as_string(hide_password=False)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ANALYZE")


def an_endpoint(work, host):
    with work.begin() as tx:
        endpoint_id = tx.new_id()
        endpoints.insert_endpoint(
            tx,
            endpoint_id=endpoint_id,
            url=f"http://{host}/hooks",
            patterns=["payment.*"],
            is_ordered=True,
            secret=SECRET,
            private_key=None,
            now=now(),
        )
    return endpoint_id


PAYLOAD = {
    "id": "pay_1",
    "amount": {"minor": 9_375, "currency": "GBP"},
    "agreement": "agr_1",
    "method": "card",
}


def fill(work, endpoint_id, count, first):
    """Write events over many accounts, due at one endpoint, as many actions would have left them."""
    at = now()
    with work.begin() as tx:
        for start in range(first, first + count, 5_000):
            rows = [
                {
                    "lender_id": tx.lender_id,
                    "id": tx.new_id(),
                    "account_ref": f"AC-{number % ACCOUNTS}",
                    "account_sequence": number // ACCOUNTS + 1,
                    "type": "payment.succeeded",
                    "creditor_ref": "tamarind",
                    "debtor_ref": "dbt_1",
                    "actor": {"kind": "system"},
                    "occurred_at": at,
                    "payload": PAYLOAD,
                }
                for number in range(start, min(start + 5_000, first + count))
            ]
            tx.execute(insert(events), rows)
            ids = [row["id"] for row in rows]
            delivery_log.insert_deliveries(tx, endpoint_id=endpoint_id, event_ids=ids, now=at)
    return first + count


def a_loop(opened, *hosts):
    sender = WebhookSender(guard=AddressGuard(open_hosts=hosts))
    return DeliveryLoop(database=opened, sender=sender, now=now)


def drain(loop, work, count, endpoint_id):
    """Deliver what waits; gives (CPU seconds, wall seconds) of one event."""
    cpu, wall = time.process_time(), time.perf_counter()
    loop.run_until_idle(seconds=600)
    spent = (time.process_time() - cpu) / count, (time.perf_counter() - wall) / count
    with work.read() as tx:
        for state in LEFT:
            assert not delivery_log.list_deliveries(tx, endpoint_id=endpoint_id, state=state, limit=1)
    return spent


def post_bare(host, count):
    """Do by hand what delivering one event cannot do without: write the body, sign it, send it, read the status.

    One kept connection, no database, no order, no checks, no retries. Gives (CPU, wall) of one event.
    """
    name, port = host.split(":")
    with socket.create_connection((name, int(port))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cpu, wall = time.process_time(), time.perf_counter()
        for number in range(count):
            connection.sendall(_request(host, number))
            assert connection.recv(4_096).split(b" ", 2)[1] == b"200"
        return (time.process_time() - cpu) / count, (time.perf_counter() - wall) / count


def _request(host, number):
    body = encode(
        build_envelope(
            type="payment.succeeded",
            occurred_at=now(),
            lender="northwind",
            actor={"kind": "system"},
            payload=PAYLOAD,
            creditor="tamarind",
            account="AC-1",
            debtor="dbt_1",
            sequence=number,
        )
    )
    headers = SIGNER.sign(webhook_id=write_event_id(new_id()), at=now(), body=body)
    head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return (
        f"POST /hooks HTTP/1.1\r\nHost: {host}\r\ncontent-type: application/json\r\n{head}"
        f"content-length: {len(body)}\r\n\r\n"
    ).encode() + body


def run() -> bool:
    with database() as opened, receiver() as host, receiver(has_answer=False) as dead:
        work = opened.work(build.a_lender(opened, now=now()).lender_id)
        endpoint_id = an_endpoint(work, host)
        loop = a_loop(opened, host, dead)
        first = fill(work, endpoint_id, 200, 0)
        drain(loop, work, 200, endpoint_id)
        first = fill(work, endpoint_id, EVENTS, first)
        take_statistics(opened)
        drain(loop, work, EVENTS, endpoint_id)
        ours, bare, beside = [], [], []
        for _ in range(ROUNDS):
            bare.append(post_bare(host, EVENTS))
            first = fill(work, endpoint_id, EVENTS, first)
            ours.append(drain(loop, work, EVENTS, endpoint_id))
        backlog = []  # before anybody is dead: a loop comes to rest when the last post to a dead receiver has timed out
        for count in BACKLOGS:
            first = fill(work, endpoint_id, count, first)
            backlog.append(drain(loop, work, count, endpoint_id)[1])
        lonely = opened.work(build.a_lender(opened, now=now()).lender_id)
        first_dead = fill(lonely, an_endpoint(lonely, dead), 500, 0)
        for _ in range(ROUNDS):
            first = fill(work, endpoint_id, EVENTS, first)
            beside.append(drain(loop, work, EVENTS, endpoint_id))
        assert first_dead
        loop.stop()
        loop.close()
    return report(ours, bare, beside, backlog)


def report(ours, bare, beside, backlog) -> bool:
    def middle(pairs, place):
        return median(pair[place] for pair in pairs)

    def us(seconds):
        return f"{seconds * 1e6:.0f} us"

    def share(words, one, other, goal, holds):
        ratio = one / other
        return line(words, us(one), us(other), ratio, goal, holds=holds(ratio))

    def at_most(most):
        return lambda ratio: ratio <= most

    cpu, time, bare_cpu, bare_time = (middle(side, place) for side in (ours, bare) for place in (0, 1))
    said = f"an event of {BACKLOGS[1]} / of {BACKLOGS[0]}, time"
    rate = bare_time / time
    neighbor = time / middle(beside, 1)
    return all(
        [
            share("deliver / bare socket, CPU", cpu, bare_cpu, "<= 4", at_most(4)),
            line("deliver / bare socket, rate", us(time), us(bare_time), rate, ">= 0.4", holds=rate >= 0.4),
            line(
                "beside a dead receiver / alone, rate",
                us(middle(beside, 1)),
                us(time),
                neighbor,
                ">= 0.9",
                holds=neighbor >= 0.9,
            ),
            share(said, backlog[1], backlog[0], "<= 1.2", at_most(1.2)),
        ]
    )
