from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.store import deliveries, delivery_hints, delivery_results
from portal.store.delivery_results import Retry
from portal.store.work import Transaction
from tests import build
from tests.jobs.bench import an_account, an_endpoint, states, tell, tell_house

NOW = build.NOW
UNTIL = NOW + timedelta(minutes=1)


def claim(work, endpoint_id, *, now=NOW, is_ordered=True, limit=10):
    with work.begin() as tx:
        return deliveries.claim(
            tx,
            endpoint_id=endpoint_id,
            is_ordered=is_ordered,
            limit=limit,
            now=now,
            until=now + timedelta(minutes=1),
        )


def retry(work, claimed, *, due_at, state="due"):
    with work.begin() as tx:
        delivery_results.settle_retries(
            tx,
            [
                Retry(
                    endpoint_id=claimed.endpoint_id,
                    event_id=claimed.event_id,
                    claimed_until=claimed.claimed_until,
                    state=state,
                    due_at=due_at,
                    attempts=claimed.attempts + 1,
                )
            ],
        )


@pytest.fixture
def endpoint_id(work):
    return an_endpoint(work, "https://hooks.acme.com/")


def test_only_the_first_of_each_account_is_claimed(work, lender, endpoint_id):
    one, two = an_account(work, lender), an_account(work, lender)
    told = [tell(work, account_ref) for account_ref in (one, one, two, one)]
    whole = tell_house(work)
    claims = claim(work, endpoint_id)
    assert [one.event_id for one in claims] == [told[0], told[2], whole]
    assert claim(work, endpoint_id) == [], "what is in hand blocks what follows"
    with work.begin() as tx:
        delivery_results.settle_delivered(tx, endpoint_id=endpoint_id, event_ids=[told[0]], now=NOW)
    assert [one.event_id for one in claim(work, endpoint_id)] == [told[1]]


def test_the_gate_sees_claims_that_forget_the_order(work, lender, endpoint_id, monkeypatch):
    account_ref = an_account(work, lender)
    told = [tell(work, account_ref) for _ in range(3)]
    monkeypatch.setattr(deliveries, "_IS_FIRST", "")
    assert [one.event_id for one in claim(work, endpoint_id)] == told


def test_two_workers_never_claim_the_same(work, lender, endpoint_id):
    for _ in range(6):
        tell(work, an_account(work, lender))
    with work.begin() as first, work.begin() as second:
        options = {"endpoint_id": endpoint_id, "is_ordered": True, "limit": 4, "now": NOW, "until": UNTIL}
        mine = deliveries.claim(first, **options)
        theirs = deliveries.claim(second, **options)
    assert (len(mine), len(theirs)) == (4, 2)
    assert not {one.event_id for one in mine} & {one.event_id for one in theirs}


def test_another_lender_s_deliveries_do_not_exist(work, lender, database, endpoint_id):
    tell(work, an_account(work, lender))
    other = database.work(build.a_lender(database).lender_id)
    assert claim(other, endpoint_id) == []
    with other.begin() as tx:
        assert deliveries.find_next_due(tx, now=NOW) is None
        assert deliveries.release_expired(tx, now=NOW + timedelta(days=1)) == 0


def test_a_lease_that_ended_is_due_again_and_its_holder_can_no_longer_fail_it(work, lender, endpoint_id):
    tell(work, an_account(work, lender))
    (mine,) = claim(work, endpoint_id)
    with work.begin() as tx:
        assert deliveries.release_expired(tx, now=UNTIL - timedelta(microseconds=1)) == 0
        assert deliveries.find_next_due(tx, now=NOW) == UNTIL
        assert deliveries.release_expired(tx, now=UNTIL) == 1
    (theirs,) = claim(work, endpoint_id, now=UNTIL)
    retry(work, mine, due_at=UNTIL + timedelta(hours=1), state="dead")
    assert states(work, endpoint_id) == {"sending": 1}, "a late failure of the first holder changes nothing"
    with work.begin() as tx:
        ids = [mine.event_id]
        delivery_results.settle_delivered(tx, endpoint_id=endpoint_id, event_ids=ids, now=UNTIL)
    assert states(work, endpoint_id) == {"delivered": 1}
    retry(work, theirs, due_at=UNTIL)
    assert states(work, endpoint_id) == {"delivered": 1}, "but that the receiver has it is a fact"


def test_what_follows_a_late_one_moves_with_it(work, lender, endpoint_id):
    account_ref = an_account(work, lender)
    told = [tell(work, account_ref) for _ in range(3)]
    (head,) = claim(work, endpoint_id)
    later = NOW + timedelta(hours=2)
    retry(work, head, due_at=later)
    with work.begin() as tx:
        assert deliveries.find_next_due(tx, now=NOW) == later
        assert deliveries.postpone_blocked(tx, endpoint_id=endpoint_id, now=NOW) == 2
        assert deliveries.find_next_due(tx, now=NOW) == later
        delivery_results.settle_delivered(tx, endpoint_id=endpoint_id, event_ids=told[:1], now=NOW)
        delivery_results.bring_forward(tx, endpoint_id=endpoint_id, account_refs=[account_ref], now=NOW)
        assert deliveries.find_next_due(tx, now=NOW) == NOW


def test_the_statements_can_use_the_partial_indexes_however_they_are_planned(
    work, lender, endpoint_id, database, monkeypatch
):
    """A bound `state = $1` fits no partial index in a generic plan: the words must stand in the statement."""
    tell(work, an_account(work, lender))
    seen = []

    def keep(connection, cursor, statement, *_):
        if "deliveries" in statement and "state" in statement:
            seen.append(statement)

    def keep_bare(tx, statement, values):
        keep(None, None, statement)
        return honest(tx, statement, values)

    honest = Transaction.rows
    monkeypatch.setattr(Transaction, "rows", keep_bare)
    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        claim(work, endpoint_id)
        with work.begin() as tx:
            deliveries.release_expired(tx, now=NOW)
            deliveries.postpone_blocked(tx, endpoint_id=endpoint_id, now=NOW)
            deliveries.find_next_due(tx, now=NOW)
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)
    assert len(seen) >= 5
    for statement in seen:
        conditions = statement.split("WHERE", 1)[1]
        assert "state = %(" not in conditions.replace("endpoints.state = %(", ""), statement


def test_a_hint_that_comes_back_while_it_is_held_is_not_lost(database, lender):
    held = NOW + timedelta(days=900)
    with database.shared().begin() as tx:
        delivery_hints.ensure(tx, lender_id=lender.lender_id, due_at=NOW)
        assert lender.lender_id in delivery_hints.take(tx, now=NOW, until=held, limit=10_000)
        assert lender.lender_id not in delivery_hints.take(tx, now=NOW, until=held, limit=10_000)
    with database.shared().begin() as tx:
        delivery_hints.ensure(tx, lender_id=lender.lender_id, due_at=NOW)
        assert not delivery_hints.settle(tx, lender_id=lender.lender_id, taken_until=held, next_due=None)
        assert lender.lender_id in delivery_hints.take(tx, now=NOW, until=held, limit=10_000)
        assert delivery_hints.settle(tx, lender_id=lender.lender_id, taken_until=held, next_due=None)
        assert not delivery_hints.has_due(tx, now=NOW - timedelta(days=3650))
