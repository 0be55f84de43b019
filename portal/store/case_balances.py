"""What the case system last said of each account's balance, and both books of an account side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from portal.core.reconciliation import Told
from portal.core.statements import DEBT_BOOKS
from portal.store.tables.debtors import accounts, case_balances
from portal.store.tables.payments import ledger_entries
from portal.store.tables.staging import staging_accounts
from portal.store.work import Transaction

Parts = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Books:
    """One account as both books have it; `moved` is what each cause posted since the case system spoke last."""

    account_id: UUID
    account_ref: str
    currency: str
    state: str
    ours_minor: int
    known_since: datetime
    told: Told | None
    moved: dict[str, int]


def find_told(tx: Transaction, *, account_id: UUID) -> tuple[Parts, Told] | None:
    """Find what the case system said last: (principal, interest, fees), and the whole with its effect."""
    row = tx.execute(
        select(case_balances).where(
            case_balances.c.lender_id == tx.lender_id, case_balances.c.account_id == account_id
        )
    ).one_or_none()
    if row is None:
        return None
    parts = (row.principal_minor, row.interest_minor, row.fees_minor)
    return parts, Told(minor=sum(parts), ours_minor=row.ours_minor, at=row.told_at, effect=row.effect)


def save_told(
    tx: Transaction, *, account_id: UUID, parts: Parts, ours_minor: int, effect: str, now: datetime
) -> None:
    """Keep what the case system says now, beside the portal's balance at this moment."""
    principal, interest, fees = parts
    fresh = insert(case_balances).values(
        lender_id=tx.lender_id,
        account_id=account_id,
        principal_minor=principal,
        interest_minor=interest,
        fees_minor=fees,
        ours_minor=ours_minor,
        effect=effect,
        told_at=now,
    )
    tx.execute(_or_replace(fresh))


def save_taken_over(tx: Transaction, *, import_id: UUID, account_ids: Sequence[UUID], now: datetime) -> None:
    """Keep what a file said of accounts whose balance it has just changed: both books are equal from now on."""
    staged = staging_accounts.c
    said = select(
        staged.lender_id,
        staged.account_id,
        staged.principal_minor,
        staged.interest_minor,
        staged.fees_minor,
        _whole(staging_accounts),
        literal("none"),
        literal(now, type_=case_balances.c.told_at.type),
    ).where(
        staged.lender_id == tx.lender_id,
        staged.import_id == import_id,
        staged.account_id == func.any(list(account_ids)),
    )
    names = (
        "lender_id", "account_id", "principal_minor", "interest_minor", "fees_minor", "ours_minor", "effect", "told_at",
    )  # fmt: skip
    tx.execute(_or_replace(insert(case_balances).from_select(names, said)))


def _or_replace(fresh: Any) -> Any:
    kept = ("lender_id", "account_id")
    return fresh.on_conflict_do_update(
        index_elements=list(kept),
        set_={name: fresh.excluded[name] for name in case_balances.c.keys() if name not in kept},  # noqa: SIM118
    )


def list_books(tx: Transaction, *, after: UUID | None = None, limit: int = 50) -> list[Books]:
    """List accounts in the order of their ids, from after one on (keyset page), each in both books."""
    wanted = _books(tx).order_by(accounts.c.account_id).limit(limit)
    if after is not None:
        wanted = wanted.where(accounts.c.account_id > after)
    return [_read(row) for row in tx.execute(wanted)]


def find_books(tx: Transaction, *, account_ref: str) -> Books | None:
    """Find one account in both books."""
    row = tx.execute(_books(tx).where(accounts.c.account_ref == account_ref)).one_or_none()
    return None if row is None else _read(row)


def _whole(table: Table) -> ColumnElement[int]:
    return table.c.principal_minor + table.c.interest_minor + table.c.fees_minor


def _books(tx: Transaction) -> Select[Any]:
    by_cause = (
        select(ledger_entries.c.cause, func.sum(ledger_entries.c.amount_minor).label("amount"))
        .where(
            ledger_entries.c.lender_id == accounts.c.lender_id,
            ledger_entries.c.account_id == accounts.c.account_id,
            ledger_entries.c.book.in_(DEBT_BOOKS),
            # Where it never spoke again, every posting is news to it.
            case_balances.c.told_at.is_(None) | (ledger_entries.c.booked_at > case_balances.c.told_at),
        )
        .group_by(ledger_entries.c.cause)
        .correlate(accounts, case_balances)
        .subquery()
    )
    moved = select(func.jsonb_object_agg(by_cause.c.cause, by_cause.c.amount)).scalar_subquery()
    return (
        select(
            accounts.c.account_id,
            accounts.c.account_ref,
            accounts.c.currency,
            accounts.c.state,
            _whole(accounts).label("ours_minor"),
            accounts.c.created_at.label("known_since"),
            _whole(case_balances).label("told_minor"),
            case_balances.c.ours_minor.label("then_minor"),
            case_balances.c.told_at,
            case_balances.c.effect,
            moved.label("moved"),
        )
        .select_from(
            accounts.outerjoin(
                case_balances,
                and_(
                    case_balances.c.lender_id == accounts.c.lender_id,
                    case_balances.c.account_id == accounts.c.account_id,
                ),
            )
        )
        .where(accounts.c.lender_id == tx.lender_id)
    )


def _read(row: Row[Any]) -> Books:
    told = None
    if row.told_at is not None:
        told = Told(minor=row.told_minor, ours_minor=row.then_minor, at=row.told_at, effect=row.effect)
    return Books(
        account_id=row.account_id,
        account_ref=row.account_ref,
        currency=row.currency,
        state=row.state,
        ours_minor=row.ours_minor,
        known_since=row.known_since,
        told=told,
        moved={cause: int(amount) for cause, amount in (row.moved or {}).items()},
    )
