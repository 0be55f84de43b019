"""What the case system changes about one account or one debtor, outside of a file."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, exists, func, insert, select, update

from portal.store.accounts import Line
from portal.store.debtors import NewDebtor, sealed_columns, word_digests
from portal.store.tables.agreements import active_agreements
from portal.store.tables.debtors import account_lines, accounts, debtor_words, debtors
from portal.store.tables.payments import payments
from portal.store.work import Transaction

OF_THE_PHONE = ("phone_confirmed_at", "wrong_party_at")
"""What was learned about a number and does not hold for another one."""
IN_FLIGHT = ("started", "pending", "unknown")


def is_same_row(tx: Transaction, *, account_id: UUID, row_digest: bytes) -> bool:
    """Tell whether this is what the case system last said about an account."""
    found = tx.execute(
        select(accounts.c.row_digest).where(
            accounts.c.lender_id == tx.lender_id, accounts.c.account_id == account_id
        )
    ).scalar_one()
    return _is_same(tx, found, row_digest)


def has_plan(tx: Transaction, *, account_id: UUID) -> bool:
    """Tell whether a signed plan is active on an account."""
    found = exists().where(
        active_agreements.c.lender_id == tx.lender_id, active_agreements.c.account_id == account_id
    )
    return bool(tx.execute(select(found)).scalar_one())


def has_payment_in_flight(tx: Transaction, *, account_id: UUID) -> bool:
    """Tell whether a payment of an account has neither succeeded nor failed yet."""
    found = exists().where(
        payments.c.lender_id == tx.lender_id,
        payments.c.account_id == account_id,
        payments.c.state.in_(IN_FLIGHT),
    )
    return bool(tx.execute(select(found)).scalar_one())


def update_account(tx: Transaction, *, account_id: UUID, now: datetime, **columns: Any) -> None:
    """Write columns of an account that the caller has locked."""
    tx.execute(
        update(accounts)
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.account_id == account_id)
        .values(**columns, as_of=now, updated_at=now)
    )


def stamp_debtor(tx: Transaction, *, debtor_id: UUID, row_digest: bytes) -> None:
    """Keep the digest of what the case system said about a person."""
    tx.execute(
        update(debtors)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .values(row_digest=row_digest)
    )


def is_same_person(tx: Transaction, *, debtor_id: UUID, row_digest: bytes) -> bool:
    """Tell whether the case system said this about a person already."""
    found = tx.execute(
        select(debtors.c.row_digest).where(
            debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id
        )
    ).scalar_one()
    return found is not None and _is_same(tx, found, row_digest)


def _is_same(tx: Transaction, kept: bytes, fresh: bytes) -> bool:
    """Compare under one key; the kept digest first, which may show that newer keys must be fetched."""
    return tx.renew_digest(kept) == tx.renew_digest(fresh)


def update_debtor(
    tx: Transaction, *, debtor_id: UUID, debtor: NewDebtor, row_digest: bytes, now: datetime
) -> None:
    """Write what the case system says of a person; the language stays, it may be the person's own choice.

    A new number has not been confirmed, and nobody has said of it that it belongs to somebody else.
    """
    sealed = sealed_columns(tx, debtor_id, debtor)
    forms = tx.digests("phone", debtor.phone) if debtor.phone else []
    is_same_phone = debtors.c.phone_digest.in_(forms) if forms else debtors.c.phone_digest.is_(None)
    stamps = {name: case((is_same_phone, debtors.c[name]), else_=None) for name in OF_THE_PHONE}
    tx.execute(
        update(debtors)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .values(
            country=debtor.country,
            region=debtor.region,
            time_zone=debtor.time_zone,
            row_digest=row_digest,
            updated_at=now,
            **sealed,
            **stamps,
        )
    )
    tx.execute(
        delete(debtor_words).where(
            debtor_words.c.lender_id == tx.lender_id, debtor_words.c.debtor_id == debtor_id
        )
    )
    words = [
        {"lender_id": tx.lender_id, "word_digest": digest, "debtor_id": debtor_id}
        for digest in word_digests(tx, debtor.full_name)
    ]
    if words:
        tx.execute(insert(debtor_words), words)


def replace_lines(tx: Transaction, *, account_id: UUID, lines: Sequence[Line]) -> None:
    """Write the itemization of an account anew."""
    tx.execute(
        delete(account_lines).where(
            account_lines.c.lender_id == tx.lender_id, account_lines.c.account_id == account_id
        )
    )
    if lines:
        tx.execute(
            insert(account_lines),
            [{"lender_id": tx.lender_id, "account_id": account_id, **vars(line)} for line in lines],
        )


def add_line(
    tx: Transaction, *, account_id: UUID, kind: str, label_key: str, on_date: date | None, amount_minor: int
) -> None:
    """Add one addition or subtraction at the end of an itemization; the caller has locked the account."""
    last = tx.execute(
        select(func.coalesce(func.max(account_lines.c.position), 0)).where(
            account_lines.c.lender_id == tx.lender_id, account_lines.c.account_id == account_id
        )
    ).scalar_one()
    tx.execute(
        insert(account_lines).values(
            lender_id=tx.lender_id,
            account_id=account_id,
            position=int(last) + 1,
            kind=kind,
            label_key=label_key,
            on_date=on_date,
            amount_minor=amount_minor,
        )
    )
