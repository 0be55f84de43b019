"""Agreements: the frozen texts, the signature's log, and the installments that follow from the signed terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.core.states import check_move
from portal.store.tables.agreements import active_agreements, agreement_accounts, agreements, installments
from portal.store.tables.debtors import accounts
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One version of an agreement; `terms_json` and `html` are the signed original, byte for byte."""

    agreement_id: UUID
    agreement_ref: str
    case_id: UUID
    debtor_id: UUID
    offer_id: UUID
    version: int = 1
    amends_id: UUID | None = None
    state: str
    language: str
    terms_json: str
    terms_hash: str
    html: str
    html_hash: str
    text_versions: Mapping[str, Any]
    signing_log: Sequence[Mapping[str, Any]]
    prepared_at: datetime
    viewed_at: datetime | None = None
    consented_at: datetime | None = None
    consent_ended_at: datetime | None = None
    signed_at: datetime | None = None
    withdraw_until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def has_record_consent(self) -> bool:
        return self.consented_at is not None and self.consent_ended_at is None


@dataclass(frozen=True, kw_only=True)
class Installment:
    """One dated payment of an agreement; number 0 is the down payment."""

    agreement_id: UUID
    number: int
    due_on: date
    amount_minor: int
    principal_minor: int
    interest_minor: int
    paid_minor: int
    state: str

    @property
    def left_minor(self) -> int:
        return self.amount_minor - self.paid_minor


_AGREEMENT = tuple(agreements.c[name] for name in Agreement.__dataclass_fields__)
_INSTALLMENT = tuple(installments.c[name] for name in Installment.__dataclass_fields__)


def _this(tx: Transaction, agreement_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (agreements.c.lender_id == tx.lender_id, agreements.c.agreement_id == agreement_id)


def save_agreement(tx: Transaction, agreement: Agreement, *, account_ids: Sequence[UUID]) -> None:
    """Save a prepared agreement and the accounts that it covers."""
    tx.execute(insert(agreements).values(lender_id=tx.lender_id, **vars(agreement)))
    tx.execute(
        insert(agreement_accounts),
        [
            {"lender_id": tx.lender_id, "agreement_id": agreement.agreement_id, "account_id": one}
            for one in account_ids
        ],
    )


def find_agreement(
    tx: Transaction, *, agreement_id: UUID | None = None, agreement_ref: str | None = None
) -> Agreement | None:
    wanted = (
        agreements.c.agreement_id == agreement_id
        if agreement_id is not None
        else agreements.c.agreement_ref == agreement_ref
    )
    row = tx.execute(select(*_AGREEMENT).where(agreements.c.lender_id == tx.lender_id, wanted)).one_or_none()
    return None if row is None else Agreement(**row._mapping)


def lock_agreement(tx: Transaction, *, agreement_id: UUID) -> Agreement | None:
    """Lock the accounts that an agreement covers, then its own row, until the commit; then load it.

    Accounts first is the order of every action: money that comes in holds its account and looks for the plan.
    """
    covered = _covered(tx, agreement_id)
    tx.execute(
        select(accounts.c.account_id)
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.account_id.in_(covered))
        .order_by(accounts.c.account_id)
        .with_for_update()
    )
    tx.execute(select(agreements.c.agreement_id).where(*_this(tx, agreement_id)).with_for_update())
    return find_agreement(tx, agreement_id=agreement_id)


def find_prepared(tx: Transaction, *, offer_id: UUID) -> Agreement | None:
    """Find the agreement that was already prepared from an offer, so that signing can be resumed."""
    row = tx.execute(
        select(*_AGREEMENT)
        .where(
            agreements.c.lender_id == tx.lender_id,
            agreements.c.offer_id == offer_id,
            agreements.c.state == "prepared",
        )
        .order_by(agreements.c.agreement_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Agreement(**row._mapping)


def list_agreements_of(tx: Transaction, *, debtor_id: UUID) -> list[Agreement]:
    """List a debtor's agreements, newest first."""
    rows = tx.execute(
        select(*_AGREEMENT)
        .where(agreements.c.lender_id == tx.lender_id, agreements.c.debtor_id == debtor_id)
        .order_by(agreements.c.agreement_id.desc())
    )
    return [Agreement(**row._mapping) for row in rows]


def _covered(tx: Transaction, agreement_id: UUID) -> Select[tuple[UUID]]:
    return select(agreement_accounts.c.account_id).where(
        agreement_accounts.c.lender_id == tx.lender_id, agreement_accounts.c.agreement_id == agreement_id
    )


def list_account_ids(tx: Transaction, *, agreement_id: UUID) -> list[UUID]:
    found = tx.execute(_covered(tx, agreement_id).order_by(agreement_accounts.c.account_id))
    return list(found.scalars())


def stamp_agreement(
    tx: Transaction, *, agreement_id: UUID, log: Sequence[Mapping[str, Any]], **stamps: datetime | None
) -> None:
    """Save the signing log and the times (`viewed_at`, `consented_at`, `consent_ended_at`) that belong to it."""
    tx.execute(
        update(agreements)
        .where(*_this(tx, agreement_id))
        .values(signing_log=[dict(entry) for entry in log], **stamps)
    )


def save_signature(
    tx: Transaction,
    *,
    agreement_id: UUID,
    signer_name: str,
    log: Sequence[Mapping[str, Any]],
    withdraw_until: datetime | None,
    now: datetime,
) -> bool:
    """Sign a prepared agreement by compare-and-set; False when it is not prepared any more."""
    check_move(noun="agreement", before="prepared", after="active")
    step = (
        update(agreements)
        .where(*_this(tx, agreement_id), agreements.c.state == "prepared")
        .values(
            state="active",
            signed_at=now,
            withdraw_until=withdraw_until,
            signer_name=tx.seal(column="agreements.signer_name", row=agreement_id, text=signer_name),
            signing_log=[dict(entry) for entry in log],
        )
    )
    return tx.execute(step).rowcount == 1


def load_signer_name(tx: Transaction, *, agreement_id: UUID) -> str | None:
    sealed = tx.execute(select(agreements.c.signer_name).where(*_this(tx, agreement_id))).scalar_one()
    return tx.unseal_optional(column="agreements.signer_name", row=agreement_id, sealed=sealed)


def move_agreement(tx: Transaction, *, agreement_id: UUID, before: str, after: str, now: datetime) -> bool:
    """Move an agreement's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="agreement", before=before, after=after)
    ends = {"ended_at": None if after == "active" else now}
    step = (
        update(agreements)
        .where(*_this(tx, agreement_id), agreements.c.state == before)
        .values(state=after, **ends)
    )
    return tx.execute(step).rowcount == 1


def claim_account(tx: Transaction, *, account_id: UUID, agreement_id: UUID) -> bool:
    """Make this the one active agreement of an account; False when another one is active.

    The primary key is the rule: one row an account. A parallel signature waits here for the first one's commit.
    """
    fresh = (
        upsert(active_agreements)
        .values(lender_id=tx.lender_id, account_id=account_id, agreement_id=agreement_id)
        .on_conflict_do_nothing()
    )
    return tx.execute(fresh).rowcount == 1


def release_accounts(tx: Transaction, *, agreement_id: UUID) -> None:
    """Free the accounts of an agreement that ended."""
    tx.execute(
        delete(active_agreements).where(
            active_agreements.c.lender_id == tx.lender_id, active_agreements.c.agreement_id == agreement_id
        )
    )


def find_active(tx: Transaction, *, account_id: UUID) -> Agreement | None:
    """Find the agreement that is active on an account."""
    row = tx.execute(
        select(*_AGREEMENT)
        .select_from(
            agreements.join(
                active_agreements,
                (active_agreements.c.lender_id == agreements.c.lender_id)
                & (active_agreements.c.agreement_id == agreements.c.agreement_id),
            )
        )
        .where(agreements.c.lender_id == tx.lender_id, active_agreements.c.account_id == account_id)
    ).one_or_none()
    return None if row is None else Agreement(**row._mapping)


def find_newest_signed(tx: Transaction, *, account_id: UUID) -> Agreement | None:
    """Find the newest agreement that was ever signed for an account, whatever became of it."""
    row = tx.execute(
        select(*_AGREEMENT)
        .select_from(
            agreements.join(
                agreement_accounts,
                (agreement_accounts.c.lender_id == agreements.c.lender_id)
                & (agreement_accounts.c.agreement_id == agreements.c.agreement_id),
            )
        )
        .where(
            agreements.c.lender_id == tx.lender_id,
            agreement_accounts.c.account_id == account_id,
            agreements.c.signed_at.is_not(None),
        )
        .order_by(agreements.c.agreement_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Agreement(**row._mapping)


def save_installments(tx: Transaction, rows: Sequence[Installment]) -> None:
    tx.execute(insert(installments), [{"lender_id": tx.lender_id, **vars(row)} for row in rows])


def list_installments(tx: Transaction, *, agreement_id: UUID) -> list[Installment]:
    """List the payments of an agreement in the order of their dates."""
    rows = tx.execute(
        select(*_INSTALLMENT)
        .where(installments.c.lender_id == tx.lender_id, installments.c.agreement_id == agreement_id)
        .order_by(installments.c.due_on, installments.c.number)
    )
    return [Installment(**row._mapping) for row in rows]


def save_paid(tx: Transaction, *, installment: Installment, paid_minor: int, state: str) -> bool:
    """Save how much of an installment is paid; False when it changed meanwhile."""
    if state != installment.state:
        check_move(noun="installment", before=installment.state, after=state)
    step = (
        update(installments)
        .where(
            installments.c.lender_id == tx.lender_id,
            installments.c.agreement_id == installment.agreement_id,
            installments.c.number == installment.number,
            installments.c.paid_minor == installment.paid_minor,
            installments.c.state == installment.state,
        )
        .values(paid_minor=paid_minor, state=state)
    )
    return tx.execute(step).rowcount == 1
