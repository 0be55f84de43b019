"""The double-entry ledger: append-only, every posting sums to zero in its currency."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.store.tables.debtors import accounts
from portal.store.tables.payments import ledger_entries
from portal.store.work import Transaction

BOOKS = (
    "cash",
    "principal",
    "interest",
    "fees",
    "plan_interest",
    "waived",
    "credit",
    "refunds",
    "direct",
    "disputed",
    "adjustments",
    "fx_position",
    "fx_margin",
    "fx_result",
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One side of a posting; amounts are signed minor units, of the account's currency where none is named."""

    book: str
    amount_minor: int
    currency: str | None = None


class UnbalancedPostingError(ValueError):
    """The sides of a posting do not sum to zero."""


def post(
    tx: Transaction,
    *,
    account_id: UUID,
    currency: str,
    entries: tuple[Entry, ...],
    on_date: date,
    cause: str,
    payment_id: UUID | None,
    now: datetime,
) -> UUID:
    """Append one posting; raises UnbalancedPostingError when its sides do not sum to zero in each currency."""
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.currency or currency] += entry.amount_minor
    if any(sums.values()) or not {entry.book for entry in entries} <= set(BOOKS):
        raise UnbalancedPostingError
    posting_id = tx.new_id()
    tx.later(
        _POST,
        {
            "lender_id": tx.lender_id,
            "posting_id": posting_id,
            "lines": list(range(1, len(entries) + 1)),
            "books": [entry.book for entry in entries],
            "amounts": [entry.amount_minor for entry in entries],
            "currencies": [entry.currency or currency for entry in entries],
            "account_id": account_id,
            "on_date": on_date,
            "cause": cause,
            "payment_id": payment_id,
            "now": now,
        },
    )
    return posting_id


_POST = """
INSERT INTO ledger_entries (lender_id, posting_id, line, account_id, book, currency, amount_minor, on_date, cause,
  payment_id, booked_at)
SELECT %(lender_id)s, %(posting_id)s, sides.line, %(account_id)s, sides.book, sides.currency, sides.amount_minor,
  %(on_date)s, %(cause)s, %(payment_id)s, %(now)s
FROM unnest(%(lines)s::int[], %(books)s::text[], %(currencies)s::text[], %(amounts)s::bigint[])
  AS sides(line, book, currency, amount_minor)
"""


def book_totals(tx: Transaction, *, account_id: UUID) -> dict[str, int]:
    """Sum one account's books in its own currency; the values add up to zero."""
    own = and_(
        accounts.c.lender_id == ledger_entries.c.lender_id,
        accounts.c.account_id == ledger_entries.c.account_id,
        accounts.c.currency == ledger_entries.c.currency,
    )
    rows = tx.execute(
        select(ledger_entries.c.book, func.sum(ledger_entries.c.amount_minor).label("total"))
        .select_from(ledger_entries.join(accounts, own))
        .where(ledger_entries.c.lender_id == tx.lender_id, ledger_entries.c.account_id == account_id)
        .group_by(ledger_entries.c.book)
    )
    return {row.book: int(row.total) for row in rows}


def posted_at(tx: Transaction, *, account_id: UUID, cause: str, booked_at: datetime) -> dict[str, int]:
    """Sum by book what was posted for one cause at one moment: what an undoing turns around."""
    rows = tx.execute(
        select(ledger_entries.c.book, func.sum(ledger_entries.c.amount_minor).label("total"))
        .where(
            ledger_entries.c.lender_id == tx.lender_id,
            ledger_entries.c.account_id == account_id,
            ledger_entries.c.booked_at == booked_at,
            ledger_entries.c.cause == cause,
        )
        .group_by(ledger_entries.c.book)
    )
    return {row.book: int(row.total) for row in rows}
