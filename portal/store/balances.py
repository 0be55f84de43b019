"""One account as the balance page shows it: everything in one statement (STACK.md 4.3: fewer queries first)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.store.accounts import Account, Hold, Line
from portal.store.disputes import Dispute
from portal.store.work import Transaction

_ACCOUNT = tuple(Account.__dataclass_fields__)
_OF_CREDITOR = frozenset({"creditor_ref", "brand_name"})
_COLUMNS = ", ".join(f"{'c' if name in _OF_CREDITOR else 'a'}.{name}" for name in _ACCOUNT)

# The lists are arrays of small documents: one round trip for the page that is opened most.
_BALANCE = f"""
SELECT {_COLUMNS},
  (SELECT jsonb_agg(jsonb_build_array(l.position, l.kind, l.label_key, l.on_date, l.amount_minor) ORDER BY l.position)
     FROM account_lines l WHERE l.lender_id = a.lender_id AND l.account_id = a.account_id) AS line_rows,
  (SELECT jsonb_agg(jsonb_build_array(h.hold_id, h.kind, h.since, h.until))
     FROM holds h WHERE h.lender_id = a.lender_id AND h.account_id = a.account_id AND h.released_at IS NULL
      AND (h.until IS NULL OR h.until > %(now)s)) AS hold_rows,
  (SELECT jsonb_build_array(d.dispute_id, d.dispute_ref, d.reason, d.state, d.opened_at, d.answer_due_at, d.answered_at)
     FROM disputes d WHERE d.lender_id = a.lender_id AND d.account_id = a.account_id
      AND d.state IN ('open', 'escalated') ORDER BY d.dispute_id DESC LIMIT 1) AS dispute_row,
  EXISTS (SELECT 1 FROM accounts o WHERE o.lender_id = a.lender_id AND o.debtor_id = a.debtor_id
      AND o.account_id <> a.account_id AND o.state IN ('open', 'settled')) AS has_others,
  EXISTS (SELECT 1 FROM agreements g WHERE g.lender_id = a.lender_id AND g.debtor_id = a.debtor_id
      AND g.state = 'prepared') AS has_begun
FROM accounts a JOIN creditors c ON c.lender_id = a.lender_id AND c.creditor_id = a.creditor_id
WHERE a.lender_id = %(lender_id)s AND a.account_id = %(account_id)s AND a.debtor_id = %(debtor_id)s
"""  # noqa: S608 - composed of our own column names; values are bound


@dataclass(frozen=True, kw_only=True)
class BalanceRow:
    """An account with its lines, the holds in force, an open dispute, whether the person has other accounts, and
    whether they may have begun to sign something."""

    account: Account
    lines: list[Line]
    holds: list[Hold]
    dispute: Dispute | None
    has_others: bool
    has_begun: bool


def find_balance(tx: Transaction, *, account_id: UUID, debtor_id: UUID, now: datetime) -> BalanceRow | None:
    """Find a person's own account; None when it is not theirs."""
    row = tx.find(
        _BALANCE, {"lender_id": tx.lender_id, "account_id": account_id, "debtor_id": debtor_id, "now": now}
    )
    if row is None:
        return None
    return BalanceRow(
        account=Account(**{name: row[name] for name in _ACCOUNT}),
        lines=[_line(one) for one in row["line_rows"] or ()],
        holds=[_hold(one, account_id) for one in row["hold_rows"] or ()],
        dispute=_dispute(row["dispute_row"], account_id) if row["dispute_row"] else None,
        has_others=row["has_others"],
        has_begun=row["has_begun"],
    )


def _line(one: list[Any]) -> Line:
    position, kind, label_key, on_date, amount_minor = one
    return Line(
        position=position,
        kind=kind,
        label_key=label_key,
        on_date=date.fromisoformat(on_date) if on_date else None,
        amount_minor=amount_minor,
    )


def _hold(one: list[Any], account_id: UUID) -> Hold:
    hold_id, kind, since, until = one
    return Hold(
        hold_id=UUID(hold_id),
        account_id=account_id,
        kind=kind,
        since=_moment(since),
        until=_moment_or_none(until),
    )


def _dispute(one: list[Any], account_id: UUID) -> Dispute:
    dispute_id, dispute_ref, reason, state, opened_at, answer_due_at, answered_at = one
    return Dispute(
        dispute_id=UUID(dispute_id),
        dispute_ref=dispute_ref,
        account_id=account_id,
        reason=reason,
        state=state,
        opened_at=_moment(opened_at),
        answer_due_at=_moment(answer_due_at),
        answered_at=_moment_or_none(answered_at),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
