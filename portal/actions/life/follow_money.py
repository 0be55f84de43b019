"""Money moved on a plan: a gap is closed, the same agreement comes back, a part is forgiven, or a row opens again."""

from dataclasses import replace
from datetime import datetime

from portal.actions.life.act_on_plans import catch_up, next_moment
from portal.actions.life.complete_agreement import complete_if_paid
from portal.actions.life.consequences import TRANCHE, forgive
from portal.actions.life.re_age_accounts import re_age, un_age
from portal.core.actors import SYSTEM
from portal.core.life import money
from portal.core.life.money import Turn
from portal.core.life.state import Life
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, event_batches, life_changes
from portal.store.event_batches import NewEvent
from portal.store.life_changes import Change
from portal.store.lives import KeptLife
from portal.store.paying import Paying, lock_paying
from portal.store.rows import known
from portal.store.running_plans import RunningPlan, find_running_plan
from portal.store.work import Transaction


def before_money(tx: Transaction, paying: Paying, *, now: datetime) -> tuple[Paying, RunningPlan | None]:
    """Bring the plan of a locked account up to now, before money moves; gives both as they stand then."""
    plan = _plan_of(tx, paying)
    if plan is None or plan.life is None or not catch_up(tx, plan.life, now=now):
        return paying, plan
    return known(lock_paying(tx, payment_id=paying.payment.payment_id)), _plan_of(tx, paying)


def _plan_of(tx: Transaction, paying: Paying) -> RunningPlan | None:
    return find_running_plan(
        tx, account_id=paying.account.account_id, agreement_id=paying.payment.agreement_id
    )


def after_money(
    tx: Transaction, plan: RunningPlan | None, moved: RunningPlan | None, *, payment_ref: str, now: datetime
) -> None:
    """Follow what money did to the rows of a plan since `before_money`, and set the moment of its next act.

    `moved` is the plan after the money where that is known; otherwise it is read again.
    """
    before = plan.life if plan else None
    if before is None:
        return
    after = moved or find_running_plan(tx, agreement_id=before.agreement_id)
    fresh = known(known(after).life)
    life, turn = _moved(tx, before.life, fresh, now=now)
    if turn.is_re_aged:
        re_age(tx, fresh, payments=fresh.world.terms.re_age_kept, now=now)
    if turn.is_cured:
        tell_cured(tx, fresh, payment_ref=payment_ref, now=now)
    if turn.vested:
        forgive(tx, fresh, turn.vested, cause=TRANCHE, now=now)
    life_changes.save_lives(tx, [Change(before, life, next_moment(tx, fresh, life))])
    if turn.is_cured and not life.left:
        _complete(tx, fresh, now=now)


def _moved(tx: Transaction, before: Life, fresh: KeptLife, *, now: datetime) -> tuple[Life, Turn]:
    """Let the core say what the money did: first what went back, then what came in."""
    paid = {row.number: row.paid for row in before.rows}
    parts = [(row.number, row.paid - paid.get(row.number, row.paid)) for row in fresh.life.rows]
    came_out = [(number, -part) for number, part in parts if part < 0]
    life = replace(
        fresh.life,
        rows=tuple(
            replace(row, paid=row.paid - part) if part else row
            for row, (_, part) in zip(fresh.life.rows, parts, strict=True)
        ),
        as_of=now,
    )
    had_missed = bool(life.missed)
    if came_out:
        life = money.with_given_back(life, came_out, at=now, zone=fresh.world.zone)
        life = _follow_age(tx, fresh, life, now=now)
    life = money.with_paid(life, [one for one in parts if one[1] > 0], at=now)
    return money.turn(life, fresh.world.terms, had_missed=had_missed, is_final=False)


def _follow_age(tx: Transaction, kept: KeptLife, life: Life, *, now: datetime) -> Life:
    """Count the accounts as late again where money went back on which their re-age rests.

    What a person took back stays so: a plan re-ages its accounts once.
    """
    after, has_ended = money.un_aged(life, kept.world.terms)
    return after if has_ended and un_age(tx, kept, cause="payment_went_back", now=now) else life


def tell_cured(tx: Transaction, kept: KeptLife, *, payment_ref: str | None, now: datetime) -> None:
    """Tell that a plan which was behind is up to date again; a broken one runs on as the same agreement."""
    if kept.agreement_state == "broken":
        agreements.move_agreement(
            tx, agreement_id=kept.agreement_id, before="broken", after="active", now=now
        )
    payload = {"id": kept.agreement_ref, "arrears": money_payload(0, kept.currency)}
    more = {"payment": payment_ref} if payment_ref else {}
    told = [
        NewEvent(
            type="agreement.cured",
            at=now,
            payload={**payload, **more},
            debtor_ref=kept.debtor_ref,
            account_ref=one.account_ref,
            creditor_ref=one.creditor_ref,
        )
        for one in kept.accounts
    ]
    event_batches.append_many(tx, told, actor=SYSTEM)


def _complete(tx: Transaction, kept: KeptLife, *, now: datetime) -> None:
    account = known(accounts.find_account(tx, account_id=kept.accounts[0].account_id))
    agreement = known(agreements.find_agreement(tx, agreement_id=kept.agreement_id))
    complete_if_paid(tx, account, agreement, now=now)
