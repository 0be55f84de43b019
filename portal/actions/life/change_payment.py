"""A person moves a payment, or spreads it over the next ones, within what was signed; nobody has to be asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from portal.actions.life.act_on_plans import catch_up, next_moment
from portal.actions.life.follow_money import tell_cured
from portal.actions.life.lock_plan import lock_plan
from portal.actions.life.telling import move_payload
from portal.core.actors import DEBTOR
from portal.core.amendments.within import is_within_terms
from portal.core.errors import PlanError
from portal.core.life import money
from portal.core.life.options import move_row, split_row
from portal.core.life.state import Life, Move
from portal.core.money import share
from portal.store import agreements, event_batches, form_tokens, life_changes, lives
from portal.store.event_batches import NewEvent
from portal.store.life_changes import Change
from portal.store.lives import KeptLife
from portal.store.rows import known
from portal.store.work import Transaction, Work

Parts = tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class PaymentChanged:
    """What became of it: changed, there_already (the same form twice), not_possible, not_found."""

    kind: str
    due_on: date | None = None


def move_payment(
    work: Work, *, account_id: UUID, debtor_id: UUID, number: int, due_on: date, token: str, now: datetime
) -> PaymentChanged:
    """Move one payment to a day inside the limits, or to the end of the plan; no amount changes.

    Moves are counted over twelve months as signed. `token` is the form's one-use token.
    """

    def change(kept: KeptLife) -> tuple[Life, Parts]:
        return move_row(kept.life, number, due_on, kept.world), ()

    return _change(work, account_id, debtor_id, change=change, token=token, now=now)


def split_payment(
    work: Work, *, account_id: UUID, debtor_id: UUID, number: int, token: str, now: datetime
) -> PaymentChanged:
    """Spread what is left of a payment over the next ones; the plan asks for exactly as much as before."""

    def change(kept: KeptLife) -> tuple[Life, Parts]:
        return split_row(kept.life, number, kept.world)

    return _change(work, account_id, debtor_id, change=change, token=token, now=now)


def _change(
    work: Work,
    account_id: UUID,
    debtor_id: UUID,
    *,
    change: Callable[[KeptLife], tuple[Life, Parts]],
    token: str,
    now: datetime,
) -> PaymentChanged:
    with work.begin() as tx:
        kept = lock_plan(tx, account_id=account_id, debtor_id=debtor_id)
        if kept is None:
            return PaymentChanged(kind="not_found")
        if not form_tokens.use_token(tx, token=token, answer=str(account_id), now=now):
            return PaymentChanged(kind="there_already")
        if catch_up(tx, kept, now=now):
            kept = known(lives.load_life(tx, agreement_id=kept.agreement_id))
        kept = replace(kept, life=replace(kept.life, as_of=now))
        try:
            life, parts = change(kept)
        except PlanError:
            return PaymentChanged(kind="not_possible")
        if not is_within_terms(kept.life, life, kept.world):
            return PaymentChanged(kind="not_possible")  # this would need a new version, and a signature
        _save(tx, kept, life, parts, now=now)
        return PaymentChanged(kind="changed", due_on=life.moves[-1].due_on)


def _save(tx: Transaction, kept: KeptLife, life: Life, parts: Parts, *, now: datetime) -> None:
    _tell(tx, kept, life, parts, now=now)
    life, turn = money.turn(life, kept.world.terms, had_missed=bool(kept.life.missed), is_final=False)
    if turn.is_cured:
        tell_cured(tx, kept, payment_ref=None, now=now)
    if parts:
        _save_parts(tx, kept, life.moves[-1].number, parts)
    fresh = replace(kept, agreement_state="active" if life.state == "active" else kept.agreement_state)
    life_changes.save_lives(tx, [Change(kept, life, next_moment(tx, fresh, life))])


def _tell(tx: Transaction, kept: KeptLife, life: Life, parts: Parts, *, now: datetime) -> None:
    move = life.moves[-1]
    days = {row.number: row.due_on for row in life.rows}
    payloads = [
        move_payload(
            kept, life, Move(move.at, move.number, move.before_on, days[target], move.why), amount=amount
        )
        for target, amount in parts
    ] or [move_payload(kept, life, move)]
    told = [
        NewEvent(
            type="installment.moved",
            at=now,
            payload=payload,
            debtor_ref=kept.debtor_ref,
            account_ref=one.account_ref,
            creditor_ref=one.creditor_ref,
        )
        for payload in payloads
        for one in kept.accounts
    ]
    event_batches.append_many(tx, told, actor=DEBTOR)


def _save_parts(tx: Transaction, kept: KeptLife, number: int, parts: Parts) -> None:
    """Write the amounts of a split: what is left of the plan's interest in the payment goes along in proportion."""
    rows = {row.number: row for row in agreements.list_installments(tx, agreement_id=kept.agreement_id)}
    row = rows[number]
    interest = max(row.interest_minor - row.paid_minor, 0)
    life_changes.save_amount(
        tx,
        agreement_id=kept.agreement_id,
        number=number,
        principal_minor=row.paid_minor - (row.interest_minor - interest),
        interest_minor=row.interest_minor - interest,
    )
    shares = share(interest, [amount for _, amount in parts])
    for (target, amount), more in zip(parts, shares, strict=True):
        life_changes.save_amount(
            tx,
            agreement_id=kept.agreement_id,
            number=target,
            principal_minor=rows[target].principal_minor + amount - more,
            interest_minor=rows[target].interest_minor + more,
        )
