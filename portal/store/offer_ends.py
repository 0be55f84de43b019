"""Offers whose last day is over: taken in batches with what their events say."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from portal.core.states import check_move
from portal.store.rows import must_touch
from portal.store.work import Transaction

# Two workers share them: what one has, the other leaves. One that waits for a yes loses no time by it.
_TAKE = """
SELECT o.offer_id, o.offer_ref, c.case_ref, d.debtor_ref,
  o.amends_id IS NULL AND EXISTS (SELECT 1 FROM offers s
      WHERE s.lender_id = o.lender_id AND s.case_id = o.case_id AND s.state = 'accepted') AS is_replaced,
  (SELECT jsonb_agg(jsonb_build_array(a.account_ref, r.creditor_ref) ORDER BY a.account_id)
     FROM case_accounts k
     JOIN accounts a ON a.lender_id = k.lender_id AND a.account_id = k.account_id
     JOIN creditors r ON r.lender_id = a.lender_id AND r.creditor_id = a.creditor_id
     WHERE k.lender_id = o.lender_id AND k.case_id = o.case_id) AS account_rows
FROM offers o
JOIN cases c ON c.lender_id = o.lender_id AND c.case_id = o.case_id
JOIN debtors d ON d.lender_id = c.lender_id AND d.debtor_id = c.debtor_id
WHERE o.lender_id = %(lender_id)s AND o.state = 'firm' AND o.expires_on < %(before)s
  AND o.approval IS DISTINCT FROM 'waiting'
ORDER BY o.expires_on, o.offer_id LIMIT %(limit)s
FOR UPDATE OF o SKIP LOCKED
"""
_END = """
UPDATE offers SET state = %(after)s
WHERE offers.lender_id = %(lender_id)s AND offers.offer_id = %(offer_id)s AND offers.state = 'firm'
"""


class OfferedOn(NamedTuple):
    """An account of the offer's case, as its event names it."""

    account_ref: str
    creditor_ref: str


class EndedOffer(NamedTuple):
    """A firm offer whose last day is over; `is_replaced`: another one of its case was signed."""

    offer_id: UUID
    offer_ref: str
    case_ref: str
    debtor_ref: str
    is_replaced: bool
    accounts: tuple[OfferedOn, ...]


def take_ended(tx: Transaction, *, before: date, limit: int) -> list[EndedOffer]:
    """Lock firm offers whose last day is before a day, the oldest first; those that somebody has are left out."""
    rows = tx.find_all(_TAKE, {"lender_id": tx.lender_id, "before": before, "limit": limit})
    return [
        EndedOffer(
            offer_id=row["offer_id"],
            offer_ref=row["offer_ref"],
            case_ref=row["case_ref"],
            debtor_ref=row["debtor_ref"],
            is_replaced=row["is_replaced"],
            accounts=tuple(OfferedOn(*one) for one in row["account_rows"] or ()),
        )
        for row in rows
    ]


def end_offer(tx: Transaction, *, offer_id: UUID, after: str) -> None:
    """End a locked offer: expired or replaced."""
    check_move(noun="offer", before="firm", after=after)
    values = {"lender_id": tx.lender_id, "offer_id": offer_id, "after": after}
    tx.later(_END, values, heard=must_touch(1))
