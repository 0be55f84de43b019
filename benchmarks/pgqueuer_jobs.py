"""The delivery loop against pgqueuer, where that is installed beside (it is no dependency): rows done a second.

Twice: jobs that do nothing, and jobs that do what delivering does besides the post: write the body, sign it, keep an
attempt. pgqueuer keeps no order by account and leases nothing. Its tables are logged ones, as the outbox is, and it
talks over asyncpg, the quicker of its drivers. Each side drains its queue in one process; the server is the same.

    PYTHONPATH=/somewhere/pgqueuer ./portal.sh run -- python -m benchmarks pgqueuer_jobs
"""

import asyncio
import json
import os
import secrets
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

import psycopg

from benchmarks.deliveries import PAYLOAD, SIGNER, an_endpoint, database, drain, fill
from benchmarks.measure import line
from benchmarks.outbox import Deaf
from portal.cli.checks import test_server
from portal.core.events.envelope import write_body, write_event_id
from portal.gateways.address_guard import AddressGuard
from portal.gateways.ids import new_id
from portal.jobs.delivery.loop import DeliveryLoop
from tests import build

try:
    import asyncpg
    import pgqueuer
    from pgqueuer.db import AsyncpgDriver
    from pgqueuer.types import QueueExecutionMode
except ImportError:
    pgqueuer = None

ROUNDS, EVENTS, BATCH = 5, 3_000, 100
GOAL = 2.0
TABLE = """
CREATE TABLE seen (attempt_id uuid PRIMARY KEY, event_id uuid NOT NULL, number int NOT NULL, at timestamptz NOT NULL,
  status_code int, duration_ms int NOT NULL, answer_start text NOT NULL, error text)
"""
KEEP = "INSERT INTO seen VALUES ($1, $2, 1, $3, 200, 1, '', NULL)"


def now():
    return datetime.now(UTC)


async def nothing(_job):
    """Do nothing: what is measured is the queue."""


def delivering(connection):
    """Give the job that does what delivering an event does besides the post."""

    async def deliver(job):
        event_id = new_id()
        body = write_body(
            type="payment.succeeded",
            occurred_at=now(),
            lender="northwind",
            actor='{"kind": "system"}',
            payload=job.payload.decode(),
            creditor="tamarind",
            account="AC-1",
            debtor="dbt_1",
            sequence=1,
        )
        assert SIGNER.sign(webhook_id=write_event_id(event_id), at=now(), body=body)
        await connection.execute(KEEP, new_id(), event_id, now())

    return deliver


async def theirs(url, name):
    """Let pgqueuer drain so many jobs of a kind; gives the seconds of one."""
    connection = await asyncpg.connect(url)
    manager = pgqueuer.QueueManager(pgqueuer.Queries(AsyncpgDriver(connection)))
    manager.entrypoint("nothing")(nothing)
    manager.entrypoint("deliver")(delivering(connection))
    payload = json.dumps(PAYLOAD).encode()
    await manager.queries.enqueue([name] * EVENTS, [payload] * EVENTS, [0] * EVENTS)
    began = time.perf_counter()
    await manager.run(batch_size=BATCH, mode=QueueExecutionMode.drain)
    return (time.perf_counter() - began) / EVENTS


async def install(url):
    """Make pgqueuer's tables, logged ones, and the table of attempts."""
    connection = await asyncpg.connect(url)
    await pgqueuer.Queries(AsyncpgDriver(connection)).install()
    await connection.execute(TABLE)
    await connection.close()


@contextmanager
def a_queue():
    """Give the address of a database for pgqueuer on the server of the tests."""
    with test_server(os.environ) as server:
        name = f"portal_bench_{secrets.token_hex(4)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.rpartition("/")[0] + f"/{name}"
        try:
            asyncio.run(install(url))
            yield url
        finally:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run() -> bool:
    if pgqueuer is None:
        print("pgqueuer is not installed here: nothing is compared")
        return True
    with a_queue() as url, database() as opened:
        work = opened.work(build.a_lender(opened, now=now()).lender_id)
        endpoint_id = an_endpoint(work, "127.0.0.1:9")
        sender = Deaf(guard=AddressGuard(open_hosts=("127.0.0.1:9",)))
        loop = DeliveryLoop(database=opened, sender=sender, now=now)
        ours, empty, same = [], [], []
        first = fill(work, endpoint_id, 200, 0)
        drain(loop, work, 200, endpoint_id)
        for _ in range(ROUNDS):
            first = fill(work, endpoint_id, EVENTS, first)
            ours.append(drain(loop, work, EVENTS, endpoint_id)[1])
            empty.append(asyncio.run(theirs(url, "nothing")))
            same.append(asyncio.run(theirs(url, "deliver")))
        loop.stop()
        loop.close()
    return all([_line("jobs that do nothing", ours, empty), _line("jobs that do the same", ours, same)])


def _line(words, ours, other):
    mine, known = median(ours), median(other)
    rate = known / mine
    figures = f"{1 / mine:,.0f}/s", f"{1 / known:,.0f}/s"
    return line(f"outbox loop / pgqueuer, {words}", *figures, rate, f">= {GOAL}", holds=rate >= GOAL)
