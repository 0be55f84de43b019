"""The delivery loop's own work against the least that a queue in PostgreSQL can do: batches with SKIP LOCKED, marked.

Nothing is posted on either side: a sender that answers at once stands for the receiver. The loop claims with order
per account, leases, signs, keeps an attempt for each delivery and settles; the reference reads the same and marks it.
"""

import time
from datetime import UTC, datetime
from functools import partial
from statistics import median

from benchmarks.deliveries import an_endpoint, database, drain, fill
from benchmarks.measure import line
from portal.gateways.address_guard import AddressGuard
from portal.gateways.webhooks import Answer, WebhookSender
from portal.jobs.delivery.loop import DeliveryLoop
from tests import build

ROUNDS, EVENTS, BATCH = 5, 3_000, 200
GOAL = 0.5
CLAIM = """
SELECT d.event_id, e.type, e.payload, e.account_ref, e.account_sequence
  FROM deliveries d JOIN events e ON e.lender_id = d.lender_id AND e.id = d.event_id
 WHERE d.lender_id = %(lender)s AND d.endpoint_id = %(endpoint)s AND d.state = 'due'
 ORDER BY d.event_id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
"""
MARK = """
UPDATE deliveries SET state = 'delivered'
 WHERE lender_id = %(lender)s AND endpoint_id = %(endpoint)s AND event_id = ANY(%(ids)s)
"""


class Deaf(WebhookSender):
    """A sender that posts nothing and is answered at once."""

    def begin(self, *, done, **_letter):
        self.call(partial(done, Answer(status=200, duration_ms=1)))


def now():
    return datetime.now(UTC)


def by_hand(work, endpoint_id):
    """Drain the queue in batches; gives how many rows were taken."""
    taken = 0
    while True:
        with work.begin() as tx:
            cursor = tx.connection.connection.driver_connection.cursor()
            place = {"lender": tx.lender_id, "endpoint": endpoint_id}
            rows = cursor.execute(CLAIM, place | {"limit": BATCH}).fetchall()
            if not rows:
                return taken
            cursor.execute(MARK, place | {"ids": [row[0] for row in rows]})
        taken += len(rows)


def run() -> bool:
    with database() as opened:
        work = opened.work(build.a_lender(opened, now=now()).lender_id)
        endpoint_id = an_endpoint(work, "127.0.0.1:9")
        sender = Deaf(guard=AddressGuard(open_hosts=("127.0.0.1:9",)))
        loop = DeliveryLoop(database=opened, sender=sender, now=now)
        ours, theirs = [], []
        first = fill(work, endpoint_id, 200, 0)
        drain(loop, work, 200, endpoint_id)
        for _ in range(ROUNDS):
            first = fill(work, endpoint_id, EVENTS, first)
            ours.append(drain(loop, work, EVENTS, endpoint_id)[1])
            first = fill(work, endpoint_id, EVENTS, first)
            began = time.perf_counter()
            assert by_hand(work, endpoint_id) == EVENTS
            theirs.append((time.perf_counter() - began) / EVENTS)
        loop.stop()
        loop.close()
    mine, least = median(ours), median(theirs)
    rate = least / mine
    return line(
        "outbox loop / batches by hand, rate",
        f"{1 / mine:,.0f} events/s",
        f"{1 / least:,.0f} events/s",
        rate,
        f">= {GOAL}",
        holds=rate >= GOAL,
    )
