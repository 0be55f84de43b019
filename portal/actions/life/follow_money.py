"""Money moved on a plan: a gap is closed, the same agreement comes back, a part is forgiven, or a row opens again."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from portal.actions.life.act_on_plans import catch_up, next_moment
from portal.actions.life.complete_agreement import complete_if_paid
from portal.actions.life.consequences import TRANCHE, forgive
from portal.core.actors import SYSTEM
from portal.core.life import money
from portal.core.life.money import Part
from portal.core.life.state import Life
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, event_batches, life_changes, lives
from portal.store.event_batches import NewEvent
from portal.store.life_changes import Change
from portal.store.lives import KeptLife
from portal.store.rows import known
from portal.store.work import Transaction


def before_money(
    tx: Transaction, *, account_id: UUID, agreement_id: UUID | None, now: datetime
) -> KeptLife | None:
    """Bring the plan of a locked account up to now, before money moves; None where no plan runs."""
    active = agreements.find_active(tx, account_id=account_id)
    own = active.agreement_id if active else agreement_id
    kept = lives.load_life(tx, agreement_id=own) if own else None
    return None if kept is None else catch_up(tx, kept, now=now)


def after_money(tx: Transaction, before: KeptLife | None, *, payment_ref: str, now: datetime) -> None:
    """Follow what money did to the rows of a plan since `before_money`, and set the moment of its next act."""
    fresh = lives.load_life(tx, agreement_id=before.agreement_id) if before else None
    if before is None or fresh is None:
        return
    went_in, came_out = _parts(before.life, fresh.life)
    life = replace(
        fresh.life,
        rows=tuple(replace(row, paid=_paid(before.life, row.number, row.paid)) for row in fresh.life.rows),
        as_of=now,
    )
    had_missed = bool(life.missed)
    if came_out:
        life = money.with_given_back(life, came_out, at=now, zone=fresh.world.zone)
    life = money.with_paid(life, went_in, at=now)
    life, turn = money.turn(life, fresh.world.terms, had_missed=had_missed, is_final=False)
    debtor_ref = debtors.load_refs(tx, debtor_ids={fresh.debtor_id})[fresh.debtor_id]
    if turn.is_cured:
        tell_cured(tx, fresh, debtor_ref=debtor_ref, payment_ref=payment_ref, now=now)
    if turn.vested:
        forgive(tx, fresh, turn.vested, cause=TRANCHE, debtor_ref=debtor_ref, now=now)
    life_changes.save_lives(tx, [Change(before, life, next_moment(tx, fresh, life))])
    if turn.is_cured and not life.left:
        _complete(tx, fresh, now=now)


def tell_cured(
    tx: Transaction, kept: KeptLife, *, debtor_ref: str, payment_ref: str | None, now: datetime
) -> None:
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
            debtor_ref=debtor_ref,
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


def _parts(before: Life, after: Life) -> tuple[list[Part], list[Part]]:
    """Return what each payment gained, and what each lost, since before."""
    changed = [(row.number, row.paid - _paid(before, row.number, row.paid)) for row in after.rows]
    return [one for one in changed if one[1] > 0], [(n, -part) for n, part in changed if part < 0]


def _paid(life: Life, number: int, default: int) -> int:
    row = life.row(number)
    return default if row is None else row.paid
