"""The last step of an import: what a file says anew about debtors and accounts that are known already.

Rows are locked just before they change, in the order of the file, so that a long import does not stop the site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, case, delete, exists, func, select, update

from portal.store.account_changes import OF_THE_PHONE
from portal.store.staging import insert_lines, insert_words
from portal.store.tables.agreements import active_agreements
from portal.store.tables.cases import case_accounts, cases
from portal.store.tables.debtors import account_lines, accounts, debtor_words, debtors
from portal.store.tables.lenders import creditors
from portal.store.tables.staging import staging_accounts, staging_debtors
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Change:
    """A known account and what the file says of it, both locked: parts are (principal, interest, fees)."""

    row_number: int
    account_id: UUID
    account_ref: str
    creditor_ref: str
    debtor_ref: str
    currency: str
    state: str
    new_state: str
    before: tuple[int, int, int]
    after: tuple[int, int, int]
    has_plan: bool
    has_case: bool


def list_missing(tx: Transaction, *, import_id: UUID, after: str, limit: int) -> list[str]:
    """List the references of open accounts that no good row of the file names, in their order, from after one on."""
    staged = exists(
        select(staging_accounts.c.account_id).where(
            *_of(tx, import_id), staging_accounts.c.account_id == accounts.c.account_id
        )
    )
    rows = tx.execute(
        select(accounts.c.account_ref)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.state == "open",
            accounts.c.account_ref > after,
            ~staged,
        )
        .order_by(accounts.c.account_ref)
        .limit(limit)
    )
    return list(rows.scalars())


def list_changes(tx: Transaction, *, import_id: UUID, after_row: int, limit: int) -> list[Change]:
    """Lock the next accounts that the file changes, then say what they are at this moment."""
    ids = list(
        tx.execute(
            select(accounts.c.account_id)
            .select_from(_staged_with_account())
            .where(
                *_of(tx, import_id),
                staging_accounts.c.step == "change",
                staging_accounts.c.row_number > after_row,
            )
            .order_by(staging_accounts.c.row_number)
            .limit(limit)
            .with_for_update(of=accounts)
        ).scalars()
    )
    if not ids:
        return []
    return [_change(row) for row in tx.execute(_changes(tx, import_id, ids))]


def _changes(tx: Transaction, import_id: UUID, ids: Sequence[UUID]) -> Any:
    parts = ("principal_minor", "interest_minor", "fees_minor")
    return (
        select(
            staging_accounts.c.row_number,
            accounts.c.account_id,
            accounts.c.account_ref,
            creditors.c.creditor_ref,
            debtors.c.debtor_ref,
            accounts.c.currency,
            accounts.c.state,
            staging_accounts.c.state.label("new_state"),
            *(accounts.c[part].label(f"before_{part}") for part in parts),
            *(staging_accounts.c[part].label(f"after_{part}") for part in parts),
            _has_plan().label("has_plan"),
            _has_case().label("has_case"),
        )
        .select_from(
            _staged_with_account()
            .join(
                creditors,
                (creditors.c.lender_id == accounts.c.lender_id)
                & (creditors.c.creditor_id == accounts.c.creditor_id),
            )
            .join(
                debtors,
                (debtors.c.lender_id == accounts.c.lender_id) & (debtors.c.debtor_id == accounts.c.debtor_id),
            )
        )
        .where(*_of(tx, import_id), accounts.c.account_id == func.any(list(ids)))
        .order_by(staging_accounts.c.row_number)
    )


def _has_plan() -> Exists:
    return exists().where(
        active_agreements.c.lender_id == accounts.c.lender_id,
        active_agreements.c.account_id == accounts.c.account_id,
    )


def _has_case() -> Exists:
    return exists(
        select(case_accounts.c.case_id)
        .select_from(
            case_accounts.join(
                cases,
                (cases.c.lender_id == case_accounts.c.lender_id)
                & (cases.c.case_id == case_accounts.c.case_id),
            )
        )
        .where(
            case_accounts.c.lender_id == accounts.c.lender_id,
            case_accounts.c.account_id == accounts.c.account_id,
            cases.c.state != "closed",
        )
    )


def _change(row: Any) -> Change:
    return Change(
        row_number=row.row_number,
        account_id=row.account_id,
        account_ref=row.account_ref,
        creditor_ref=row.creditor_ref,
        debtor_ref=row.debtor_ref,
        currency=row.currency,
        state=row.state,
        new_state=row.new_state,
        before=(row.before_principal_minor, row.before_interest_minor, row.before_fees_minor),
        after=(row.after_principal_minor, row.after_interest_minor, row.after_fees_minor),
        has_plan=row.has_plan,
        has_case=row.has_case,
    )


def _staged_with_account() -> Any:
    return staging_accounts.join(
        accounts,
        (accounts.c.lender_id == staging_accounts.c.lender_id)
        & (accounts.c.account_id == staging_accounts.c.account_id),
    )


def _of(tx: Transaction, import_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        staging_accounts.c.lender_id == tx.lender_id,
        staging_accounts.c.import_id == import_id,
        accounts.c.lender_id == tx.lender_id,
    )


def apply_changes(tx: Transaction, *, import_id: UUID, account_ids: Sequence[UUID], now: datetime) -> None:
    """Write what the file says into these accounts, which the caller has locked, and renew their lines."""
    wanted = (
        (staging_accounts.c.lender_id == tx.lender_id)
        & (staging_accounts.c.import_id == import_id)
        & (staging_accounts.c.account_id == func.any(list(account_ids)))
    )
    kept = {"lender_id", "account_id", "account_ref", "currency", "debtor_id", "row_number", "step"}
    fresh = {name: staging_accounts.c[name] for name in staging_accounts.c.keys() if name not in kept}  # noqa: SIM118
    tx.execute(
        update(accounts)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.account_id == staging_accounts.c.account_id,
            wanted,
        )
        .values(**fresh, as_of=now, updated_at=now)
    )
    tx.execute(
        delete(account_lines).where(
            account_lines.c.lender_id == tx.lender_id,
            account_lines.c.account_id == func.any(list(account_ids)),
        )
    )
    insert_lines(tx, wanted)


_KEPT = frozenset({
    "lender_id", "debtor_id", "debtor_ref", "source_ref", "language", "security_word", "row_number", "is_new",
    "word_digests", "phone_digests",
})  # fmt: skip


def apply_debtor_changes(tx: Transaction, *, import_id: UUID, now: datetime) -> None:
    """Write what the file says anew about known debtors.

    The language stays: it may be the debtor's own choice. A new number has not been confirmed yet, and nobody has
    said of it that it belongs to somebody else.
    """
    wanted = (
        (staging_debtors.c.lender_id == tx.lender_id)
        & (staging_debtors.c.import_id == import_id)
        & staging_debtors.c.is_new.is_(False)
    )
    fresh = {name: staging_debtors.c[name] for name in staging_debtors.c.keys() if name not in _KEPT}  # noqa: SIM118
    is_same_phone = case(
        (staging_debtors.c.phone_digest.is_(None), debtors.c.phone_digest.is_(None)),
        else_=debtors.c.phone_digest == func.any(staging_debtors.c.phone_digests),
    )
    stamps = {name: case((is_same_phone, debtors.c[name]), else_=None) for name in OF_THE_PHONE}
    changed = tx.execute(
        update(debtors)
        .where(
            debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == staging_debtors.c.debtor_id, wanted
        )
        .values(**fresh, **stamps, updated_at=now)
    ).rowcount
    if changed:
        _rename(tx, wanted)


def _rename(tx: Transaction, wanted: ColumnElement[bool]) -> None:
    """Write the words of the changed names anew."""
    names = select(staging_debtors.c.debtor_id).where(wanted)
    tx.execute(
        delete(debtor_words).where(
            debtor_words.c.lender_id == tx.lender_id, debtor_words.c.debtor_id.in_(names)
        )
    )
    insert_words(tx, wanted)


def confirm_unchanged(tx: Transaction, *, import_id: UUID, now: datetime) -> None:
    """Note that the figures of the unchanged accounts are those of today."""
    tx.execute(
        update(accounts)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.account_id == staging_accounts.c.account_id,
            staging_accounts.c.lender_id == tx.lender_id,
            staging_accounts.c.import_id == import_id,
            staging_accounts.c.step == "same",
        )
        .values(as_of=now)
    )
