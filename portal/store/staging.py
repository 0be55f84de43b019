"""The bulk road into debtors and accounts: COPY into staging, then one INSERT … SELECT a table (SCALE.md 11).

Only the bulk role walks it: staging tables have no row security, and COPY would be refused under it. Every
statement still names its lender.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, delete, func, insert, literal, literal_column, select
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.core.imports.sorting import KnownAccount, KnownDebtor
from portal.store.debtors import NewDebtor, new_ref, sealed_columns, word_digests
from portal.store.tables.debtors import account_lines, accounts, debtor_words, debtors
from portal.store.tables.staging import staging_accounts, staging_debtors
from portal.store.work import Transaction

LINES = ((1, "principal"), (2, "interest"), (3, "fees"))
_TYPES = {"UUID": "uuid", "INTEGER": "int4", "BIGINT": "int8", "TEXT": "text", "BOOLEAN": "bool", "DATE": "date",
          "BYTEA": "bytea", "NUMERIC(9, 6)": "numeric", "BYTEA[]": "bytea[]"}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedDebtor:
    row_number: int
    is_new: bool
    debtor_id: UUID
    row_digest: bytes
    debtor: NewDebtor


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedAccount:
    """A row on its way in; `step` is new, change or same."""

    row_number: int
    step: str
    account_id: UUID
    account_ref: str
    creditor_id: UUID
    debtor_id: UUID
    product: str
    currency: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    original_minor: int
    annual_rate: Decimal
    opened_on: date
    delinquent_since: date | None
    last_payment_on: date | None
    state: str
    row_digest: bytes


# Written out, not bound: a plan for any value cannot use the index of what is not new, and every batch would read all
# rows staged so far (measured: a second import of 1,000,000 rows had not ended after the time of three first ones).
_NEW: ColumnElement[str] = literal_column("'new'")


def known_accounts(tx: Transaction, *, import_id: UUID, refs: Sequence[str]) -> dict[str, KnownAccount]:
    """Look up which of these references are accounts already, and which an earlier row of this import named."""
    rows = tx.execute(
        select(
            accounts.c.account_ref,
            accounts.c.account_id,
            accounts.c.debtor_id,
            debtors.c.source_ref,
            accounts.c.currency,
            accounts.c.row_digest,
            accounts.c.import_id,
        )
        .select_from(
            accounts.join(
                debtors,
                (debtors.c.lender_id == accounts.c.lender_id) & (debtors.c.debtor_id == accounts.c.debtor_id),
            )
        )
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.account_ref == func.any(list(refs)))
    ).all()
    if not rows:
        return {}
    staged = _staged_accounts(tx, import_id, [row.account_id for row in rows])
    return {
        row.account_ref: KnownAccount(
            account_id=row.account_id,
            debtor_id=row.debtor_id,
            source_ref=row.source_ref,
            currency=row.currency,
            row_digest=tx.renew_digest(row.row_digest),
            is_in_file=row.import_id == import_id or row.account_id in staged,
        )
        for row in rows
    }


def _staged_accounts(tx: Transaction, import_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    found = select(staging_accounts.c.account_id).where(
        staging_accounts.c.lender_id == tx.lender_id,
        staging_accounts.c.import_id == import_id,
        staging_accounts.c.step != _NEW,
        staging_accounts.c.account_id == func.any(list(ids)),
    )
    return set(tx.execute(found).scalars())


def known_debtors(tx: Transaction, *, import_id: UUID, refs: Sequence[str]) -> dict[str, KnownDebtor]:
    """Look up which of these references are debtors already, and what an earlier row of this import said of them."""
    rows = tx.execute(
        select(debtors.c.source_ref, debtors.c.debtor_id, debtors.c.row_digest, debtors.c.import_id).where(
            debtors.c.lender_id == tx.lender_id, debtors.c.source_ref == func.any(list(refs))
        )
    ).all()
    if not rows:
        return {}
    staged: dict[UUID, bytes] = {
        row.debtor_id: tx.renew_digest(row.row_digest)
        for row in tx.execute(
            select(staging_debtors.c.debtor_id, staging_debtors.c.row_digest).where(
                staging_debtors.c.lender_id == tx.lender_id,
                staging_debtors.c.import_id == import_id,
                staging_debtors.c.is_new.is_(False),
                staging_debtors.c.debtor_id == func.any([row.debtor_id for row in rows]),
            )
        )
    }

    def known(row: Row[Any]) -> KnownDebtor:
        kept = None if row.row_digest is None else tx.renew_digest(row.row_digest)
        said = kept if row.import_id == import_id else staged.get(row.debtor_id)
        return KnownDebtor(debtor_id=row.debtor_id, row_digest=kept, file_digest=said)

    return {row.source_ref: known(row) for row in rows}


def stage_debtors(tx: Transaction, *, import_id: UUID, rows: Sequence[StagedDebtor]) -> None:
    """Seal and copy debtors into staging."""
    names = [column.name for column in staging_debtors.columns]

    def values(row: StagedDebtor) -> list[object]:
        debtor = row.debtor
        plain = {
            "lender_id": tx.lender_id,
            "import_id": import_id,
            "row_number": row.row_number,
            "is_new": row.is_new,
            "debtor_id": row.debtor_id,
            "debtor_ref": new_ref("dbt", row.debtor_id),
            "source_ref": debtor.source_ref,
            "language": debtor.language,
            "country": debtor.country,
            "region": debtor.region,
            "time_zone": debtor.time_zone,
            "security_word": debtor.security_word,
            "row_digest": row.row_digest,
            "word_digests": word_digests(tx, debtor.full_name),
            "phone_digests": tx.digests("phone", debtor.phone) if debtor.phone else [],
        }
        every = plain | sealed_columns(tx, row.debtor_id, debtor)
        return [every[name] for name in names]

    _copy(tx, staging_debtors, (values(row) for row in rows))


def stage_accounts(tx: Transaction, *, import_id: UUID, rows: Sequence[StagedAccount]) -> None:
    """Copy accounts into staging."""
    names = [column.name for column in staging_accounts.columns][2:]
    head = [tx.lender_id, import_id]
    _copy(tx, staging_accounts, (head + [getattr(row, name) for name in names] for row in rows))


def _copy(tx: Transaction, table: Table, rows: Any) -> None:
    driver: Any = tx.connection.connection.driver_connection
    names = ", ".join(column.name for column in table.columns)
    kinds = [_TYPES[column.type.compile(tx.connection.dialect)] for column in table.columns]
    statement = f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)"
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        copy.set_types(kinds)
        for row in rows:
            copy.write_row(row)


def insert_debtors(
    tx: Transaction, *, import_id: UUID, first: int, last: int, expected: int, now: datetime
) -> bool:
    """Insert the new debtors of a range of rows with the words of their names.

    False when fewer than `expected` were inserted: somebody else was faster, and the caller rolls back.
    """
    wanted = _range(tx, staging_debtors, import_id, first, last) & staging_debtors.c.is_new
    same = [column.name for column in staging_debtors.columns if column.name in debtors.c]
    chosen = select(
        *(staging_debtors.c[name] for name in same), *_new_debtor(now)
    ).where(wanted).order_by(staging_debtors.c.row_number)  # fmt: skip
    names = [*same, "preferences", "identity_tries", "created_at", "updated_at"]
    _plan_anew(tx)
    inserted = tx.execute(
        upsert(debtors)
        .from_select(names, chosen)
        .on_conflict_do_nothing(index_elements=["lender_id", "source_ref"])
    ).rowcount
    if inserted == expected:
        insert_words(tx, wanted)
    return inserted == expected


def _new_debtor(now: datetime) -> tuple[ColumnElement[Any], ...]:
    empty = literal({}, type_=debtors.c.preferences.type)
    moment = literal(now, type_=debtors.c.created_at.type)
    return empty, literal(0), moment, moment


def insert_words(tx: Transaction, wanted: ColumnElement[bool]) -> None:
    """Insert the digests by which the staged debtors are found by name."""
    words = select(
        staging_debtors.c.lender_id, func.unnest(staging_debtors.c.word_digests), staging_debtors.c.debtor_id
    ).where(wanted)
    names = ["lender_id", "word_digest", "debtor_id"]
    _plan_anew(tx)
    tx.execute(upsert(debtor_words).from_select(names, words).on_conflict_do_nothing())


def insert_accounts(
    tx: Transaction, *, import_id: UUID, first: int, last: int, expected: int, now: datetime
) -> bool:
    """Insert the new accounts of a range of rows with their lines.

    False when fewer than `expected` were inserted: somebody else was faster, and the caller rolls back.
    """
    wanted = _range(tx, staging_accounts, import_id, first, last) & (staging_accounts.c.step == "new")
    same = [column.name for column in staging_accounts.columns if column.name in accounts.c]
    moment = literal(now, type_=accounts.c.created_at.type)
    chosen = (
        select(*(staging_accounts.c[name] for name in same), literal(0), moment, moment, moment)
        .where(wanted)
        .order_by(staging_accounts.c.row_number)
    )
    names = [*same, "event_sequence", "as_of", "created_at", "updated_at"]
    _plan_anew(tx)
    inserted = tx.execute(
        upsert(accounts)
        .from_select(names, chosen)
        .on_conflict_do_nothing(index_elements=["lender_id", "account_ref"])
    ).rowcount
    if inserted == expected:
        insert_lines(tx, wanted)
    return inserted == expected


def insert_lines(tx: Transaction, wanted: ColumnElement[bool]) -> None:
    """Insert one line for each part of the balance that is not zero."""
    names = ["lender_id", "account_id", "position", "kind", "label_key", "on_date", "amount_minor"]
    _plan_anew(tx)
    for position, kind in LINES:
        amount = staging_accounts.c[f"{kind}_minor"]
        lines = select(
            staging_accounts.c.lender_id,
            staging_accounts.c.account_id,
            literal(position),
            literal(kind),
            literal(kind),
            literal(None, type_=account_lines.c.on_date.type),
            amount,
        ).where(wanted, amount != 0)
        tx.execute(insert(account_lines).from_select(names, lines))


def _plan_anew(tx: Transaction) -> None:
    """Forget cached plans: a foreign key that was first checked when its table was all but empty is checked by any
    index that begins with the lender, and would read all of the lender's rows for each new one (measured: 9×)."""
    tx.connection.exec_driver_sql("DISCARD PLANS")


def forget_staged(tx: Transaction, *, import_id: UUID) -> None:
    """Take an import's rows out of staging; they are where they belong."""
    for table in (staging_accounts, staging_debtors):
        tx.execute(delete(table).where(table.c.lender_id == tx.lender_id, table.c.import_id == import_id))


def _range(tx: Transaction, table: Table, import_id: UUID, first: int, last: int) -> ColumnElement[bool]:
    return (
        (table.c.lender_id == tx.lender_id)
        & (table.c.import_id == import_id)
        & table.c.row_number.between(first, last)
    )
