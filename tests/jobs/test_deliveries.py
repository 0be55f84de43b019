import pytest

from portal.core.deliveries import RETRY_DELAYS
from portal.core.events.envelope import write_event_id
from portal.store import delivery_hints, endpoints
from tests.gateways.receivers import honest_receiver
from tests.jobs.bench import (
    SECRET,
    a_loop,
    an_account,
    an_endpoint,
    attempts_of,
    endpoint,
    ids,
    log_of,
    next_due,
    numbers,
    pass_time,
    states,
    tell,
    tell_house,
)


def test_an_event_reaches_the_lender_as_the_contract_says(database, work, lender, clock):
    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        account_ref = an_account(work, lender)
        event_id = tell(work, account_ref)
        loop.run_until_idle()
        assert receiver.faults == []
        assert ids(receiver) == [write_event_id(event_id)]
        data = receiver.got[0][1]["data"]
        assert data == {
            "lender": lender.slug,
            "creditor": "tamarind",
            "account": account_ref,
            "debtor": "dbt_1",
            "sequence": data["sequence"],
            "actor": {"kind": "system"},
            "payment": {"id": "pay_1"},
        }
        (attempt,) = attempts_of(work, endpoint_id, event_id)
        assert (attempt.number, attempt.status_code, attempt.error) == (1, 200, None)
        assert attempt.answer_start == '{"status": 200}'
        assert states(work, endpoint_id) == {"delivered": 1}
        assert next_due(work, clock) is None
        loop.run_until_idle()
        assert len(receiver.got) == 1


def test_an_endpoint_gets_what_it_asked_for(database, work, lender, clock):
    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        some = an_endpoint(work, receiver.url, patterns=["payment.*"])
        whole = an_endpoint(work, receiver.url, patterns=["bounds.published", "key.*"])
        account_ref = an_account(work, lender)
        tell(work, account_ref)
        tell_house(work)
        loop.run_until_idle()
        assert [line.event_type for line in log_of(work, some)] == ["payment.succeeded"]
        assert [line.event_type for line in log_of(work, whole)] == ["bounds.published"]


def test_a_failing_receiver_is_tried_ten_times_over_75_hours_and_then_given_up(database, work, lender, clock):
    with (
        honest_receiver(SECRET, status=400) as receiver,
        a_loop(database, clock, receiver.host) as loop,
    ):
        endpoint_id = an_endpoint(work, receiver.url)
        event_id = tell(work, an_account(work, lender))
        loop.run_until_idle()
        for number, delay in enumerate(RETRY_DELAYS, 1):
            assert [a.number for a in attempts_of(work, endpoint_id, event_id)] == list(range(1, number + 1))
            (line,) = log_of(work, endpoint_id)
            assert delay <= line.due_at - clock.now() <= delay * 1.1
            pass_time(clock, seconds=(line.due_at - clock.now()).total_seconds() - 1)
            loop.run_until_idle()
            assert len(attempts_of(work, endpoint_id, event_id)) == number, "not before its time"
            pass_time(clock, seconds=1)
            loop.run_until_idle()
        assert states(work, endpoint_id) == {"dead": 1}
        assert len(attempts_of(work, endpoint_id, event_id)) == 10
        assert next_due(work, clock) is None


def test_a_receiver_that_comes_back_after_three_days_gets_everything_in_order(database, work, lender, clock):
    with honest_receiver(SECRET, status=503) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        accounts = [an_account(work, lender) for _ in range(3)]
        told = []
        for hour in range(36):
            told += [tell(work, account_ref, number=hour, now=clock.now()) for account_ref in accounts]
            loop.run_until_idle()
            pass_time(clock, hours=2)
        assert receiver.got == []
        assert set(states(work, endpoint_id)) == {"due"}
        receiver.status = 200
        for _ in range(30):
            pass_time(clock, hours=1)
            loop.run_until_idle()
        assert sorted(ids(receiver)) == sorted(write_event_id(one) for one in told)
        for account_ref in accounts:
            sequence = numbers(receiver, account_ref)
            assert sequence == sorted(sequence)
            assert len(sequence) == 36
        assert endpoint(work, endpoint_id).failing_since is None


def test_gone_stops_the_endpoint_tells_the_house_and_keeps_what_waits(database, work, lender, clock):
    with honest_receiver(SECRET, status=410) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        account_ref = an_account(work, lender)
        tell(work, account_ref)
        loop.run_until_idle()
        found = endpoint(work, endpoint_id)
        assert (found.state, found.disabled_reason) == ("disabled", "gone")
        tell(work, account_ref, number=2)
        loop.run_until_idle()
        waiting = log_of(work, endpoint_id)
        assert {line.state for line in waiting} == {"due"}
        assert [line.event_type for line in waiting][1:] == ["endpoint.disabled", "payment.succeeded"]
        receiver.status = 200
        with work.begin() as tx:
            assert endpoints.enable(tx, endpoint_id=endpoint_id)
            tx.deliveries_due_at = clock.now()
        loop.run_until_idle()
        assert states(work, endpoint_id) == {"delivered": 3}
        assert len(numbers(receiver, account_ref)) == 2


def test_120_hours_of_nothing_but_failures_stop_an_endpoint(database, work, lender, clock):
    with honest_receiver(SECRET, status=500) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        for _ in range(61):
            tell_house(work, now=clock.now())
            loop.run_until_idle()
            pass_time(clock, hours=2)
        loop.run_until_idle()
        found = endpoint(work, endpoint_id)
        assert (found.state, found.disabled_reason) == ("disabled", "failing")


def test_the_lender_is_warned_once_at_the_fourth_failure(database, work, lender, clock, database_urls):
    import psycopg

    def warnings():
        with psycopg.connect(database_urls["app"]) as connection:
            query = (
                "SELECT args FROM procrastinate.procrastinate_jobs WHERE task_name = 'warn_endpoint'"
                " AND args->>'endpoint' = %s"
            )
            return connection.execute(query, [str(endpoint_id)]).fetchall()

    with honest_receiver(SECRET, status=500) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        tell(work, an_account(work, lender))
        seen = []
        for _ in range(6):
            loop.run_until_idle()
            seen.append(len(warnings()))
            pass_time(clock, hours=9)
        assert seen == [0, 0, 0, 1, 1, 1]
        assert warnings()[0][0]["lender_id"] == lender.lender_id


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(database, work, lender, clock, status):
    with (
        honest_receiver(SECRET, status=status, headers={"retry-after": "600"}) as receiver,
        a_loop(database, clock, receiver.host) as loop,
    ):
        an_endpoint(work, receiver.url)
        tell(work, an_account(work, lender))
        loop.run_until_idle()
        seen = receiver.connections
        for _ in range(3):
            tell(work, an_account(work, lender))
            pass_time(clock, seconds=190)
            loop.run_until_idle()
        assert receiver.connections == seen
        receiver.status = 200
        pass_time(clock, seconds=60)
        loop.run_until_idle()
        assert len(receiver.got) == 4


def test_a_secret_rotates_without_one_refused_delivery(database, work, lender, clock):
    fresh = "whsec_" + "bmV3LXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGVzIQ=="
    with (
        honest_receiver(SECRET) as old,
        honest_receiver(fresh) as new,
        a_loop(database, clock, old.host, new.host) as loop,
    ):
        endpoint_id = an_endpoint(work, old.url)
        account_ref = an_account(work, lender)
        tell(work, account_ref)
        loop.run_until_idle()
        until = clock.now()
        with work.begin() as tx:
            pass_time(clock, hours=1)
            endpoints.rotate_secret(tx, endpoint_id=endpoint_id, secret=fresh, previous_until=clock.now())
            pass_time(clock, hours=-1)
        tell(work, account_ref)
        loop.run_until_idle()
        with work.begin() as tx:
            endpoints.update_endpoint(
                tx, endpoint_id=endpoint_id, url=new.url, patterns=["*"], is_ordered=True
            )
        tell(work, account_ref)
        loop.run_until_idle()
        pass_time(clock, hours=1)
        tell(work, account_ref)
        loop.run_until_idle()
        assert (len(old.got), len(new.got)) == (2, 2)
        assert old.faults == new.faults == []
        assert until < clock.now()


def test_a_lost_hint_is_found_by_the_sweeper(database, work, lender, clock):
    from portal.jobs.delivery.sweeper import sweep

    with honest_receiver(SECRET) as receiver, a_loop(database, clock, receiver.host) as loop:
        endpoint_id = an_endpoint(work, receiver.url)
        tell(work, an_account(work, lender))
        _lose_hint(database, lender)
        loop.run_until_idle()
        assert receiver.got == [], "without its hint the lender is not asked"
        assert sweep(database, now=clock.now()) >= 1
        loop.run_until_idle()
        assert states(work, endpoint_id) == {"delivered": 1}
        assert next_due(work, clock) is None


def _lose_hint(database, lender):
    from datetime import timedelta

    from tests import build

    far = build.NOW + timedelta(days=3650)
    with database.shared().begin() as tx:
        while lender.lender_id not in delivery_hints.take(tx, now=build.NOW, until=far, limit=1):
            pass
        assert delivery_hints.settle(tx, lender_id=lender.lender_id, taken_until=far, next_due=None)
