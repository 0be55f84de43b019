"""Codes by which somebody else pays: only their keyed digests are kept, because a code has 60 random bits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.store.tables.gifts import gift_codes
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Gift:
    """One code: for which account, how much, until when."""

    gift_id: UUID
    account_id: UUID
    amount_minor: int
    currency: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be paid with."""
        return self.ended_at is None and now < self.expires_at


_GIFT = tuple(gift_codes.c[name] for name in Gift.__dataclass_fields__)


def save_gift(tx: Transaction, gift: Gift, *, code: str) -> None:
    tx.execute(
        insert(gift_codes).values(
            lender_id=tx.lender_id, code_digest=tx.digest("gift_code", code), **vars(gift)
        )
    )


def find_gift(tx: Transaction, *, code: str) -> Gift | None:
    """Find what a code stands for."""
    row = tx.execute(
        select(*_GIFT).where(
            gift_codes.c.lender_id == tx.lender_id,
            gift_codes.c.code_digest.in_(tx.digests("gift_code", code)),
        )
    ).one_or_none()
    return None if row is None else Gift(**row._mapping)


def list_open_gifts(tx: Transaction, *, account_id: UUID, now: datetime) -> list[Gift]:
    """List an account's codes that can be paid with, oldest first."""
    rows = tx.execute(
        select(*_GIFT)
        .where(
            gift_codes.c.lender_id == tx.lender_id,
            gift_codes.c.account_id == account_id,
            gift_codes.c.ended_at.is_(None),
            gift_codes.c.expires_at > now,
        )
        .order_by(gift_codes.c.gift_id)
    )
    return [Gift(**row._mapping) for row in rows]


def end_gifts(tx: Transaction, *, account_id: UUID, now: datetime, gift_id: UUID | None = None) -> int:
    """End one code, or all codes of an account; gives how many."""
    one = [] if gift_id is None else [gift_codes.c.gift_id == gift_id]
    step = (
        update(gift_codes)
        .where(
            gift_codes.c.lender_id == tx.lender_id,
            gift_codes.c.account_id == account_id,
            gift_codes.c.ended_at.is_(None),
            *one,
        )
        .values(ended_at=now)
    )
    return tx.execute(step).rowcount
