"""kill -9 between commit and send, between send and mark: nothing lost, duplicates carry their id, order restorable."""

import signal
import time

import pytest
import structlog

from portal.core.events.envelope import write_event_id
from portal.gateways.clock import WallClock
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import SECRET, an_account, an_endpoint, states, tell
from tests.jobs.killing import (
    ARGUMENTS,
    context,
    environment,
    kill_under_load,
    mark_before_sending,
    wait_until,
    work_honestly,
)

now = WallClock().now
log = structlog.get_logger(__name__)


def slowly(seconds):
    def answer(_event):
        time.sleep(seconds)
        return 200

    return answer


def check_nothing_lost(receiver, told):
    assert receiver.faults == []
    events = {write_event_id(event_id): ref for ref, ids in told.items() for event_id in ids}
    got = [webhook_id for webhook_id, _ in receiver.got]
    assert set(got) == set(events), f"{len(set(events) - set(got))} of {len(events)} lost"
    bodies = {}
    for webhook_id, event in receiver.got:
        assert bodies.setdefault(webhook_id, event) == event, "a duplicate is the same event"
    for account_ref, ids in told.items():
        first = [one for one in dict.fromkeys(got) if events[one] == account_ref]
        assert first == [write_event_id(one) for one in ids], "first arrivals keep the account's order"
        sequence = sorted({bodies[one]["data"]["sequence"] for one in first})
        assert len(sequence) == len(ids), "and the sequence restores it"
    return len(got) - len(set(got))


def test_kills_lose_nothing(work, lender, database_urls, tmp_path):
    """Few of them here: each costs the start of a process, and what a dead one held waits for its lease."""
    with honest_receiver(SECRET) as receiver:
        told = kill_under_load(
            work, lender, database_urls, receiver, kills=8, now=now, pause=0.02, ahead=tmp_path / "ahead"
        )
        check_nothing_lost(receiver, told)
        assert sum(map(len, told.values())) > 100


@pytest.mark.long
def test_a_thousand_kills_lose_nothing(work, lender, database_urls, tmp_path):
    with honest_receiver(SECRET) as receiver:
        told = kill_under_load(
            work, lender, database_urls, receiver, kills=1_000, now=now, ahead=tmp_path / "ahead"
        )
        duplicates = check_nothing_lost(receiver, told)
        log.info("killed", events=sum(map(len, told.values())), duplicates=duplicates, lost=0)


def test_the_gate_sees_a_worker_that_marks_before_it_sends(work, lender, database_urls, tmp_path):
    with honest_receiver(SECRET) as receiver:
        receiver.status = slowly(0.1)
        told = kill_under_load(
            work, lender, database_urls, receiver, kills=2, target=mark_before_sending, now=now, backlog=20,
            ahead=tmp_path / "ahead",
            is_ordered=False,  # so that a claim holds many, of which a dead worker has sent few
        )  # fmt: skip
        with pytest.raises(AssertionError, match="lost"):
            check_nothing_lost(receiver, told)


def test_several_workers_share_without_sending_twice(work, lender, database_urls):
    with honest_receiver(SECRET) as receiver:
        endpoint_id = an_endpoint(work, receiver.url, now=now())
        told = {an_account(work, lender): [] for _ in range(40)}
        for number in range(10):
            for account_ref, ids in told.items():
                ids.append(tell(work, account_ref, number=number, now=now()))
        environ = environment(database_urls, receiver.host)
        workers = [
            context().Process(
                target=work_honestly,
                args=(environ, (*ARGUMENTS, "--lease-seconds=30", "--hint-seconds=0.05")),
            )
            for _ in range(4)
        ]
        for worker in workers:
            worker.start()
        try:
            wait_until(lambda: len(receiver.got) >= 400, seconds=30)
            time.sleep(0.5)
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.join(10)
        assert check_nothing_lost(receiver, told) == 0
        assert states(work, endpoint_id) == {"delivered": 200}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_settles_what_it_has(work, lender, database_urls, number):
    with honest_receiver(SECRET) as receiver:
        receiver.status = slowly(0.1)
        endpoint_id = an_endpoint(work, receiver.url, now=now())
        refs = [an_account(work, lender) for _ in range(30)]
        for account_ref in refs:
            tell(work, account_ref, now=now())
        worker = context().Process(target=work_honestly, args=(environment(database_urls, receiver.host),))
        worker.start()
        wait_until(lambda: len(receiver.got) >= 3, seconds=20)
        began = time.monotonic()
        signal.pidfd_send_signal(_pidfd(worker), number)
        worker.join(10)
        assert worker.exitcode == 0
        assert time.monotonic() - began < 3
        left = states(work, endpoint_id)
        assert "sending" not in left
        assert left["delivered"] == len(receiver.got)


def _pidfd(worker):
    import os

    return os.pidfd_open(worker.pid)
