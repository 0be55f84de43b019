from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from portal.store.tables.lenders import creditors, lender_keys, lenders
from portal.store.work import Database, SharedTransaction, Transaction


@dataclass(frozen=True, kw_only=True)
class Lender:
    lender_id: int
    slug: str
    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Creditor:
    creditor_id: UUID
    creditor_ref: str
    brand_name: str
    accent: str | None
    logo_svg: str | None
    phone: str | None
    country: str | None
    payout_account: str | None = None
    range_from: str | None = None
    range_to: str | None = None

    def covers(self, account_ref: str) -> bool:
        """Tell whether an account's reference lies in the creditor's own range; every one does where none is set."""
        return (not self.range_from or account_ref >= self.range_from) and (
            not self.range_to or account_ref <= self.range_to
        )


@contextmanager
def create_lender(
    database: Database, *, slug: str, name: str, settings: Mapping[str, Any], now: datetime
) -> Iterator[Transaction]:
    """Create a lender with its keys and give the open transaction, so that its first rows commit with it.

    The number is the highest + 1; two creations at once meet at the primary key and one of them is refused
    (sqlalchemy.exc.IntegrityError).
    """
    with database.shared().read() as shared:
        lender_id = (
            int(shared.execute(select(func.coalesce(func.max(lenders.c.lender_id), 0))).scalar_one()) + 1
        )
    wrapped = [
        database.master_key.new_key(lender_id=lender_id, key_id=number, purpose=purpose)
        for number, purpose in ((1, "seal"), (2, "digest"))
    ]
    with database.shared().begin_with_lender(lender_id, wrapped) as (shared, tx):
        shared.execute(
            insert(lenders).values(
                lender_id=lender_id, slug=slug, name=name, settings=dict(settings), created_at=now
            )
        )
        tx.execute(
            insert(lender_keys),
            [
                {
                    "lender_id": lender_id,
                    "key_id": key.key_id,
                    "purpose": key.purpose,
                    "algorithm": key.algorithm,
                    "wrapped": key.wrapped,
                    "is_in_use": True,
                    "created_at": now,
                }
                for key in wrapped
            ],
        )
        yield tx


def find_lender(
    tx: SharedTransaction | Transaction, *, slug: str | None = None, lender_id: int | None = None
) -> Lender | None:
    """Find a lender by its slug or its number."""
    wanted = lenders.c.slug == slug if slug is not None else lenders.c.lender_id == lender_id
    row = tx.execute(
        select(lenders.c.lender_id, lenders.c.slug, lenders.c.name, lenders.c.settings).where(wanted)
    ).one_or_none()
    return None if row is None else Lender(**row._mapping)


def lock_lender(tx: Transaction) -> None:
    """Lock the lender's row until the commit: for the few acts of which only one at a time makes sense."""
    tx.execute(select(lenders.c.lender_id).where(lenders.c.lender_id == tx.lender_id).with_for_update())


def find_newest_id(tx: SharedTransaction) -> int | None:
    """Find the number of the lender that was created last; None when there is none."""
    return tx.execute(select(func.max(lenders.c.lender_id))).scalar_one_or_none()


def list_lenders(tx: SharedTransaction) -> list[Lender]:
    rows = tx.execute(
        select(lenders.c.lender_id, lenders.c.slug, lenders.c.name, lenders.c.settings).order_by(
            lenders.c.lender_id
        )
    )
    return [Lender(**row._mapping) for row in rows]


def save_settings(
    tx: SharedTransaction | Transaction, *, lender_id: int, settings: Mapping[str, Any]
) -> None:
    tx.execute(update(lenders).where(lenders.c.lender_id == lender_id).values(settings=dict(settings)))


def save_creditor(
    tx: Transaction,
    *,
    creditor_ref: str,
    brand_name: str,
    now: datetime,
    accent: str | None = None,
    logo_svg: str | None = None,
    phone: str | None = None,
    country: str | None = None,
) -> UUID:
    creditor_id = tx.new_id()
    tx.execute(
        insert(creditors).values(
            lender_id=tx.lender_id,
            creditor_id=creditor_id,
            creditor_ref=creditor_ref,
            brand_name=brand_name,
            accent=accent,
            logo_svg=logo_svg,
            phone=phone,
            country=country,
            created_at=now,
        )
    )
    return creditor_id


_CREDITOR = (
    creditors.c.creditor_id,
    creditors.c.creditor_ref,
    creditors.c.brand_name,
    creditors.c.accent,
    creditors.c.logo_svg,
    creditors.c.phone,
    creditors.c.country,
    creditors.c.payout_account,
    creditors.c.range_from,
    creditors.c.range_to,
)


def list_creditors(tx: Transaction) -> list[Creditor]:
    rows = tx.execute(
        select(*_CREDITOR).where(creditors.c.lender_id == tx.lender_id).order_by(creditors.c.creditor_ref)
    )
    return [Creditor(**row._mapping) for row in rows]


def save_creditor_ways(tx: Transaction, *, creditor_id: UUID, **ways: str | None) -> None:
    """Save where a creditor's money goes (`payout_account`) and its range of references (`range_from`, `range_to`)."""
    tx.execute(
        update(creditors)
        .where(creditors.c.lender_id == tx.lender_id, creditors.c.creditor_id == creditor_id)
        .values(**ways)
    )


def lock_creditor(tx: Transaction, *, creditor_id: UUID) -> Creditor | None:
    """Lock a creditor's row until the commit: two payouts to it take turns."""
    row = tx.execute(
        select(*_CREDITOR)
        .where(creditors.c.lender_id == tx.lender_id, creditors.c.creditor_id == creditor_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Creditor(**row._mapping)


def find_creditor(tx: Transaction, *, creditor_id: UUID) -> Creditor | None:
    row = tx.execute(
        select(*_CREDITOR).where(
            creditors.c.lender_id == tx.lender_id, creditors.c.creditor_id == creditor_id
        )
    ).one_or_none()
    return None if row is None else Creditor(**row._mapping)
