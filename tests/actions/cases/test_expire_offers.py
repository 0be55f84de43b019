from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.actions.cases.expire_offers import expire_offers
from portal.gateways.clock import FrozenClock
from portal.jobs.cases import sweep_cases_of
from portal.store.offer_ends import take_ended
from portal.store.tables.cases import offers
from tests import build
from tests.actions.chain import a_chain
from tests.jobs.test_life import House


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def states(work):
    with work.read() as tx:
        return sorted(tx.execute(select(offers.c.state).where(offers.c.lender_id == tx.lender_id)).scalars())


def told(work):
    return [row.payload["reason"] for row in build.events_of(work) if row.type == "offer.expired"]


def after(work, *, days, hours=0):
    """Give a moment so long after the last day of the offers began, in UTC."""
    with work.read() as tx:
        last = max(
            tx.execute(select(offers.c.expires_on).where(offers.c.lender_id == tx.lender_id)).scalars()
        )
    midnight = build.NOW.replace(year=last.year, month=last.month, day=last.day, hour=0, minute=0)
    return midnight + timedelta(days=days, hours=hours)


def test_an_offer_ends_when_its_last_day_is_over_everywhere_and_once(chain, work, database):
    chain.choose()
    count = len(states(work))
    assert expire_offers(work, now=after(work, days=1, hours=11)) == 0
    late = after(work, days=1, hours=12)
    assert sweep_cases_of(House(database, FrozenClock(late)), work.lender_id) == (count, 0)
    assert expire_offers(work, now=late) == 0
    assert (set(states(work)), told(work)) == ({"expired"}, ["date"] * count)


def test_what_stood_beside_a_signed_plan_was_replaced(chain, work):
    chain.signed()
    with work.begin() as tx:
        one = tx.execute(select(offers).where(offers.c.lender_id == tx.lender_id)).mappings().first()
        tx.execute(
            offers.insert().values(
                **dict(one)
                | {"offer_id": tx.new_id(), "offer_ref": "ofr_2", "plan_hash": "other", "state": "firm"}
            )
        )
    assert expire_offers(work, now=after(work, days=2)) == 1
    assert (states(work), told(work)) == (["accepted", "replaced"], ["replaced"])


def test_what_waits_for_a_yes_or_is_in_other_hands_is_left(chain, work):
    chain.choose()
    late = after(work, days=2)
    with work.begin() as tx:
        held = take_ended(tx, before=late.date(), limit=1)
        assert expire_offers(work, now=late) == len(states(work)) - len(held)
        tx.execute(
            update(offers)
            .where(offers.c.lender_id == tx.lender_id, offers.c.offer_id == held[0].offer_id)
            .values(approval="waiting")
        )
    assert expire_offers(work, now=late) == 0
