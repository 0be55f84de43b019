"""Signed plans act in the database exactly as the core says, told and reminded, once."""

import threading
from datetime import timedelta

import pytest

from portal.actions.care.end_holds import end_holds
from portal.actions.life import act_on_plans as room
from portal.actions.life.act_on_plans import act_on_plans
from portal.core.life.replay import Paid, replay
from portal.core.life.state import Life, Row
from portal.store import accounts, life_changes, lives
from portal.store.tables.lives import plan_lives
from tests import build
from tests.actions.life.living import BASE, a_living


def test_a_payment_that_nobody_makes_is_told_and_the_person_is_reminded(work, lender):
    plan = a_living(work, lender)
    first = plan.rows[0]
    plan.act(plan.after(first, days=-3))
    plan.act(plan.after(first))
    plan.act(plan.after(first, days=1))
    plan.act(plan.after(first, days=7))
    assert plan.types()[-3:] == ["installment.upcoming", "installment.due", "installment.missed"]
    assert plan.messages()[0] == ("plan_upcoming", "queued")
    assert {template for template, _ in plan.messages()[1:]} == {"plan_late"}
    missed = plan.events("installment.missed")[0].payload
    assert (missed["number"], missed["missed"], missed["arrears"]["minor"]) == (1, 1, first.amount_minor)
    assert plan.rows[0].state == "missed"


def test_the_same_moment_twice_is_once(work, lender):
    plan = a_living(work, lender)
    late = plan.after(plan.rows[0], days=9)
    assert plan.act(late) > 0
    told = len(plan.events())
    assert plan.act(late) == 0
    assert len(plan.events()) == told


def test_parallel_passes_tell_nothing_twice(work, lender):
    plans = [a_living(work, lender) for _ in range(6)]
    late = plans[0].after(plans[0].rows[0], days=9)
    passes = [
        threading.Thread(target=lambda: act_on_plans(work, now=late, base_url=BASE, limit=3))
        for _ in range(6)
    ]
    for one in passes:
        one.start()
    for one in passes:
        one.join()
    for plan in plans:
        plan.act(late)
        assert [one.type for one in plan.events("installment.missed", "installment.due")] == [
            "installment.due",
            "installment.missed",
        ]


def test_a_pass_that_dies_changed_nothing(work, lender, monkeypatch):
    plan = a_living(work, lender)
    late = plan.after(plan.rows[0], days=9)
    before = len(plan.events())

    def dies(*_args, **_named):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(room, "remind", dies)
        with pytest.raises(RuntimeError):
            act_on_plans(work, now=late, base_url=BASE)
    assert len(plan.events()) == before
    assert plan.rows[0].state == "upcoming"
    assert plan.act(late) > 0


def test_two_missed_payments_go_to_the_end_while_moves_are_left_then_the_plan_breaks(work, lender):
    plan = a_living(work, lender)
    second, total = plan.rows[1], sum(row.amount_minor for row in plan.rows)
    plan.act(plan.after(second, days=7))
    moved = plan.events("installment.moved")
    assert [one.payload["number"] for one in moved] == [1, 2]
    assert {one.payload["reason"] for one in moved} == {"auto_replan"}
    assert sum(row.amount_minor for row in plan.rows) == total
    assert [row.number for row in plan.rows[-2:]] == [1, 2]
    fourth = next(row for row in plan.rows if row.number == 4)
    plan.act(plan.after(fourth, days=7))
    assert plan.state == "broken"
    broken = plan.events("agreement.broken")[0].payload
    assert (broken["rule"], broken["missed"]) == ("2_missed", 2)


def test_a_pause_moves_what_falls_into_it_to_the_end(work, lender):
    plan = a_living(work, lender)
    first = plan.rows[0]
    start = plan.after(first, days=-6)
    with work.begin() as tx:
        accounts.save_hold(
            tx, account_id=plan.chain.account_id, kind="pause", now=start, until=start + timedelta(days=20)
        )
    plan.act(plan.after(first, days=10))
    assert plan.types("installment") == []
    after = start + timedelta(days=20, hours=1)
    end_holds(work, now=after)
    plan.act(after)
    assert [one.payload["reason"] for one in plan.events("installment.moved")] == ["hold_over"]
    assert plan.rows[-1].number == first.number


def test_what_did_happen_equals_what_would_have_happened(work, lender):
    plan = a_living(work, lender)
    born = plan.kept.life.as_of
    amounts = [(row.number, row.due_on, row.amount_minor) for row in plan.rows]
    first, second, third, fourth, *_ = plan.rows
    story = [
        (plan.after(first, days=2), first.amount_minor),
        (plan.after(second, days=8), second.amount_minor // 2),
        (plan.after(fourth, days=1), third.amount_minor),
    ]
    at = born
    for when, amount in story:
        while at < when:
            at += timedelta(hours=29)
            plan.act(min(at, when))
        plan.pay(amount, at=when)
    end = plan.after(fourth, days=40)
    plan.act(end)
    birth = Life(
        rows=tuple(Row(number=n, due_on=due, amount=amount, since=born) for n, due, amount in amounts),
        as_of=born,
    )
    done = replay(
        birth, plan.kept.world, happenings=[Paid(when, amount) for when, amount in story], until=end
    )
    assert done.life.rows == plan.kept.life.rows
    assert done.life.moves == plan.kept.life.moves
    names = {
        "upcoming": "installment.upcoming", "due": "installment.due", "missed": "installment.missed",
        "cured": "agreement.cured", "broken": "agreement.broken",
    }  # fmt: skip
    told = [one.type for one in plan.events(*names.values())]
    assert told == [names[act.kind] for act in done.acts if act.kind in names]


def test_a_plan_that_was_signed_without_a_life_is_taken_up(work, lender):
    plan = a_living(work, lender)
    with work.begin() as tx:
        tx.execute(plan_lives.delete().where(plan_lives.c.lender_id == tx.lender_id))
    assert plan.act(plan.after(plan.rows[0], days=9)) > 0
    assert plan.kept is not None


def test_a_plan_that_somebody_works_on_is_left_for_the_next_pass(work, lender):
    plan = a_living(work, lender)
    late = plan.after(plan.rows[0], days=9)
    with work.begin() as tx:
        accounts.lock_account(tx, account_id=plan.chain.account_id)
        assert act_on_plans(work, now=late, base_url=BASE).plans == 0
    assert plan.act(late) > 0


def test_events_of_a_batch_keep_each_accounts_numbers_without_gaps(work, lender):
    plans = [a_living(work, lender) for _ in range(3)]
    plans[0].act(plans[0].after(plans[0].rows[2], days=9))
    for plan in plans:
        numbers = [
            one.account_sequence
            for one in build.events_of(work, account_ref=plan.chain.account().account_ref)
        ]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_loaded_life_is_the_signed_one(work, lender):
    plan = a_living(work, lender)
    with work.read() as tx:
        (kept,) = lives.load_lives(tx, agreement_ids=[plan.agreement_id])
        assert lives.load_vested(tx, agreement_id=plan.agreement_id) == 0
    assert kept.life.total == sum(row.amount_minor for row in plan.rows)
    assert kept.world.terms.missed_before_broken == 2


def test_two_passes_share_the_due_plans_of_a_lender(work, lender):
    """What one pass has, another leaves alone: it takes the next ones instead of waiting or finding nothing."""
    plans = [a_living(work, lender) for _ in range(3)]
    late = plans[0].after(plans[0].rows[0], days=9)
    with work.begin() as tx:
        held = life_changes.list_due(tx, now=late, limit=1)
        assert act_on_plans(work, now=late, base_url=BASE).plans == 2
    quiet = [plan.agreement_id for plan in plans if "installment.missed" not in plan.types()]
    assert quiet == held
    assert act_on_plans(work, now=late, base_url=BASE).plans == 1
