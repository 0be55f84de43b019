"""Money on a plan: the same agreement comes back, a payment opens again, the end waits for the bank."""

from datetime import timedelta

from portal.actions.life.follow_money import after_money, before_money
from portal.core.payments import Kind
from portal.store import payments
from portal.store.paying import lock_paying
from tests.actions.chain import a_chain
from tests.actions.life.living import a_living
from tests.actions.payments.test_record_payment import pay, payment_of


def break_it(plan):
    plan.act(plan.after(plan.rows[3], days=7))
    assert plan.state == "broken"


def test_paying_the_gap_brings_the_same_agreement_back(work, lender):
    plan = a_living(work, lender)
    break_it(plan)
    gap = plan.kept.life.gap
    plan.pay(gap - 1)
    assert plan.state == "broken"
    plan.pay(1)
    assert plan.state == "active"
    assert plan.types("agreement")[-2:] == ["agreement.broken", "agreement.cured"]
    assert plan.kept.life.state == "active"
    assert plan.kept.life.broken_on is None


def test_money_that_goes_back_opens_the_payment_without_a_mark(work, lender):
    plan = a_living(work, lender)
    first = plan.rows[0]
    payment = plan.pay(first.amount_minor, at=plan.after(first, days=-1))
    plan.act(plan.after(first, days=20))
    assert "installment.missed" not in plan.types()
    plan.chain.now = plan.after(first, days=20)
    plan.tell(payment, Kind.DISPUTE_LOST)
    assert plan.rows[0].state == "due"
    plan.act(plan.after(first, days=24))
    assert "installment.missed" not in plan.types()
    plan.act(plan.after(first, days=27))
    assert plan.types("installment").count("installment.missed") == 1


def test_a_collected_payment_completes_only_when_it_is_final(work, lender):
    plan = a_living(work, lender)
    total = sum(row.amount_minor for row in plan.rows)
    plan.chain.now = plan.after(plan.rows[0], days=-2)
    payment = plan.pay(1)
    with work.begin() as tx:
        payments.save_gateway_words(tx, payment_id=payment.payment_id, method="sepa_debit")
    plan.pay(total - 1)
    assert plan.state == "active"
    plan.act(plan.chain.now + timedelta(days=13))
    assert plan.state == "active"
    plan.act(plan.chain.now + timedelta(days=15))
    assert plan.state == "completed"
    assert plan.types("agreement")[-1] == "agreement.completed"


def test_an_account_without_a_plan_has_no_life(work, lender):
    chain = a_chain(work, lender)
    payment = payment_of(chain, pay(chain, 1_000))
    with work.begin() as tx:
        paying, plan = before_money(tx, lock_paying(tx, payment_id=payment.payment_id), now=chain.now)
        assert (paying.payment.payment_id, plan) == (payment.payment_id, None)
        assert after_money(tx, plan, plan, payment_ref="pay_1", now=chain.now) is None


def test_money_catches_the_plan_up_before_it_is_placed(work, lender):
    plan = a_living(work, lender)
    first = plan.rows[0]
    plan.pay(first.amount_minor, at=plan.after(first, days=8))
    assert plan.types()[-4:] == [
        "installment.due",
        "installment.missed",
        "installment.paid",
        "agreement.cured",
    ]
    assert plan.messages() == []
