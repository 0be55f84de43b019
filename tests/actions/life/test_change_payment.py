"""A person changes one payment: told as moved, the total stays, limits hold, the gap closes."""

import secrets
from datetime import timedelta
from uuid import uuid4

from portal.actions.life.change_payment import move_payment, split_payment
from portal.actions.life.lock_plan import lock_plan
from portal.actions.life.view_plan import view_plan
from tests.actions.life.living import a_living


def change(plan, act, number, *, token=None, debtor_id=None, **more):
    return act(
        plan.work,
        account_id=plan.chain.account_id,
        debtor_id=debtor_id or plan.chain.debtor_id,
        number=number,
        token=token or secrets.token_urlsafe(24),
        now=plan.chain.now,
        **more,
    )


def late(plan):
    plan.act(plan.after(plan.rows[0], days=7))
    return plan


def test_a_missed_payment_moves_and_the_plan_is_up_to_date(work, lender):
    plan = late(a_living(work, lender))
    total = sum(row.amount_minor for row in plan.rows)
    day = plan.chain.now.date() + timedelta(days=9)
    assert change(plan, move_payment, 1, due_on=day).kind == "changed"
    assert plan.rows[0].due_on == day
    assert plan.rows[0].state == "upcoming"
    assert sum(row.amount_minor for row in plan.rows) == total
    moved = plan.events("installment.moved")[0].payload
    assert (moved["number"], moved["reason"]) == (1, "chosen")
    assert plan.types("agreement")[-1] == "agreement.cured"


def test_a_split_payment_lies_on_the_next_ones_to_the_unit(work, lender):
    plan = late(a_living(work, lender))
    before = {row.number: row for row in plan.rows}
    assert change(plan, split_payment, 1).kind == "changed"
    after = {row.number: row for row in plan.rows}
    assert after[1].state == "moved"
    assert sum(row.amount_minor for row in after.values()) == sum(row.amount_minor for row in before.values())
    assert sum(row.interest_minor for row in after.values()) == sum(
        row.interest_minor for row in before.values()
    )
    assert all(row.principal_minor + row.interest_minor == row.amount_minor for row in after.values())
    parts = plan.events("installment.moved")
    assert sum(one.payload["amount"]["minor"] for one in parts) == before[1].amount_minor
    assert {one.payload["reason"] for one in parts} == {"split"}
    plan.pay(plan.rows[1].amount_minor)
    assert plan.rows[1].state == "paid"


def test_the_same_form_twice_is_once(work, lender):
    plan = late(a_living(work, lender))
    day, token = plan.chain.now.date() + timedelta(days=9), secrets.token_urlsafe(24)
    assert change(plan, move_payment, 1, due_on=day, token=token).kind == "changed"
    assert change(plan, move_payment, 1, due_on=day, token=token).kind == "there_already"
    assert len(plan.events("installment.moved")) == 1


def test_limits_hold_and_what_is_not_ones_own_does_not_exist(work, lender):
    plan = late(a_living(work, lender))
    far = plan.chain.now.date() + timedelta(days=90)
    assert change(plan, move_payment, 1, due_on=far).kind == "not_possible"
    assert change(plan, move_payment, 99, due_on=far).kind == "not_possible"
    assert change(plan, split_payment, 1, debtor_id=uuid4()).kind == "not_found"
    for number in (1, 2):
        day = plan.kept.life.row(number).due_on + timedelta(days=10)
        assert change(plan, move_payment, number, due_on=day).kind == "changed"
    assert change(plan, split_payment, 3).kind == "not_possible"


def test_a_split_payment_with_interest_can_still_earn_rewards_and_be_paid_off(work, lender):
    plan = late(a_living(work, lender))
    plan.pay(plan.rows[0].amount_minor // 3)
    change(plan, split_payment, 1)
    left = sum(row.left_minor for row in plan.rows)
    plan.pay(left)
    assert plan.state == "completed"


def test_the_view_says_what_is_open(work, lender):
    plan = late(a_living(work, lender))
    named = {"account_id": plan.chain.account_id, "debtor_id": plan.chain.debtor_id, "now": plan.chain.now}
    view = view_plan(work, **named)
    assert (view.needs_choice, view.moves, view.frozen, view.catch_up) == (True, 2, None, None)
    assert view.grace_of(view.missed[0]).days == 5
    assert view.options(1).can_split
    assert view_plan(work, **named | {"debtor_id": uuid4()}) is None


def test_only_ones_own_running_plan_is_locked(work, lender):
    plan = a_living(work, lender)
    with work.begin() as tx:
        own = {"account_id": plan.chain.account_id, "debtor_id": plan.chain.debtor_id}
        assert lock_plan(tx, **own).agreement_id == plan.agreement_id
        assert lock_plan(tx, **own | {"debtor_id": uuid4()}) is None
        assert lock_plan(tx, account_id=uuid4(), debtor_id=plan.chain.debtor_id) is None
