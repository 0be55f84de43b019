"""Re-ages: an account counted as up to date again because a plan was kept, and whether that was taken back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.store.tables.debtors import accounts
from portal.store.tables.lives import re_ages
from portal.store.tables.payments import payments
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class ReAge:
    """One re-age that stands; `delinquent_since` is what the account said before."""

    re_age_id: UUID
    account_id: UUID
    agreement_id: UUID
    delinquent_since: date
    re_aged_at: datetime

    def days_past_due(self, today: date) -> int:
        """Count the days past due that would stand without it."""
        return max((today - self.delinquent_since).days, 0)


def save_re_age(
    tx: Transaction, *, account_id: UUID, agreement_id: UUID, delinquent_since: date, now: datetime
) -> ReAge:
    """Count an account as up to date, and keep since when it was not. The account is locked."""
    found = ReAge(
        re_age_id=tx.new_id(),
        account_id=account_id,
        agreement_id=agreement_id,
        delinquent_since=delinquent_since,
        re_aged_at=now,
    )
    tx.execute(
        insert(re_ages).values(
            lender_id=tx.lender_id,
            re_age_id=found.re_age_id,
            account_id=account_id,
            agreement_id=agreement_id,
            delinquent_since=delinquent_since,
            re_aged_at=now,
        )
    )
    save_delinquent_since(tx, account_id=account_id, delinquent_since=None, now=now)
    return found


def find_standing(tx: Transaction, *, account_id: UUID) -> ReAge | None:
    """Find the newest re-age of an account that was not taken back."""
    row = tx.execute(
        select(re_ages)
        .where(
            re_ages.c.lender_id == tx.lender_id,
            re_ages.c.account_id == account_id,
            re_ages.c.undone_at.is_(None),
        )
        .order_by(re_ages.c.re_aged_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return ReAge(
        re_age_id=row.re_age_id,
        account_id=row.account_id,
        agreement_id=row.agreement_id,
        delinquent_since=row.delinquent_since,
        re_aged_at=row.re_aged_at,
    )


def list_moments(tx: Transaction, *, account_id: UUID) -> list[datetime]:
    """List when an account was re-aged, the oldest first; what was taken back counts for nothing."""
    rows = tx.execute(
        select(re_ages.c.re_aged_at)
        .where(
            re_ages.c.lender_id == tx.lender_id,
            re_ages.c.account_id == account_id,
            re_ages.c.undone_at.is_(None),
        )
        .order_by(re_ages.c.re_aged_at)
    )
    return list(rows.scalars())


def has_paid_since(tx: Transaction, *, account_id: UUID, since: datetime) -> bool:
    """Tell whether money came in on an account after a moment, and is still there."""
    found = tx.execute(
        select(payments.c.payment_id)
        .where(
            payments.c.lender_id == tx.lender_id,
            payments.c.account_id == account_id,
            payments.c.state == "succeeded",
            payments.c.settled_at > since,
        )
        .limit(1)
    )
    return found.first() is not None


def save_undone(tx: Transaction, *, re_age: ReAge, now: datetime) -> None:
    """Take a re-age back: the account is as late as it would be without it."""
    tx.execute(
        update(re_ages)
        .where(re_ages.c.lender_id == tx.lender_id, re_ages.c.re_age_id == re_age.re_age_id)
        .values(undone_at=now)
    )
    save_delinquent_since(tx, account_id=re_age.account_id, delinquent_since=re_age.delinquent_since, now=now)


def save_delinquent_since(
    tx: Transaction, *, account_id: UUID, delinquent_since: date | None, now: datetime
) -> None:
    """Save since when an account is past due; None: nothing is."""
    tx.execute(
        update(accounts)
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.account_id == account_id)
        .values(delinquent_since=delinquent_since, updated_at=now)
    )
