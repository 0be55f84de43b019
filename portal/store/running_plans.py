"""The plan that money on an account goes to, read by one statement: its rows, its life, what acts on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.core.holds import freeze_of
from portal.core.life.clock import Frozen
from portal.core.states import check_move
from portal.store.active_plans import ActivePlan
from portal.store.agreements import Installment
from portal.store.lives import KeptLife, LivingAccount, assemble
from portal.store.rows import must_touch
from portal.store.work import Transaction

# The lists are arrays of small documents: one round trip for everything that a payment can move.
_PLAN = """
SELECT g.agreement_id, g.agreement_ref, g.state, g.debtor_id, g.terms_json, g.signed_at, d.debtor_ref,
  l.time_zone, l.born_at, l.as_of, l.broken_on, l.has_lapsed, l.moves, l.vested_minor, l.is_re_aged,
  EXISTS (SELECT 1 FROM active_agreements n WHERE n.lender_id = g.lender_id AND n.agreement_id = g.agreement_id
      AND n.account_id = %(account_id)s) AS is_active,
  (SELECT jsonb_agg(jsonb_build_array(i.number, i.due_on, i.amount_minor, i.principal_minor, i.interest_minor,
      i.paid_minor, i.state, i.told, i.since) ORDER BY i.due_on, i.number)
     FROM installments i WHERE i.lender_id = g.lender_id AND i.agreement_id = g.agreement_id) AS installment_rows,
  (SELECT jsonb_agg(jsonb_build_array(a.account_id, a.account_ref, c.creditor_ref, a.currency) ORDER BY a.account_id)
     FROM agreement_accounts k
     JOIN accounts a ON a.lender_id = k.lender_id AND a.account_id = k.account_id
     JOIN creditors c ON c.lender_id = a.lender_id AND c.creditor_id = a.creditor_id
     WHERE k.lender_id = g.lender_id AND k.agreement_id = g.agreement_id) AS account_rows,
  (SELECT jsonb_agg(jsonb_build_array(h.account_id, h.kind, h.since, h.until, h.released_at) ORDER BY h.since)
     FROM agreement_accounts k
     JOIN holds h ON h.lender_id = k.lender_id AND h.account_id = k.account_id
     WHERE k.lender_id = g.lender_id AND k.agreement_id = g.agreement_id) AS hold_rows
FROM agreements g
JOIN debtors d ON d.lender_id = g.lender_id AND d.debtor_id = g.debtor_id
LEFT JOIN plan_lives l ON l.lender_id = g.lender_id AND l.agreement_id = g.agreement_id
WHERE g.lender_id = %(lender_id)s AND g.agreement_id = coalesce(
  (SELECT n.agreement_id FROM active_agreements n WHERE n.lender_id = %(lender_id)s AND n.account_id = %(account_id)s),
  %(agreement_id)s)
"""


@dataclass(frozen=True, kw_only=True)
class RunningPlan:
    """A plan as money finds it. `life` is None while it does not run by itself yet.

    `is_active`: it is the one plan of the account; otherwise it is the one that a payment was begun for.
    """

    plan: ActivePlan
    is_active: bool
    installments: tuple[Installment, ...]
    life: KeptLife | None

    def with_installments(self, fresh: Mapping[int, Installment]) -> "RunningPlan":
        """Return the plan after money moved some of its rows, each by its number."""
        installments = tuple(fresh.get(row.number, row) for row in self.installments)
        if self.life is None:
            return replace(self, installments=installments)
        rows = tuple(
            replace(row, amount=fresh[row.number].amount_minor, paid=fresh[row.number].paid_minor)
            if row.number in fresh
            else row
            for row in self.life.life.rows
        )
        life = replace(self.life, life=replace(self.life.life, rows=rows))
        return replace(self, installments=installments, life=life)


class _Row(NamedTuple):
    """An installment as the database's document holds it."""

    number: int
    due_on: date
    amount_minor: int
    principal_minor: int
    interest_minor: int
    paid_minor: int
    state: str
    told: int | None
    since: datetime | None


class _Head(NamedTuple):
    """What of the plan itself its life is made from."""

    agreement_id: UUID
    agreement_ref: str
    state: str
    debtor_id: UUID
    debtor_ref: str
    terms_json: str
    time_zone: str
    born_at: datetime
    as_of: datetime
    broken_on: date | None
    has_lapsed: bool
    moves: list[dict[str, Any]]
    vested_minor: int
    is_re_aged: bool


_HEAD = tuple(_Head.__annotations__)


def find_running_plan(
    tx: Transaction, *, account_id: UUID | None = None, agreement_id: UUID | None = None
) -> RunningPlan | None:
    """Find the plan that is active on an account, else the one named by `agreement_id`; None where there is neither."""
    row = tx.find(_PLAN, {"lender_id": tx.lender_id, "account_id": account_id, "agreement_id": agreement_id})
    if row is None:
        return None
    rows = [_row(one) for one in row["installment_rows"] or ()]
    return RunningPlan(
        plan=ActivePlan(
            agreement_id=row["agreement_id"], agreement_ref=row["agreement_ref"], signed_at=row["signed_at"]
        ),
        is_active=row["is_active"],
        installments=tuple(_installment(row["agreement_id"], one) for one in rows),
        life=None if row["born_at"] is None else _life(row, rows),
    )


def _life(row: dict[str, Any], rows: list[_Row]) -> KeptLife:
    covered = [LivingAccount(UUID(one[0]), *one[1:]) for one in row["account_rows"] or ()]
    frozen: dict[UUID, list[Frozen]] = {}
    for account_id, kind, since, *ends in row["hold_rows"] or ():
        if freeze_of(kind).dates:
            over = [datetime.fromisoformat(end) for end in ends if end is not None]
            hold = Frozen(kind, datetime.fromisoformat(since), min(over) if over else None)
            frozen.setdefault(UUID(account_id), []).append(hold)
    return assemble(_Head(**{name: row[name] for name in _HEAD}), covered, rows, frozen)


def _row(one: list[Any]) -> _Row:
    number, due_on, amount, principal, interest, paid, state, told, since = one
    began = datetime.fromisoformat(since) if since else None
    return _Row(number, date.fromisoformat(due_on), amount, principal, interest, paid, state, told, began)


def _installment(agreement_id: UUID, row: _Row) -> Installment:
    return Installment(
        agreement_id=agreement_id,
        number=row.number,
        due_on=row.due_on,
        amount_minor=row.amount_minor,
        principal_minor=row.principal_minor,
        interest_minor=row.interest_minor,
        paid_minor=row.paid_minor,
        state=row.state,
    )


def save_parts(tx: Transaction, *, agreement_id: UUID, parts: Sequence[tuple[Installment, int, str]]) -> None:
    """Save how much of some installments is paid and their states, all at once.

    `parts` are (the row as it was read, paid in all, state); LostRowError undoes everything when one is not so any
    more.
    """
    for row, _, state in parts:
        if state != row.state:
            check_move(noun="installment", before=row.state, after=state)
    if parts:
        given = {
            "lender_id": tx.lender_id,
            "agreement_id": agreement_id,
            "numbers": [row.number for row, _, _ in parts],
            "were_paid": [row.paid_minor for row, _, _ in parts],
            "were": [row.state for row, _, _ in parts],
            "paid": [paid for _, paid, _ in parts],
            "states": [state for _, _, state in parts],
        }
        tx.later(_PARTS, given, heard=must_touch(len(parts)))


_PARTS = """
UPDATE installments SET paid_minor = part.paid_minor, state = part.state
FROM unnest(%(numbers)s::int[], %(were_paid)s::bigint[], %(were)s::text[], %(paid)s::bigint[], %(states)s::text[])
  AS part(number, was_paid, was, paid_minor, state)
WHERE installments.lender_id = %(lender_id)s AND installments.agreement_id = %(agreement_id)s
  AND installments.number = part.number AND installments.paid_minor = part.was_paid AND installments.state = part.was
"""
