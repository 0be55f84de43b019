"""Running sums of the books: closed day by day, so that a balance at any day costs a day's postings, not all of them.

A posting is booked on the day on which it is made, so a day that is over does not change any more.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.store import payouts
from portal.store.books import MONEY_BOOKS
from portal.store.tables.books import book_closings
from portal.store.tables.payments import ledger_entries
from portal.store.work import Transaction

DEBT_BOOKS = ("principal", "interest", "fees")
# What was closed last, and every posting since: together the sums at a day.
_SUMS = """
SELECT x.creditor_id, x.currency, sum(x.taken)::bigint AS taken, sum(x.given_back)::bigint AS given_back,
  sum(x.settled)::bigint AS settled, sum(x.direct)::bigint AS direct
FROM (
  SELECT b.creditor_id, b.currency, b.taken_minor AS taken, b.given_back_minor AS given_back,
    b.settled_minor AS settled, b.direct_minor AS direct
  FROM book_closings b WHERE b.lender_id = %(lender_id)s AND b.on_date = %(closed)s
  UNION ALL
  SELECT a.creditor_id, e.currency,
    CASE WHEN e.book = ANY(%(money)s::text[]) AND e.amount_minor > 0 THEN e.amount_minor ELSE 0 END,
    CASE WHEN e.book = ANY(%(money)s::text[]) AND e.amount_minor < 0 THEN -e.amount_minor ELSE 0 END,
    CASE WHEN e.book = ANY(%(debt)s::text[]) THEN -e.amount_minor ELSE 0 END,
    CASE WHEN e.book = 'direct' THEN e.amount_minor ELSE 0 END
  FROM ledger_entries e JOIN accounts a ON a.lender_id = e.lender_id AND a.account_id = e.account_id
  WHERE e.lender_id = %(lender_id)s AND e.on_date > %(closed)s AND e.on_date <= %(on)s
) x GROUP BY x.creditor_id, x.currency
"""
_RUNNING = f"""
SELECT s.*, c.brand_name FROM ({_SUMS}) s
JOIN creditors c ON c.lender_id = %(lender_id)s AND c.creditor_id = s.creditor_id
ORDER BY c.brand_name, s.currency
"""  # noqa: S608 - composed of our own words; values are bound
_CLOSE = f"""
INSERT INTO book_closings (lender_id, creditor_id, currency, on_date, taken_minor, given_back_minor, settled_minor,
  direct_minor)
SELECT %(lender_id)s, s.creditor_id, s.currency, %(on)s, s.taken, s.given_back, s.settled, s.direct FROM ({_SUMS}) s
ON CONFLICT DO NOTHING
"""  # noqa: S608 - composed of our own words; values are bound


@dataclass(frozen=True, kw_only=True)
class Running:
    """All that moved for one creditor in one currency up to the end of a day, in minor units.

    `taken` came in, `given_back` went back, `direct` the provider passed on by itself, `paid_out` the lender did;
    `settled` is by how much its debtors owe less.
    """

    creditor_id: UUID
    brand_name: str
    currency: str
    taken: int
    given_back: int
    settled: int
    direct: int
    paid_out: int = 0

    @property
    def held(self) -> int:
        """What is still to be paid out to the creditor; below zero it has had too much."""
        return self.net - self.direct - self.paid_out

    @property
    def net(self) -> int:
        """What came in and stayed."""
        return self.taken - self.given_back


def list_running(tx: Transaction, *, on: date) -> list[Running]:
    """List the sums of each creditor and currency up to the end of a day."""
    rows = tx.find_all(_RUNNING, _values(tx, on))
    paid = payouts.sum_paid_out(tx, on=on)
    return [Running(**row, paid_out=paid.get((row["creditor_id"], row["currency"]), 0)) for row in rows]


def close_day(tx: Transaction, *, on: date) -> None:
    """Keep the sums at the end of a day that is over; a day that is closed stays as it is."""
    tx.later(_CLOSE, _values(tx, on))


def _values(tx: Transaction, on: date) -> dict[str, Any]:
    closed = last_closed(tx, until=on) or date.min
    return {
        "lender_id": tx.lender_id,
        "on": on,
        "closed": closed,
        "money": list(MONEY_BOOKS),
        "debt": list(DEBT_BOOKS),
    }


def last_closed(tx: Transaction, *, until: date) -> date | None:
    """Find the last closed day up to a day."""
    found = select(book_closings.c.on_date).where(
        book_closings.c.lender_id == tx.lender_id, book_closings.c.on_date <= until
    )
    return tx.execute(found.order_by(book_closings.c.on_date.desc()).limit(1)).scalar_one_or_none()


def first_booked(tx: Transaction) -> date | None:
    """Find the day of the first posting."""
    found = select(ledger_entries.c.on_date).where(ledger_entries.c.lender_id == tx.lender_id)
    return tx.execute(found.order_by(ledger_entries.c.on_date).limit(1)).scalar_one_or_none()
