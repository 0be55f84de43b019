import secrets
from uuid import uuid4

import pytest

from portal.actions.life.tell_cause import tell_cause
from tests.actions.life.living import a_living


def say(plan, cause="income_lost", **more):
    return tell_cause(
        plan.work,
        account_id=plan.chain.account_id,
        debtor_id=more.pop("debtor_id", plan.chain.debtor_id),
        cause=cause,
        token=more.pop("token", None) or secrets.token_urlsafe(24),
        now=plan.chain.now,
    )


def test_a_cause_is_told_once_as_a_code(work, lender):
    plan, token = a_living(work, lender), secrets.token_urlsafe(24)
    assert say(plan, token=token)
    assert say(plan, token=token)
    assert [one.payload for one in plan.events("hardship.declared")] == [{"cause": "income_lost"}]


def test_an_unknown_cause_and_somebody_elses_account_are_refused(work, lender):
    plan = a_living(work, lender)
    with pytest.raises(ValueError, match="a cause is one of"):
        say(plan, cause="ill")
    assert not say(plan, debtor_id=uuid4())
