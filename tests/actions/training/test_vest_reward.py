"""A reward on a plan of which something is paid, one that pays the rest, and one on a plan that ended."""

import pytest

from portal.actions.agreements.withdraw_agreement import withdraw_agreement
from portal.actions.training.verify_milestone import Confirmation, Verified, verify_milestone
from portal.store import agreements
from tests import build
from tests.actions.chain import a_notice
from tests.actions.payments.test_record_payment import pay, payment_of, tell
from tests.guests import a_learner, a_trainer


@pytest.fixture
def trainer(database):
    return a_trainer(database)


@pytest.fixture
def learner(work, lender, trainer):
    return a_learner(work, lender, trainer)


@pytest.fixture
def confirm(database, trainer, learner):
    def act(milestone):
        said = Confirmation(
            code=learner.code, milestone=milestone, on=build.NOW.date(), evidence="provider_portal"
        )
        return verify_milestone(database, provider_id=trainer.house_id, confirmation=said, now=build.NOW)

    return act


def test_a_reward_on_a_plan_that_is_partly_paid_lowers_only_what_is_left(confirm, work, learner):
    chain = learner.chain
    payment = payment_of(chain, pay(chain, 20_000))
    assert tell(chain, a_notice(payment)) == "applied"
    start = learner.plan.total
    assert confirm("certified") == Verified(was_verified=False)
    with work.read() as tx:
        rows = agreements.list_installments(tx, agreement_id=learner.agreement.agreement_id)
    assert sum(row.amount_minor for row in rows) == start - learner.worth("certified")
    assert sum(row.paid_minor for row in rows) == 20_000
    assert sum(row.left_minor for row in rows) == chain.account().balance_minor - learner.plan.waived.total


def test_a_reward_that_takes_the_rest_completes_the_plan(confirm, work, learner):
    chain = learner.chain
    amount = learner.plan.total - learner.worth("certified") + 100
    payment = payment_of(chain, pay(chain, amount))
    tell(chain, a_notice(payment))
    assert confirm("certified") == Verified(was_verified=False)
    assert (chain.account().balance_minor, chain.account().state) == (0, "settled")
    assert {"agreement.completed", "waiver.vested"} <= {row.type for row in build.events_of(work)}
    vested = [row.payload for row in build.events_of(work) if row.type == "training.reward_vested"]
    assert vested[0]["amount"]["minor"] == learner.worth("certified") - 100


def test_a_plan_that_was_taken_back_has_nothing_to_take_from(confirm, work, learner):
    owed = learner.chain.account().balance_minor
    withdraw_agreement(
        work,
        agreement_ref=learner.agreement.agreement_ref,
        debtor_id=learner.chain.debtor_id,
        now=build.NOW,
    )
    assert confirm("certified") == Verified(was_verified=False)
    assert learner.chain.account().balance_minor == owed
    assert "training.reward_vested" not in {row.type for row in build.events_of(work)}
