"""Hostile receivers beside an honest one: its events are not late, the worker stays small, nothing leads inside."""

import contextlib
import time
from pathlib import Path

import pytest

from portal.core.deliveries import RETRY_DELAYS
from portal.core.events.envelope import write_event_id
from portal.gateways.clock import WallClock
from portal.store import delivery_results
from tests.gateways.receivers import BEHAVIORS, honest_receiver, hostile_receiver
from tests.jobs.bench import (
    SECRET,
    a_loop,
    an_account,
    an_endpoint,
    attempts_of,
    ids,
    log_of,
    numbers,
    pass_time,
    states,
    tell,
    tell_house,
)
from tests.jobs.killing import context, environment, wait_until, work_honestly

now = WallClock().now
LAG_SECONDS_MAX = 2.0
RSS_BYTES_MAX = 100 * 1024 * 1024


def resident_bytes(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


def test_twenty_hostile_receivers_do_not_delay_an_honest_one(work, lender, database_urls, database):
    from tests import build

    arrived = {}

    def keep_time(event):
        arrived[event["data"]["payment"]["id"]] = time.time()
        return 200

    with contextlib.ExitStack() as stack:
        hostile = [
            stack.enter_context(hostile_receiver(behave)) for behave, _ in list(BEHAVIORS.values())[:20]
        ]
        honest = stack.enter_context(honest_receiver(SECRET, status=keep_time))
        other = build.a_lender(database)
        other_work = database.work(other.lender_id)
        other_account = an_account(other_work, other)
        for receiver in hostile[:10]:
            an_endpoint(work, receiver.url)
        for receiver in hostile[10:]:
            an_endpoint(other_work, receiver.url)
        an_endpoint(work, honest.url, patterns=["payment.*"])
        refs = [an_account(work, lender) for _ in range(10)]
        environ = environment(database_urls, honest.host, *(receiver.host for receiver in hostile))
        worker = context().Process(target=work_honestly, args=(environ, ()))
        worker.start()
        try:
            for number in range(5):
                tell(other_work, other_account, number=number, now=now())
            tell(work, refs[0], number="warm", now=now())
            wait_until(lambda: "pay_warm" in arrived, seconds=20)
            told = {}
            for number in range(80):
                told[f"pay_{number}"] = time.time()
                tell(work, refs[number % 10], number=number, now=now())
                time.sleep(0.05)
            wait_until(lambda: len(arrived) >= 81, seconds=20)
            assert resident_bytes(worker.pid) < RSS_BYTES_MAX
        finally:
            worker.kill()
            worker.join()
        lags = sorted(arrived[name] - at for name, at in told.items())
        assert lags[int(len(lags) * 0.95)] < LAG_SECONDS_MAX, lags[-5:]
        assert sum(receiver.connections for receiver in hostile) >= 20, "each was tried"


def test_a_name_that_leads_inside_is_never_connected_to(work, database, lender, clock):
    """The endpoint was honest when it was saved; then its name began to lead to a listener inside."""
    with (
        honest_receiver(SECRET) as canary,
        a_loop(database, clock, resolve=lambda *_: ["127.0.0.1"]) as loop,
    ):
        endpoint_id = an_endpoint(work, "https://rebind.acme.com:8443/in")
        event_id = tell(work, an_account(work, lender))
        loop.run_until_idle()
        (attempt,) = attempts_of(work, endpoint_id, event_id)
        assert (attempt.status_code, attempt.error) == (None, "refused_address")
        assert canary.connections == 0


def test_a_poison_event_does_not_block_the_others(work, database, lender, clock):
    def answer(event):
        return 400 if event["data"]["payment"]["id"] == "pay_000" else 200

    with (
        honest_receiver(SECRET, status=answer) as receiver,
        a_loop(database, clock, receiver.host) as loop,
    ):
        endpoint_id = an_endpoint(work, receiver.url)
        refs = [an_account(work, lender) for _ in range(20)]
        for number in range(200):
            tell(work, refs[number % 20], number=f"{number:03d}")
        loop.run_until_idle()
        blocked = refs[0]
        assert numbers(receiver, blocked) == [], "order is the contract: what follows it waits"
        assert len(receiver.got) == 190
        assert states(work, endpoint_id) == {"delivered": 190, "due": 10}
        assert {line.account_ref for line in log_of(work, endpoint_id, state="due")} == {blocked}
        for delay in RETRY_DELAYS:
            pass_time(clock, seconds=delay.total_seconds() * 1.1)
            loop.run_until_idle()
        assert log_of(work, endpoint_id, state="dead")[0].event_type == "payment.succeeded"
        assert len(numbers(receiver, blocked)) == 9, "once given up, what followed goes out"


def test_without_order_nothing_waits(work, database, lender, clock):
    def answer(event):
        return 400 if event["data"]["payment"]["id"] == "pay_0" else 200

    with (
        honest_receiver(SECRET, status=answer) as receiver,
        a_loop(database, clock, receiver.host) as loop,
    ):
        an_endpoint(work, receiver.url, is_ordered=False)
        account_ref = an_account(work, lender)
        for number in range(5):
            tell(work, account_ref, number=number)
        loop.run_until_idle()
        assert len(receiver.got) == 4


def test_an_event_that_cannot_be_written_is_given_up_at_once_and_seen(work, database, lender, clock):
    from sqlalchemy import insert

    from portal.store import delivery_log
    from portal.store.tables.events import events

    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        with work.begin() as tx:
            event_id = tx.new_id()
            tx.execute(
                insert(events).values(
                    lender_id=tx.lender_id,
                    id=event_id,
                    type="bounds.published",
                    actor={"kind": "staff"},
                    occurred_at=clock.now(),
                    payload={"version": "x" * 30_000},
                )
            )
            delivery_log.insert_deliveries(tx, endpoint_id=endpoint_id, event_ids=[event_id], now=clock.now())
        good = tell_house(work)
        loop.run_until_idle()
        assert ids(receiver) == [write_event_id(good)]
        (line,) = log_of(work, endpoint_id, state="dead")
        assert attempts_of(work, endpoint_id, line.event_id)[0].error == "unencodable"


def test_a_database_that_goes_away_is_waited_for(work, database, lender, clock, monkeypatch):
    from sqlalchemy.exc import OperationalError

    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        an_endpoint(work, receiver.url)
        tell(work, an_account(work, lender))
        honest, calls = delivery_results.settle_delivered, []

        def away(*parts, **more):
            calls.append(1)
            if len(calls) <= 2:
                raise OperationalError("COMMIT", {}, Exception("gone"))
            return honest(*parts, **more)

        monkeypatch.setattr(delivery_results, "settle_delivered", away)
        for _ in range(2):
            with pytest.raises(OperationalError):
                loop.run_until_idle()
        loop.run_until_idle()
        assert len(receiver.got) == 1, "what is known in memory is settled, not sent again"
