"""Accounts as the API shows them: with the lender's own references and no personal data."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from portal.store.tables.debtors import accounts, debtors
from portal.store.tables.lenders import creditors
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class AccountCard:
    """One account with its creditor's and its debtor's references."""

    account_id: UUID
    account_ref: str
    creditor_ref: str
    source_ref: str
    debtor_ref: str
    language: str
    product: str
    currency: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    original_minor: int
    annual_rate: Decimal
    opened_on: date
    delinquent_since: date | None
    last_payment_on: date | None
    as_of: datetime
    state: str


def _cards() -> Any:
    same_creditor = (creditors.c.lender_id == accounts.c.lender_id) & (
        creditors.c.creditor_id == accounts.c.creditor_id
    )
    same_debtor = (debtors.c.lender_id == accounts.c.lender_id) & (
        debtors.c.debtor_id == accounts.c.debtor_id
    )
    own = [
        accounts.c[name]
        for name in AccountCard.__dataclass_fields__
        if name not in {"creditor_ref", "source_ref", "debtor_ref", "language"}
    ]
    theirs = (creditors.c.creditor_ref, debtors.c.source_ref, debtors.c.debtor_ref, debtors.c.language)
    joined = accounts.join(creditors, same_creditor).join(debtors, same_debtor)
    return select(*own, *theirs).select_from(joined)


def find_card(tx: Transaction, *, account_ref: str) -> AccountCard | None:
    row = tx.execute(
        _cards().where(accounts.c.lender_id == tx.lender_id, accounts.c.account_ref == account_ref)
    ).one_or_none()
    return None if row is None else _card(row)


def list_cards(
    tx: Transaction, *, after: UUID | None, limit: int, state: str | None = None, is_late: bool | None = None
) -> list[AccountCard]:
    """List accounts in the order in which they were made, those after `after`."""
    wanted = _cards().where(accounts.c.lender_id == tx.lender_id)
    if after is not None:
        wanted = wanted.where(accounts.c.account_id > after)
    if state is not None:
        wanted = wanted.where(accounts.c.state == state)
    if is_late is not None:
        late = accounts.c.delinquent_since.is_not(None)
        wanted = wanted.where(late if is_late else ~late)
    return [_card(row) for row in tx.execute(wanted.order_by(accounts.c.account_id).limit(limit))]


def _card(row: Row[Any]) -> AccountCard:
    return AccountCard(**row._mapping)
