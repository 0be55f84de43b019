from datetime import timedelta
from uuid import uuid4

import pytest

from portal.actions.endpoints import replay_deliveries as module
from portal.actions.endpoints.replay_deliveries import replay_deliveries, replay_range
from portal.core.actors import staff_actor
from portal.core.events.envelope import write_event_id
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import (
    SECRET,
    a_loop,
    an_account,
    an_endpoint,
    attempts_of,
    ids,
    next_due,
    numbers,
    states,
    tell,
    tell_house,
)

STAFF = staff_actor("stf_1")


@pytest.fixture
def bench(work, database, lender, clock):
    """A receiver of payments that has got five events of one account, one a minute."""
    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url, patterns=["payment.*"])
        account_ref = an_account(work, lender)
        start = clock.now()
        told = []
        for number in range(5):
            told.append(tell(work, account_ref, number=number, now=clock.now()))
            tell_house(work, now=clock.now())
            clock.move(timedelta(minutes=1))
        loop.run_until_idle()
        assert ids(receiver) == [write_event_id(one) for one in told]
        receiver.got.clear()
        yield receiver, loop, endpoint_id, account_ref, told, start


def test_one_or_many_come_again_with_their_own_ids_in_order(work, bench, clock):
    receiver, loop, endpoint_id, _, told, _ = bench
    wanted = [told[3], told[1]]
    done = replay_deliveries(work, endpoint_id=endpoint_id, event_ids=wanted, actor=STAFF, now=clock.now())
    assert (done.kind, done.deliveries) == ("replayed", 2)
    loop.run_until_idle()
    assert ids(receiver) == [write_event_id(told[1]), write_event_id(told[3])]
    assert len(attempts_of(work, endpoint_id, told[1])) == 2
    assert states(work, endpoint_id) == {"delivered": 5}


def test_a_range_comes_again_from_its_start_to_before_its_end(work, bench, clock):
    receiver, loop, endpoint_id, account_ref, told, start = bench
    span = {"since": start + timedelta(minutes=1), "until": start + timedelta(minutes=4)}
    done = replay_range(work, endpoint_id=endpoint_id, actor=STAFF, now=clock.now(), **span)
    assert (done.kind, done.deliveries) == ("replayed", 3)
    loop.run_until_idle()
    assert ids(receiver) == [write_event_id(one) for one in told[1:4]]
    assert numbers(receiver, account_ref) == sorted(numbers(receiver, account_ref))


def test_a_range_of_types_that_were_never_subscribed_goes_out_too(work, bench, clock):
    receiver, loop, endpoint_id, _, _, start = bench
    span = {"since": start, "until": clock.now(), "patterns": ["bounds.*"]}
    done = replay_range(work, endpoint_id=endpoint_id, actor=STAFF, now=clock.now(), **span)
    assert done.deliveries == 5
    loop.run_until_idle()
    assert {event["type"] for _, event in receiver.got} == {"bounds.published"}


def test_what_is_given_up_can_be_asked_for_again(work, database, lender, clock):
    with honest_receiver(SECRET, status=400) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        event_id = tell(work, an_account(work, lender))
        while states(work, endpoint_id) != {"dead": 1}:
            clock.move(max(next_due(work, clock) - clock.now(), timedelta(0)))
            loop.run_until_idle()
        receiver.status = 200
        done = replay_deliveries(
            work, endpoint_id=endpoint_id, event_ids=[event_id], actor=STAFF, now=clock.now()
        )
        assert done.deliveries == 1


def test_nothing_unknown_and_too_much_are_told(work, bench, clock, monkeypatch):
    _, _, endpoint_id, _, told, start = bench
    plain = {"actor": STAFF, "now": clock.now()}
    assert replay_deliveries(work, endpoint_id=uuid4(), event_ids=told, **plain).kind == "unknown"
    assert replay_deliveries(work, endpoint_id=endpoint_id, event_ids=[uuid4()], **plain).kind == "nothing"
    span = {"since": start, "until": clock.now()}
    assert replay_range(work, endpoint_id=uuid4(), **span, **plain).kind == "unknown"
    bad = replay_range(work, endpoint_id=endpoint_id, **span, **plain, patterns=["no.such"])
    assert bad.kind == "bad_patterns"
    monkeypatch.setattr(module, "REPLAY_MAX", 3)
    assert replay_range(work, endpoint_id=endpoint_id, **span, **plain).kind == "too_many"
    assert replay_deliveries(work, endpoint_id=endpoint_id, event_ids=told, **plain).kind == "too_many"


def test_what_waits_for_its_next_attempt_is_tried_at_once_and_what_stands_behind_it_follows(
    work, bench, clock
):
    receiver, loop, endpoint_id, account_ref, _, _ = bench
    receiver.status = 503
    waiting = [tell(work, account_ref, number=number, now=clock.now()) for number in (5, 6)]
    for _ in range(3):
        loop.run_until_idle()
        clock.move(timedelta(minutes=6))
    loop.run_until_idle()
    receiver.status = 200
    loop.run_until_idle()
    assert receiver.got == [], "it rests"
    done = replay_deliveries(
        work, endpoint_id=endpoint_id, event_ids=waiting[:1], actor=STAFF, now=clock.now()
    )
    assert (done.kind, done.deliveries) == ("replayed", 1)
    loop.run_until_idle()
    assert ids(receiver) == [write_event_id(one) for one in waiting]
