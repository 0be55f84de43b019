"""Payments: one row an attempt, whose id is the idempotency key at the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import insert, select, update

from portal.core.states import check_move
from portal.store.rows import must_touch
from portal.store.tables.debtors import accounts
from portal.store.tables.payments import payments
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One attempt to pay. `gateway_session` and `gateway_ref` are the provider's words for it.

    `channel` is the way in: portal, mandate, elsewhere, link. `facts` is what is known of it (core/payment_story),
    `quote` what was promised when it began, `allocation` where the money is now, part by part.
    """

    payment_id: UUID
    payment_ref: str
    debtor_id: UUID
    account_id: UUID
    agreement_id: UUID | None
    currency: str
    amount_minor: int
    refunded_minor: int = 0
    returned_minor: int = 0
    purpose: str
    channel: str = "portal"
    gateway: str
    method: str | None = None
    gateway_session: str | None = None
    gateway_ref: str | None = None
    decline_code: str | None = None
    state: str
    started_at: datetime
    settled_at: datetime | None = None
    value_on: date | None = None
    facts: Mapping[str, Any] | None = None
    quote: Mapping[str, Any] | None = None
    allocation: Mapping[str, Any] | None = None
    receipt_number: str | None = None


_PAYMENT = tuple(payments.c[name] for name in Payment.__dataclass_fields__)


def save_payment(tx: Transaction, payment: Payment) -> None:
    tx.execute(insert(payments).values(lender_id=tx.lender_id, **vars(payment)))


def find_payment(
    tx: Transaction,
    *,
    payment_id: UUID | None = None,
    payment_ref: str | None = None,
    gateway: str | None = None,
    gateway_session: str | None = None,
    gateway_ref: str | None = None,
) -> Payment | None:
    """Find a payment by whichever of its names is given."""
    wanted = {
        "payment_id": payment_id,
        "payment_ref": payment_ref,
        "gateway": gateway,
        "gateway_session": gateway_session,
        "gateway_ref": gateway_ref,
    }
    conditions = [payments.c[name] == value for name, value in wanted.items() if value is not None]
    if not conditions:
        raise ValueError("name the payment")
    row = tx.execute(
        select(*_PAYMENT).where(payments.c.lender_id == tx.lender_id, *conditions).limit(1)
    ).one_or_none()
    return None if row is None else Payment(**row._mapping)


def lock_payment(tx: Transaction, *, payment_id: UUID) -> Payment | None:
    """Lock the payment's row until the commit and load it as it is then."""
    row = tx.execute(
        select(*_PAYMENT)
        .where(payments.c.lender_id == tx.lender_id, payments.c.payment_id == payment_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Payment(**row._mapping)


def list_payments(tx: Transaction, *, account_id: UUID, limit: int = 100) -> list[Payment]:
    """List an account's payments, newest first."""
    rows = tx.execute(
        select(*_PAYMENT)
        .where(payments.c.lender_id == tx.lender_id, payments.c.account_id == account_id)
        .order_by(payments.c.started_at.desc(), payments.c.payment_id.desc())
        .limit(limit)
    )
    return [Payment(**row._mapping) for row in rows]


def list_page(
    tx: Transaction,
    *,
    before: UUID | None,
    limit: int,
    account_id: UUID | None = None,
    state: str | None = None,
) -> list[tuple[Payment, str]]:
    """List payments with the references of their accounts, the newest first, from before `before` on."""
    page = (
        select(*_PAYMENT, accounts.c.account_ref)
        .select_from(
            payments.join(
                accounts,
                (accounts.c.lender_id == payments.c.lender_id)
                & (accounts.c.account_id == payments.c.account_id),
            )
        )
        .where(payments.c.lender_id == tx.lender_id)
        .order_by(payments.c.payment_id.desc())
        .limit(limit)
    )
    if account_id is not None:
        page = page.where(payments.c.account_id == account_id)
    if state is not None:
        page = page.where(payments.c.state == state)
    if before is not None:
        page = page.where(payments.c.payment_id < before)
    rows = [dict(row._mapping) for row in tx.execute(page)]
    return [
        (Payment(**{k: v for k, v in row.items() if k != "account_ref"}), row["account_ref"]) for row in rows
    ]


def list_unsettled(tx: Transaction, *, gateway: str, before: datetime, limit: int = 100) -> list[Payment]:
    """List a rail's payments that started before `before` and are still started or unknown: the sweeper asks."""
    rows = tx.execute(
        select(*_PAYMENT)
        .where(
            payments.c.lender_id == tx.lender_id,
            payments.c.gateway == gateway,
            payments.c.state.in_(["started", "unknown"]),
            payments.c.started_at < before,
        )
        .order_by(payments.c.started_at)
        .limit(limit)
    )
    return [Payment(**row._mapping) for row in rows]


def save_gateway_words(tx: Transaction, *, payment_id: UUID, **words: str | None) -> None:
    """Save what the provider calls this payment (`gateway_session`, `gateway_ref`, `method`, `decline_code`)."""
    tx.execute(
        update(payments)
        .where(payments.c.lender_id == tx.lender_id, payments.c.payment_id == payment_id)
        .values(**words)
    )


def move_payment(
    tx: Transaction, *, payment_id: UUID, before: str, after: str, now: datetime, **values: Any
) -> bool:
    """Move a payment's state by compare-and-set, with other columns; False when it was not in `before`."""
    check_move(noun="payment", before=before, after=after)
    settled = {"settled_at": now} if after in {"succeeded", "failed", "canceled"} else {}
    step = (
        update(payments)
        .where(
            payments.c.lender_id == tx.lender_id,
            payments.c.payment_id == payment_id,
            payments.c.state == before,
        )
        .values(state=after, **settled, **values)
    )
    return tx.execute(step).rowcount == 1


def save_success(tx: Transaction, *, payment: Payment, before: str, now: datetime) -> None:
    """Save that a locked payment succeeded: what is known of it, its receipt, where its money went."""
    check_move(noun="payment", before=before, after="succeeded")
    values = {name: getattr(payment, name) for name in _OF_SUCCESS}
    given = values | {
        "lender_id": tx.lender_id,
        "facts": Jsonb(dict(payment.facts or {})),
        "allocation": Jsonb(dict(payment.allocation or {})),
        "before": before,
        "now": now,
    }
    tx.later(_SUCCESS, given, heard=must_touch(1))


_OF_SUCCESS = (
    "payment_id", "amount_minor", "value_on", "receipt_number", "gateway_ref", "gateway_session", "method",
)  # fmt: skip
_SUCCESS = """
UPDATE payments SET state = 'succeeded', settled_at = %(now)s, amount_minor = %(amount_minor)s,
  value_on = %(value_on)s, receipt_number = %(receipt_number)s, gateway_ref = %(gateway_ref)s,
  gateway_session = %(gateway_session)s, method = %(method)s, facts = %(facts)s, allocation = %(allocation)s
WHERE payments.lender_id = %(lender_id)s AND payments.payment_id = %(payment_id)s AND payments.state = %(before)s
"""


def save_money(tx: Transaction, *, payment_id: UUID, **values: Any) -> None:
    """Save what is known of a payment's money (`facts`, `allocation`, `amount_minor`, `refunded_minor` …)."""
    tx.execute(
        update(payments)
        .where(payments.c.lender_id == tx.lender_id, payments.c.payment_id == payment_id)
        .values(**values)
    )


def list_open_pages(tx: Transaction, *, account_id: UUID) -> list[Payment]:
    """List the attempts of an account whose page was opened and not finished, oldest first."""
    rows = tx.execute(
        select(*_PAYMENT)
        .where(
            payments.c.lender_id == tx.lender_id,
            payments.c.account_id == account_id,
            payments.c.state == "started",
            payments.c.channel.in_(["portal", "link"]),
        )
        .order_by(payments.c.payment_id)
    )
    return [Payment(**row._mapping) for row in rows]


def list_in_flight(tx: Transaction, *, account_id: UUID) -> list[Payment]:
    """List the payments of an account whose end is not known: the bank has the order, or nobody has answered."""
    rows = tx.execute(
        select(*_PAYMENT)
        .where(
            payments.c.lender_id == tx.lender_id,
            payments.c.account_id == account_id,
            payments.c.state.in_(["pending", "unknown"]),
        )
        .order_by(payments.c.payment_id)
    )
    return [Payment(**row._mapping) for row in rows]


def list_settled_of(tx: Transaction, *, agreement_id: UUID) -> list[tuple[datetime, str]]:
    """List when the money of an agreement came in and by which method: what decides when all of it is final."""
    rows = tx.execute(
        select(payments.c.settled_at, payments.c.method).where(
            payments.c.lender_id == tx.lender_id,
            payments.c.agreement_id == agreement_id,
            payments.c.state == "succeeded",
            payments.c.settled_at.is_not(None),
        )
    )
    return [(row.settled_at, row.method or "") for row in rows]
