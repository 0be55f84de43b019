"""A plan that is kept re-ages its account; what it rests on goes back, staff take it back, a plan ends late."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.actions.agreements.withdraw_agreement import NotWithdrawn, Withdrawn, withdraw_agreement
from portal.actions.amendments.propose_change import ChangeOffered, NotOffered, propose_change
from portal.actions.cases.desk import load_facts
from portal.actions.life.re_age_accounts import un_age
from portal.actions.life.undo_re_age import undo_re_age
from portal.core.actors import staff_actor
from portal.core.amendments.reshape import Wish
from portal.core.payments import Kind
from portal.store import accounts, debtors, re_ages
from tests.actions.life.living import a_living
from tests.actions.life.test_follow_money import break_it

STAFF = staff_actor("stf_1")


def keep(plan, count):
    """Pay so many payments on their days; gives the payments."""
    done = []
    for row in [one for one in plan.rows if one.number > 0 and one.left_minor][:count]:
        plan.act(plan.after(row))
        done.append(plan.pay(row.left_minor, at=plan.after(row)))
    return done


def re_aged(work, lender):
    plan = a_living(work, lender, family="restructure")
    before = plan.chain.account().delinquent_since
    return plan, before, keep(plan, 3)


def facts_of(plan, today):
    with plan.work.read() as tx:
        account = accounts.find_account(tx, account_id=plan.chain.account_id)
        debtor = debtors.find_debtor(tx, debtor_id=plan.chain.debtor_id)
        return load_facts(tx, account, debtor, today=today, now=plan.chain.now).accounts[0]


def test_three_payments_on_time_count_the_account_as_up_to_date_once(work, lender):
    plan, before, _ = re_aged(work, lender)
    (told,) = plan.events("account.re_aged")
    assert plan.chain.account().delinquent_since is None
    assert told.payload == {
        "agreement": plan.agreement_ref, "payments": 3, "days_past_due": 0,
        "days_past_due_before": (plan.chain.today - before).days,
    }  # fmt: skip
    keep(plan, 1)
    assert len(plan.events("account.re_aged")) == 1
    moved = ask(plan, kind="calendar", due_day=11)
    assert isinstance(moved, ChangeOffered), "the plan stays under the rules it was made by"
    facts = facts_of(plan, plan.chain.today)
    assert (facts.days_past_due, len(facts.re_aged_on)) == (0, 1)


def test_a_payment_that_goes_back_takes_it_back_and_paying_again_earns_it_again(work, lender):
    plan, before, done = re_aged(work, lender)
    plan.tell(done[-1], Kind.DISPUTE_LOST)
    assert plan.chain.account().delinquent_since == before
    assert plan.events("account.re_age_undone")[0].payload["cause"] == "payment_went_back"
    assert facts_of(plan, plan.chain.today).re_aged_on == ()
    keep(plan, 1)
    assert plan.chain.account().delinquent_since is None
    assert len(plan.events("account.re_aged")) == 2


@pytest.mark.long
def test_staff_take_it_back_while_nothing_was_paid_since(work, lender):
    plan, before, _ = re_aged(work, lender)
    done = [
        undo_re_age(work, account_id=plan.chain.account_id, actor=STAFF, now=plan.chain.now) for _ in range(2)
    ]
    assert done == ["undone", "nothing"]
    assert plan.chain.account().delinquent_since == before
    keep(plan, 1)
    assert len(plan.events("account.re_aged")) == 1, "what a person took back stays so"
    with work.begin() as tx:
        assert not un_age(tx, plan.kept, cause="payment_went_back", now=plan.chain.now)


@pytest.mark.long
def test_once_something_was_paid_it_stays(work, lender):
    plan, _, _ = re_aged(work, lender)
    keep(plan, 1)
    assert (
        undo_re_age(work, account_id=plan.chain.account_id, actor=STAFF, now=plan.chain.now) == "paid_since"
    )
    assert plan.chain.account().delinquent_since is None


def test_a_plan_that_ends_late_counts_from_its_own_first_missed_payment(work, lender):
    plan, _, _ = re_aged(work, lender)
    fourth = next(row for row in plan.rows if row.left_minor)
    plan.act(plan.after(plan.rows[-1], days=90))
    assert plan.kept.life.state == "lapsed"
    first_unpaid = min(row.due_on for row in plan.rows if row.left_minor)
    assert plan.chain.account().delinquent_since == first_unpaid >= fourth.due_on


def ask(plan, **wish):
    return propose_change(
        plan.work,
        account_id=plan.chain.account_id,
        debtor_id=plan.chain.debtor_id,
        wish=Wish(**wish),
        form_token=secrets.token_urlsafe(24),
        today=plan.chain.today,
        now=plan.chain.now,
    )


def behind(work, lender, kind):
    """A plan with two payments missed, and the offer of a change that catches it up."""
    plan = a_living(work, lender, payment_minor=12_000)
    break_it(plan)
    return plan, ask(plan, kind=kind)


@pytest.mark.parametrize("kind", ["re_age", pytest.param("re_amortize", marks=pytest.mark.long)])
def test_a_running_plan_is_caught_up_and_that_is_undone_while_nothing_was_paid(work, lender, kind):
    plan, offered = behind(work, lender, kind)
    assert isinstance(offered, ChangeOffered), offered
    left = sum(row.left_minor for row in plan.rows)
    agreement = plan.chain.prepare(offered.offer_ref).agreement
    plan.chain.sign(agreement)
    fresh = replace(plan, agreement_id=agreement.agreement_id, agreement_ref=agreement.agreement_ref)
    assert (fresh.state, plan.state) == ("active", "amended")
    assert sum(row.amount_minor for row in fresh.rows) == left
    assert fresh.kept.life.missed == ()
    plan.chain.now += timedelta(days=25)
    named = {"agreement_ref": agreement.agreement_ref, "debtor_id": plan.chain.debtor_id}
    assert withdraw_agreement(work, **named, now=plan.chain.now) == Withdrawn(was_withdrawn=False)
    assert plan.state == "active"
    assert sum(row.left_minor for row in plan.rows) == left


@pytest.mark.long
def test_after_a_payment_there_are_only_the_days_to_change_ones_mind(work, lender):
    plan, offered = behind(work, lender, "re_amortize")
    agreement = plan.chain.prepare(offered.offer_ref).agreement
    plan.chain.sign(agreement)
    plan.pay(1_000)
    named = {"agreement_ref": agreement.agreement_ref, "debtor_id": plan.chain.debtor_id}
    later = plan.chain.now + timedelta(days=40)
    assert withdraw_agreement(work, **named, now=later) == NotWithdrawn(reason="too_late")


def test_what_was_re_aged_lately_is_not_again(work, lender):
    plan = a_living(work, lender, payment_minor=12_000)
    break_it(plan)
    with work.begin() as tx:
        re_ages.save_re_age(
            tx,
            account_id=plan.chain.account_id,
            agreement_id=plan.agreement_id,
            delinquent_since=plan.chain.account().delinquent_since,
            now=plan.chain.now - timedelta(days=90),
        )
    said = ask(plan, kind="re_age")
    assert isinstance(said, NotOffered)
    assert [one.code for one in said.codes] == ["RE_AGE"]
