"""Money that came in for a creditor was paid out to it: written down, never beyond what is held for it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.core.money import Money
from portal.core.plans.telling import money_payload
from portal.store import closings, events, form_tokens, lenders, payouts
from portal.store.debtors import new_ref
from portal.store.lenders import Creditor
from portal.store.payouts import Payout
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class PaidOut:
    """What became of it: recorded, again (the same form twice), unknown, amount (none, or more than `held`)."""

    kind: str
    held: Money | None = None
    payout_ref: str = ""


def record_payout(
    work: Work,
    *,
    creditor_id: UUID,
    amount: Money,
    on: date,
    reference: str,
    token: str,
    actor: Actor,
    now: datetime,
) -> PaidOut:
    """Write down that `amount` went to a creditor on a day, the lender's today, by the bank's `reference`.

    Two at once take turns.
    """
    with work.begin() as tx:
        creditor = lenders.lock_creditor(tx, creditor_id=creditor_id)
        if creditor is None:
            return PaidOut(kind="unknown")
        if (first := form_tokens.first_answer(tx, token=token)) is not None:
            return PaidOut(kind="again", payout_ref=first)
        held = _held(tx, creditor_id, amount.currency, on=on)
        if not 0 < amount.minor <= held:
            return PaidOut(kind="amount", held=Money(held, amount.currency))
        payout_id = tx.new_id()
        made = Payout(
            payout_id=payout_id,
            payout_ref=new_ref("po", payout_id),
            creditor_id=creditor_id,
            currency=amount.currency,
            amount_minor=amount.minor,
            on_date=on,
            reference=reference,
            made_by=actor.ref or actor.kind,
            made_at=now,
        )
        form_tokens.use_token(tx, token=token, answer=made.payout_ref, now=now)
        payouts.save_payout(tx, made)
        _tell(tx, made, creditor, left=held - amount.minor, actor=actor)
    return PaidOut(kind="recorded", payout_ref=made.payout_ref)


def _held(tx: Transaction, creditor_id: UUID, currency: str, *, on: date) -> int:
    wanted = (creditor_id, currency)
    rows = closings.list_running(tx, on=on)
    return next((row.held for row in rows if (row.creditor_id, row.currency) == wanted), 0)


def _tell(tx: Transaction, made: Payout, creditor: Creditor, *, left: int, actor: Actor) -> None:
    events.append(
        tx,
        type="payout.recorded",
        actor=actor,
        at=made.made_at,
        creditor_ref=creditor.creditor_ref,
        payload={
            "id": made.payout_ref,
            "amount": money_payload(made.amount_minor, made.currency),
            "on": made.on_date.isoformat(),
            "reference": made.reference,
            "held": money_payload(left, made.currency),
        },
    )
