"""kill -9 of PostgreSQL under load: what was committed arrives, with the same id, in the account's order."""

import os
import random
import signal
import threading
import time

import pytest
import structlog
from sqlalchemy.exc import DBAPIError

from portal.cli.database import prepare, start, stop
from portal.core.events.envelope import write_event_id
from portal.gateways.clock import WallClock
from portal.gateways.ids import new_id
from portal.store.work import open_database
from tests import build
from tests.databases import migrated_database
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import SECRET, an_account, an_endpoint, tell
from tests.jobs.killing import context, environment, wait_until, work_honestly

KILLS = 50
now = WallClock().now
log = structlog.get_logger(__name__)


class Writer(threading.Thread):
    """Tells events as fast as the database lets it; `told` is what was committed, by account, in its order."""

    def __init__(self, work, refs):
        super().__init__(daemon=True)
        self.work, self.told = work, {ref: [] for ref in refs}
        self.is_over, self.interrupted = threading.Event(), 0

    def run(self):
        dice, number = random.Random(7), 0
        while not self.is_over.wait(0.003):
            number += 1
            ref = dice.choice(sorted(self.told))
            try:
                self.told[ref].append(tell(self.work, ref, number=number, now=now()))
            except DBAPIError:  # it was killed: nobody knows whether this one was committed
                self.interrupted += 1
                time.sleep(0.05)


def kill_often(server, child, *, kills):
    """Kill the server with -9 again and again, at any moment; gives the last one that runs."""
    dice = random.Random(11)
    for _ in range(kills):
        time.sleep(dice.uniform(0.1, 0.7))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child = start(server)
    return child


def check_order(receiver):
    """First arrivals of an account are in the order of its sequence, and each id is always the same event."""
    bodies, last = {}, {}
    for webhook_id, event in receiver.got:
        if bodies.setdefault(webhook_id, event) is not event:
            assert bodies[webhook_id] == event, "a duplicate is the same event"
            continue
        account, sequence = event["data"]["account"], event["data"]["sequence"]
        assert sequence > last.get(account, 0), "first arrivals keep the account's order"
        last[account] = sequence
    return len(receiver.got) - len(bodies)


@pytest.mark.long
def test_fifty_kills_of_the_database_lose_nothing(tmp_path):
    server = prepare(tmp_path / "server", os.environ)
    child = start(server)  # durable: not the fast settings that tests have otherwise
    try:
        with migrated_database(server.url()) as urls, honest_receiver(SECRET) as receiver:
            opened = open_database(url=urls["app"], master_key=build.MASTER_KEY, new_id=new_id, pool_size=2)
            lender = build.a_lender(opened)
            work = opened.work(lender.lender_id)
            an_endpoint(work, receiver.url, now=now())
            writer = Writer(work, [an_account(work, lender) for _ in range(12)])
            worker = context().Process(target=work_honestly, args=(environment(urls, receiver.host),))
            worker.start()
            writer.start()
            child = kill_often(server, child, kills=KILLS)
            writer.is_over.set()
            writer.join()
            told = {write_event_id(one) for ids in writer.told.values() for one in ids}
            wait_until(lambda: told <= {webhook_id for webhook_id, _ in list(receiver.got)}, seconds=180)
            assert worker.is_alive(), "a worker outlives its database"
            worker.terminate()
            worker.join(10)
            duplicates = check_order(receiver)
            assert receiver.faults == []
            opened.engine.dispose()
            log.info(
                "database_killed", kills=KILLS, events=len(told), interrupted=writer.interrupted,
                duplicates=duplicates, lost=0,
            )  # fmt: skip
    finally:
        stop(child)
