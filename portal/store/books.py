"""The books as they are read: an account's postings, a day of each creditor, postings that do not sum to zero."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core.fx import deal_of
from portal.core.money import Money
from portal.core.statements import DEBT_BOOKS, Effect
from portal.store.tables.debtors import accounts
from portal.store.tables.lenders import creditors
from portal.store.tables.payments import inbox, ledger_entries, payments
from portal.store.work import Transaction

MONEY_BOOKS = ("cash", "refunds", "direct")
"""The books that are money: what came in, what went back by the lender's hand, what went straight to a creditor."""
UNMATCHED = ("parked", "ignored")
DAY_MAX = 100_000


class DayEntry(NamedTuple):
    """One side of one posting of a day, as the reconciliation file tells it."""

    creditor_ref: str
    account_ref: str
    posting_id: UUID
    line: int
    book: str
    currency: str
    amount_minor: int
    cause: str
    payment_ref: str | None
    provider_ref: str | None


DAY_COLUMNS = tuple(DayEntry.__annotations__)
"""The columns of the reconciliation file, in their order."""


@dataclass(frozen=True, kw_only=True)
class CreditorDay:
    """What a day moved for one creditor in one currency, in minor units.

    `taken` is money that came in, `given_back` what went back by refund or by the bank, `direct` what of it the
    provider passed on to the creditor by itself; `net` is what is to be paid out for the day. `settled` is by how much
    its debtors owe less.
    """

    creditor_id: UUID
    brand_name: str
    currency: str
    taken: int
    given_back: int
    settled: int
    direct: int
    first_account: str
    last_account: str

    @property
    def net(self) -> int:
        """What is to be paid out for the day."""
        return self.taken - self.given_back - self.direct


class Unmatched(NamedTuple):
    """A provider's notice that no payment fits, or that nobody can read."""

    source: str
    outside_id: str
    state: str
    received_at: datetime


def list_effects(tx: Transaction, *, account_id: UUID, since: date) -> list[Effect]:
    """List what each posting of an account did to what is owed, from a day on, in the order of booking."""
    joined = ledger_entries.outerjoin(
        payments,
        and_(
            payments.c.lender_id == ledger_entries.c.lender_id,
            payments.c.payment_id == ledger_entries.c.payment_id,
        ),
    )
    keys = (
        ledger_entries.c.posting_id,
        ledger_entries.c.on_date,
        ledger_entries.c.cause,
        ledger_entries.c.booked_at,
        payments.c.payment_ref,
        payments.c.quote,
    )
    abroad = ledger_entries.c.book.in_(MONEY_BOOKS) & (ledger_entries.c.currency != payments.c.currency)
    rows = tx.execute(
        select(
            *keys,
            _sum(ledger_entries.c.book.in_(DEBT_BOOKS)).label("amount"),
            _sum(abroad).label("paid"),
        )
        .select_from(joined)
        .where(
            ledger_entries.c.lender_id == tx.lender_id,
            ledger_entries.c.account_id == account_id,
            ledger_entries.c.on_date >= since,
        )
        .group_by(*keys)
        .order_by(ledger_entries.c.booked_at, ledger_entries.c.posting_id)
    )
    return [_effect(row) for row in rows]


def _effect(row: Any) -> Effect:
    deal = deal_of(row.quote)
    return Effect(
        on=row.on_date,
        cause=row.cause,
        amount=int(row.amount or 0),
        payment_ref=row.payment_ref,
        paid=Money(int(row.paid), deal.pay.currency) if deal and row.paid else None,
        deal=deal if row.paid else None,
    )


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.sum(ledger_entries.c.amount_minor).filter(condition)


_OF_CREDITOR = ledger_entries.join(
    accounts,
    and_(
        accounts.c.lender_id == ledger_entries.c.lender_id,
        accounts.c.account_id == ledger_entries.c.account_id,
    ),
).join(
    creditors,
    and_(creditors.c.lender_id == accounts.c.lender_id, creditors.c.creditor_id == accounts.c.creditor_id),
)


def list_days(tx: Transaction, *, on: date) -> list[CreditorDay]:
    """List what a day moved, creditor by creditor and currency by currency."""
    money = ledger_entries.c.book.in_(MONEY_BOOKS)
    rows = tx.execute(
        select(
            creditors.c.creditor_id,
            creditors.c.brand_name,
            ledger_entries.c.currency,
            _sum(money & (ledger_entries.c.amount_minor > 0)).label("taken"),
            _sum(money & (ledger_entries.c.amount_minor < 0)).label("given_back"),
            _sum(ledger_entries.c.book.in_(DEBT_BOOKS)).label("settled"),
            _sum(ledger_entries.c.book == "direct").label("direct"),
            func.min(accounts.c.account_ref).label("first_account"),
            func.max(accounts.c.account_ref).label("last_account"),
        )
        .select_from(_OF_CREDITOR)
        .where(ledger_entries.c.lender_id == tx.lender_id, ledger_entries.c.on_date == on)
        .group_by(creditors.c.creditor_id, creditors.c.brand_name, ledger_entries.c.currency)
        .order_by(creditors.c.brand_name, ledger_entries.c.currency)
    )
    return [
        CreditorDay(
            creditor_id=row.creditor_id,
            brand_name=row.brand_name,
            currency=row.currency,
            taken=int(row.taken or 0),
            given_back=-int(row.given_back or 0),
            settled=-int(row.settled or 0),
            direct=int(row.direct or 0),
            first_account=row.first_account,
            last_account=row.last_account,
        )
        for row in rows
    ]


def list_entries_of_day(tx: Transaction, *, on: date, creditor_id: UUID) -> list[DayEntry]:
    """List every side of every posting of a day for one creditor: what its own books are laid beside."""
    joined = _OF_CREDITOR.outerjoin(
        payments,
        and_(
            payments.c.lender_id == ledger_entries.c.lender_id,
            payments.c.payment_id == ledger_entries.c.payment_id,
        ),
    )
    rows = tx.execute(
        select(
            creditors.c.creditor_ref,
            accounts.c.account_ref,
            ledger_entries.c.posting_id,
            ledger_entries.c.line,
            ledger_entries.c.book,
            ledger_entries.c.currency,
            ledger_entries.c.amount_minor,
            ledger_entries.c.cause,
            payments.c.payment_ref,
            payments.c.gateway_ref.label("provider_ref"),
        )
        .select_from(joined)
        .where(
            ledger_entries.c.lender_id == tx.lender_id,
            ledger_entries.c.on_date == on,
            creditors.c.creditor_id == creditor_id,
        )
        .order_by(ledger_entries.c.posting_id, ledger_entries.c.line)
        .limit(DAY_MAX)
    )
    return [DayEntry(**row._mapping) for row in rows]


def list_unmatched(tx: Transaction, *, limit: int) -> list[Unmatched]:
    """List the provider's notices that were kept and fit nothing, the newest first."""
    rows = tx.execute(
        select(inbox.c.source, inbox.c.outside_id, inbox.c.state, inbox.c.received_at)
        .where(inbox.c.lender_id == tx.lender_id, inbox.c.state.in_(UNMATCHED))
        .order_by(inbox.c.received_at.desc(), inbox.c.outside_id)
        .limit(limit)
    )
    return [Unmatched(**row._mapping) for row in rows]


def list_unbalanced(tx: Transaction, *, since: date, limit: int = 100) -> list[UUID]:
    """List postings from a day on whose sides do not sum to zero in each currency; a sound ledger has none."""
    rows = tx.execute(
        select(ledger_entries.c.posting_id)
        .where(ledger_entries.c.lender_id == tx.lender_id, ledger_entries.c.on_date >= since)
        .group_by(ledger_entries.c.posting_id, ledger_entries.c.currency)
        .having(func.sum(ledger_entries.c.amount_minor) != 0)
        .limit(limit)
    )
    return list(rows.scalars())
