from uuid import uuid4

from portal.actions.life.share_calendar import close_calendar, open_calendar, share_calendar
from tests.actions.chain import a_chain
from tests.actions.life.living import a_living


def named(plan):
    return {"account_id": plan.chain.account_id, "debtor_id": plan.chain.debtor_id}


def test_the_address_stays_the_same_until_it_is_closed(database, work, lender):
    plan = a_living(work, lender)
    token = share_calendar(work, **named(plan), now=plan.chain.now)
    assert len(token) == 40
    assert share_calendar(work, **named(plan), now=plan.chain.now) == token
    shared = open_calendar(database, token=token)
    assert (shared.lender_id, shared.kept.agreement_id) == (lender.lender_id, plan.agreement_id)
    assert close_calendar(work, **named(plan))
    assert open_calendar(database, token=token) is None
    assert not close_calendar(work, **named(plan))
    assert share_calendar(work, **named(plan), now=plan.chain.now) != token


def test_an_address_leads_nowhere_else(database, work, lender):
    plan = a_living(work, lender)
    assert open_calendar(database, token="0" * 40) is None
    assert (
        share_calendar(work, account_id=plan.chain.account_id, debtor_id=uuid4(), now=plan.chain.now) is None
    )
    chain = a_chain(work, lender)
    assert share_calendar(work, account_id=chain.account_id, debtor_id=chain.debtor_id, now=chain.now) is None
