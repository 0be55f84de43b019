"""Mandates and the debits that follow from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, tuple_, update

from portal.core.states import check_move
from portal.store.tables.mandates import debits, mandates
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """What a debtor allowed; `terms` and `terms_hash` are what they consented to, the refs the provider's words."""

    mandate_id: UUID
    mandate_ref: str
    debtor_id: UUID
    account_id: UUID
    agreement_id: UUID
    state: str
    gateway: str
    terms: Mapping[str, Any]
    terms_hash: str
    language: str
    consented_at: datetime
    customer_ref: str | None = None
    method: str | None = None
    method_ref: str | None = None
    setup_ref: str | None = None
    replaces_id: UUID | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Debit:
    """One debit that was told: of which installment, how much at most, on which day, how often it was tried."""

    debit_id: UUID
    mandate_id: UUID
    account_id: UUID
    agreement_id: UUID
    number: int
    amount_minor: int
    due_on: date
    debit_on: date
    state: str
    tries: int
    told_at: datetime
    payment_id: UUID | None = None


_MANDATE = tuple(mandates.c[name] for name in Mandate.__dataclass_fields__)
_DEBIT = tuple(debits.c[name] for name in Debit.__dataclass_fields__)


def save_mandate(tx: Transaction, mandate: Mandate) -> None:
    tx.execute(insert(mandates).values(lender_id=tx.lender_id, **vars(mandate)))


def find_mandate(
    tx: Transaction,
    *,
    mandate_id: UUID | None = None,
    mandate_ref: str | None = None,
    method_ref: str | None = None,
) -> Mandate | None:
    """Find a mandate by whichever of its names is given; by the method's the newest."""
    wanted = {"mandate_id": mandate_id, "mandate_ref": mandate_ref, "method_ref": method_ref}
    conditions = [mandates.c[name] == value for name, value in wanted.items() if value is not None]
    if not conditions:
        raise ValueError("name the mandate")
    row = tx.execute(
        select(*_MANDATE)
        .where(mandates.c.lender_id == tx.lender_id, *conditions)
        .order_by(mandates.c.mandate_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Mandate(**row._mapping)


def find_active_mandate(tx: Transaction, *, agreement_id: UUID) -> Mandate | None:
    """Find the mandate in force for an agreement."""
    row = tx.execute(
        select(*_MANDATE)
        .where(
            mandates.c.lender_id == tx.lender_id,
            mandates.c.agreement_id == agreement_id,
            mandates.c.state == "active",
        )
        .order_by(mandates.c.mandate_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Mandate(**row._mapping)


def list_active_mandates(tx: Transaction, *, after: UUID | None = None, limit: int = 100) -> list[Mandate]:
    """List the mandates in force, a page at a time."""
    later = [] if after is None else [mandates.c.mandate_id > after]
    rows = tx.execute(
        select(*_MANDATE)
        .where(mandates.c.lender_id == tx.lender_id, mandates.c.state == "active", *later)
        .order_by(mandates.c.mandate_id)
        .limit(limit)
    )
    return [Mandate(**row._mapping) for row in rows]


def find_customer_ref(tx: Transaction, *, debtor_id: UUID, gateway: str) -> str | None:
    """Find what a provider calls a debtor; None when it has never been asked to keep one."""
    found = tx.execute(
        select(mandates.c.customer_ref)
        .where(
            mandates.c.lender_id == tx.lender_id,
            mandates.c.debtor_id == debtor_id,
            mandates.c.gateway == gateway,
            mandates.c.customer_ref.is_not(None),
        )
        .limit(1)
    ).scalar_one_or_none()
    return None if found is None else str(found)


def save_words(tx: Transaction, *, mandate_id: UUID, **words: str | None) -> None:
    """Save what the provider calls a mandate's parts (`customer_ref`, `setup_ref`, `method`, `method_ref`)."""
    tx.execute(
        update(mandates)
        .where(mandates.c.lender_id == tx.lender_id, mandates.c.mandate_id == mandate_id)
        .values(**words)
    )


def move_mandate(
    tx: Transaction, *, mandate_id: UUID, before: str, after: str, now: datetime, reason: str | None = None
) -> bool:
    """Move a mandate's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="mandate", before=before, after=after)
    ends = {} if after == "active" else {"ended_at": now, "end_reason": reason}
    step = (
        update(mandates)
        .where(
            mandates.c.lender_id == tx.lender_id,
            mandates.c.mandate_id == mandate_id,
            mandates.c.state == before,
        )
        .values(state=after, **ends)
    )
    return tx.execute(step).rowcount == 1


def save_debit(tx: Transaction, debit: Debit) -> None:
    tx.execute(insert(debits).values(lender_id=tx.lender_id, **vars(debit)))


def find_debit(
    tx: Transaction,
    *,
    debit_id: UUID | None = None,
    payment_id: UUID | None = None,
    agreement_id: UUID | None = None,
    number: int | None = None,
) -> Debit | None:
    """Find a debit by its id, its newest payment, or its installment (agreement and number)."""
    wanted = {
        "debit_id": debit_id,
        "payment_id": payment_id,
        "agreement_id": agreement_id,
        "number": number,
    }
    conditions = [debits.c[name] == value for name, value in wanted.items() if value is not None]
    row = tx.execute(
        select(*_DEBIT).where(debits.c.lender_id == tx.lender_id, *conditions).limit(1)
    ).one_or_none()
    return None if row is None else Debit(**row._mapping)


def list_debits(tx: Transaction, *, agreement_id: UUID) -> list[Debit]:
    """List an agreement's debits by installment."""
    rows = tx.execute(
        select(*_DEBIT)
        .where(debits.c.lender_id == tx.lender_id, debits.c.agreement_id == agreement_id)
        .order_by(debits.c.number)
    )
    return [Debit(**row._mapping) for row in rows]


def list_due_debits(
    tx: Transaction, *, on: date, after: tuple[date, UUID] | None = None, limit: int = 100
) -> list[Debit]:
    """List the debits whose day has come, the earliest first, a page at a time after (day, id)."""
    place = tuple_(debits.c.debit_on, debits.c.debit_id)
    later = [] if after is None else [place > after]
    rows = tx.execute(
        select(*_DEBIT)
        .where(debits.c.lender_id == tx.lender_id, debits.c.state == "told", debits.c.debit_on <= on, *later)
        .order_by(debits.c.debit_on, debits.c.debit_id)
        .limit(limit)
    )
    return [Debit(**row._mapping) for row in rows]


def tell_again(tx: Transaction, *, debit: Debit, before: str) -> bool:
    """Tell the debit of an installment anew, for another mandate; False when it was not in `before` any more."""
    fresh = {name: value for name, value in vars(debit).items() if name not in {"debit_id", "state"}}
    return move_debit(tx, debit_id=debit.debit_id, before=before, after="told", **fresh)


def move_debit(tx: Transaction, *, debit_id: UUID, before: str, after: str, **values: Any) -> bool:
    """Move a debit's state by compare-and-set, with other columns; False when it was not in `before`."""
    if before != after:
        check_move(noun="debit", before=before, after=after)
    step = (
        update(debits)
        .where(debits.c.lender_id == tx.lender_id, debits.c.debit_id == debit_id, debits.c.state == before)
        .values(state=after, **values)
    )
    return tx.execute(step).rowcount == 1


def stop_debits(tx: Transaction, *, mandate_id: UUID) -> int:
    """Stop every debit of a mandate that has not begun; gives how many."""
    step = (
        update(debits)
        .where(
            debits.c.lender_id == tx.lender_id, debits.c.mandate_id == mandate_id, debits.c.state == "told"
        )
        .values(state="stopped")
    )
    return tx.execute(step).rowcount
