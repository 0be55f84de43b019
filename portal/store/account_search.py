"""Accounts as staff look for them: by reference, name or phone, with filters, in pages that hold still."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from portal.store.accounts import ACCOUNT, WITH_BRAND, Account
from portal.store.tables.agreements import active_agreements
from portal.store.tables.debtors import accounts, holds
from portal.store.tables.lenders import creditors
from portal.store.work import Transaction

MATCHES_MAX = 500
_LAST = "\U0010ffff"
"""The last sign there is: what begins with a text lies between it and it with this sign."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which accounts are wanted; None does not filter. `account_ids` are the matches of a search."""

    creditor_id: UUID | None = None
    state: str | None = None
    currency: str | None = None
    is_past_due: bool = False
    has_plan: bool = False
    is_held: bool = False
    account_ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class FoundAccount:
    """One line of the list, without personal data."""

    account_id: UUID
    account_ref: str
    creditor_ref: str
    brand_name: str
    product: str
    currency: str
    balance_minor: int
    delinquent_since: date | None
    state: str
    has_plan: bool
    is_held: bool


def search_accounts(
    tx: Transaction, *, filters: Filters, now: datetime, limit: int, after: UUID | None = None
) -> list[FoundAccount]:
    """List accounts in the order in which they were made, those after `after`; what comes later never moves a page."""
    planned, held = _has_plan(), _is_held(now)
    page = (
        select(
            accounts.c.account_id,
            accounts.c.account_ref,
            creditors.c.creditor_ref,
            creditors.c.brand_name,
            accounts.c.product,
            accounts.c.currency,
            (accounts.c.principal_minor + accounts.c.interest_minor + accounts.c.fees_minor).label(
                "balance_minor"
            ),
            accounts.c.delinquent_since,
            accounts.c.state,
            planned.label("has_plan"),
            held.label("is_held"),
        )
        .select_from(WITH_BRAND)
        .where(accounts.c.lender_id == tx.lender_id, *_conditions(filters, planned, held))
        .order_by(accounts.c.account_id)
        .limit(limit)
    )
    if after is not None:
        page = page.where(accounts.c.account_id > after)
    return [FoundAccount(**row._mapping) for row in tx.execute(page)]


def _conditions(
    filters: Filters, planned: ColumnElement[bool], held: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    for column, value in (
        (accounts.c.creditor_id, filters.creditor_id),
        (accounts.c.state, filters.state),
        (accounts.c.currency, filters.currency),
    ):
        if value is not None:
            wanted.append(column == value)
    if filters.is_past_due:
        wanted.append(accounts.c.delinquent_since.is_not(None))
    if filters.has_plan:
        wanted.append(planned)
    if filters.is_held:
        wanted.append(held)
    if filters.account_ids is not None:
        wanted.append(accounts.c.account_id.in_(filters.account_ids))
    return wanted


def _has_plan() -> ColumnElement[bool]:
    return exists().where(
        active_agreements.c.lender_id == accounts.c.lender_id,
        active_agreements.c.account_id == accounts.c.account_id,
    )


def _is_held(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        holds.c.lender_id == accounts.c.lender_id,
        holds.c.account_id == accounts.c.account_id,
        holds.c.released_at.is_(None),
        or_(holds.c.until.is_(None), holds.c.until > now),
    )


def list_ids_by_ref(tx: Transaction, *, start: str) -> list[UUID]:
    """List accounts whose reference begins with `start`, at most `MATCHES_MAX`.

    By a range of bytes and not by LIKE, which no index may serve under row security: LIKE is not leakproof, these are.
    """
    ref = accounts.c.account_ref
    rows = tx.execute(
        select(accounts.c.account_id)
        .where(
            accounts.c.lender_id == tx.lender_id,
            ref.bool_op("~>=~")(start),
            ref.bool_op("~<~")(start + _LAST),
        )
        .limit(MATCHES_MAX)
    )
    return list(rows.scalars())


def list_ids_of_debtors(tx: Transaction, *, debtor_ids: list[UUID]) -> list[UUID]:
    """List the accounts of some debtors, at most `MATCHES_MAX`."""
    rows = tx.execute(
        select(accounts.c.account_id)
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.debtor_id.in_(debtor_ids))
        .limit(MATCHES_MAX)
    )
    return list(rows.scalars())


def list_open_accounts(tx: Transaction, *, currency: str, limit: int) -> list[Account]:
    """List open accounts of a currency with something owed, the oldest first: a sample to count plans on."""
    rows = tx.execute(
        select(*ACCOUNT)
        .select_from(WITH_BRAND)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.currency == currency,
            accounts.c.state == "open",
            accounts.c.principal_minor + accounts.c.interest_minor + accounts.c.fees_minor > 0,
        )
        .order_by(accounts.c.account_id)
        .limit(limit)
    )
    return [Account(**row._mapping) for row in rows]
