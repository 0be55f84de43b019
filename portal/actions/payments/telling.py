"""What every event of a payment carries, and the moves of a payment that no money follows."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.core.actors import SYSTEM
from portal.core.events.envelope import write_time
from portal.core.fx import deal_of
from portal.core.plans.telling import money_payload
from portal.store import accounts, active_plans, debtors, events, payments
from portal.store.paying import Paying
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction


def move_and_tell(
    tx: Transaction, payment: Payment, *, after: str, type_: str, now: datetime, **more: str | bool
) -> bool:
    """Move a payment that no money follows, and tell it; False when it had moved already."""
    values = {"decline_code": more.get("reason")} if after == "failed" else {}
    if not payments.move_payment(
        tx, payment_id=payment.payment_id, before=payment.state, after=after, now=now, **values
    ):
        return False
    tell(tx, payment, type_=type_, now=now, **more)
    return True


def tell(tx: Transaction, payment: Payment, *, type_: str, now: datetime, **more: Any) -> None:
    """Append one event of a payment to its account."""
    paying = Paying(
        payment=payment,
        account=known(accounts.find_account(tx, account_id=payment.account_id)),
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=payment.debtor_id)).debtor_ref,
        agreement_ref=agreement_ref_of(tx, payment),
    )
    tell_of(tx, paying, type_=type_, now=now, **more)


def tell_of(tx: Transaction, paying: Paying, *, type_: str, now: datetime, **more: Any) -> None:
    """Append one event of a payment of which everything is known."""
    events.append_for_accounts(
        tx,
        accounts=[paying.account],
        type=type_,
        actor=SYSTEM,
        at=now,
        debtor_ref=paying.debtor_ref,
        payload={**payment_payload(paying.payment, agreement_ref=paying.agreement_ref), **more},
    )


def agreement_ref_of(tx: Transaction, payment: Payment) -> str | None:
    """Give the reference of the agreement that a payment is for."""
    if payment.agreement_id is None:
        return None
    return active_plans.find_agreement_ref(tx, agreement_id=payment.agreement_id)


def payment_payload(payment: Payment, *, agreement_ref: str | None) -> dict[str, object]:
    """Return what every event of a payment carries."""
    told: dict[str, object | None] = {
        "id": payment.payment_ref,
        "amount": money_payload(payment.amount_minor, payment.currency),
        "agreement": agreement_ref,
        "method": payment.method,
        "channel": payment.channel,
        "provider": payment.gateway,
        "provider_ref": payment.gateway_ref,
        "purpose": payment.purpose,
        "fx": _fx(payment),
    }
    return {name: value for name, value in told.items() if value is not None}


def _fx(payment: Payment) -> dict[str, object] | None:
    """Say at which price a payment is made in another currency."""
    deal = deal_of(payment.quote)
    if deal is None:
        return None
    return {
        "paid": money_payload(deal.pay.minor, deal.pay.currency),
        "rate": rate_text(deal.rate.value),
        "source": deal.rate.source,
        "rate_at": write_time(deal.rate.at),
        "margin_bp": deal.margin_bp,
        "locked_until": write_time(deal.locked_until),
    }


def rate_text(value: Decimal) -> str:
    """Write a rate as the events do: up to twelve decimals."""
    return f"{value:.12f}".rstrip("0").rstrip(".")
