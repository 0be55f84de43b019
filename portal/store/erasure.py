"""Erases what is known of a person, field by field; events, ledger and sealed log hold nothing that could be erased."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, select, update

from portal.core.erasure import Standing
from portal.store.tables import agreements as agreement_tables
from portal.store.tables import approvals as approval_tables
from portal.store.tables import cases as case_tables
from portal.store.tables import debtors as debtor_tables
from portal.store.tables import documents as document_tables
from portal.store.tables import identity as identity_tables
from portal.store.tables import letters as letter_tables
from portal.store.tables.events import events
from portal.store.work import Transaction


def find_debtor_id(tx: Transaction, *, debtor_ref: str) -> UUID | None:
    """Find a debtor by the public reference."""
    table = debtor_tables.debtors
    wanted = select(table.c.debtor_id).where(
        table.c.lender_id == tx.lender_id, table.c.debtor_ref == debtor_ref
    )
    return tx.execute(wanted).scalar_one_or_none()


def load_standing(tx: Transaction, *, debtor_id: UUID, debtor_ref: str, now: datetime) -> Standing:
    """Load what may keep a person's data."""
    accounts, holds = debtor_tables.accounts, debtor_tables.holds
    disputes, complaints = debtor_tables.disputes, debtor_tables.complaints
    signed, waiting = agreement_tables.agreements, case_tables.handoffs
    own = select(accounts.c.account_id).where(
        accounts.c.lender_id == tx.lender_id, accounts.c.debtor_id == debtor_id
    )
    return Standing(
        open_accounts=_any(tx, accounts, accounts.c.debtor_id == debtor_id, accounts.c.state == "open"),
        running_agreements=_any(
            tx, signed, signed.c.debtor_id == debtor_id, signed.c.state.in_(("prepared", "active", "broken"))
        ),
        holds=_any(
            tx,
            holds,
            holds.c.account_id.in_(own),
            holds.c.released_at.is_(None),
            func.coalesce(holds.c.until, now) >= now,
        ),
        open_matters=_any(tx, disputes, disputes.c.account_id.in_(own), disputes.c.state != "closed")
        + _any(tx, complaints, complaints.c.debtor_id == debtor_id, complaints.c.state != "closed")
        + _any(tx, waiting, waiting.c.debtor_id == debtor_id, waiting.c.state != "closed"),
        last_activity_at=_last_activity(tx, debtor_ref),
    )


def _any(tx: Transaction, table: Table, *conditions: ColumnElement[bool]) -> int:
    found = select(table.c.lender_id).where(table.c.lender_id == tx.lender_id, *conditions).limit(1)
    return len(tx.execute(found).all())


def _last_activity(tx: Transaction, debtor_ref: str) -> datetime | None:
    """Find when something last happened with a person; that their data was asked for or erased is none of it."""
    newest = (
        select(events.c.occurred_at)
        .where(
            events.c.lender_id == tx.lender_id,
            events.c.debtor_ref == debtor_ref,
            events.c.type.not_like("data.%"),
        )
        .order_by(events.c.id.desc())
        .limit(1)
    )
    return tx.execute(newest).scalar_one_or_none()


def erase(tx: Transaction, *, debtor_id: UUID, field: str, now: datetime) -> int:
    """Erase one field of `core.erasure`; gives how many rows were touched. Raises KeyError for an unknown field."""
    return _ERASERS[field](tx, debtor_id, now)


def _person(**values: object) -> Callable[[Transaction, UUID, datetime], int]:
    def erase_columns(tx: Transaction, debtor_id: UUID, now: datetime) -> int:
        table = debtor_tables.debtors
        step = update(table).where(table.c.lender_id == tx.lender_id, table.c.debtor_id == debtor_id)
        return tx.execute(step.values(**values, updated_at=now)).rowcount

    return erase_columns


def _name(tx: Transaction, debtor_id: UUID, now: datetime) -> int:
    """Erase the name, the words by which it is found, and the lender's own number for the person."""
    table, words = debtor_tables.debtors, debtor_tables.debtor_words
    tx.execute(delete(words).where(words.c.lender_id == tx.lender_id, words.c.debtor_id == debtor_id))
    blank = tx.seal(column="debtors.full_name", row=debtor_id, text="")
    step = update(table).where(table.c.lender_id == tx.lender_id, table.c.debtor_id == debtor_id)
    named = {
        "full_name": blank,
        "source_ref": f"erased-{debtor_id.hex}",
        "security_word": "",
        "row_digest": None,
    }
    return tx.execute(step.values(**named, preferences={}, updated_at=now)).rowcount


def _blank(
    table: Table, owner: str, row: str, **columns: bool
) -> Callable[[Transaction, UUID, datetime], int]:
    """Make the eraser of sealed columns: NULL where the column may be, the sealed empty text where it may not."""

    def erase_rows(tx: Transaction, debtor_id: UUID, _now: datetime) -> int:
        conditions = (table.c.lender_id == tx.lender_id, _belongs(tx, table, owner, debtor_id))
        rows = list(tx.execute(select(table.c[row]).where(*conditions)).scalars())
        for one in rows:
            values = {
                name: tx.seal(column=f"{table.name}.{name}", row=one, text="{}" if name == "form" else "")
                if is_required
                else None
                for name, is_required in columns.items()
            }
            tx.execute(update(table).where(*conditions, table.c[row] == one).values(**values))
        return len(rows)

    return erase_rows


def _several(
    *erasers: Callable[[Transaction, UUID, datetime], int],
) -> Callable[[Transaction, UUID, datetime], int]:
    return lambda tx, debtor_id, now: sum(one(tx, debtor_id, now) for one in erasers)


def _belongs(tx: Transaction, table: Table, owner: str, debtor_id: UUID) -> ColumnElement[bool]:
    if owner == "debtor_id":
        return table.c.debtor_id == debtor_id
    accounts = debtor_tables.accounts
    own = select(accounts.c.account_id).where(
        accounts.c.lender_id == tx.lender_id, accounts.c.debtor_id == debtor_id
    )
    return table.c.account_id.in_(own)


def _gone(table: Table) -> Callable[[Transaction, UUID, datetime], int]:
    def delete_rows(tx: Transaction, debtor_id: UUID, _now: datetime) -> int:
        own = (table.c.lender_id == tx.lender_id, table.c.debtor_id == debtor_id)
        return tx.execute(delete(table).where(*own)).rowcount

    return delete_rows


def _papers(tx: Transaction, debtor_id: UUID, now: datetime) -> int:
    """Erase stored files and letters: both name the person."""
    tables = (document_tables.documents, letter_tables.letters)
    return sum(_gone(table)(tx, debtor_id, now) for table in tables)


def _signatures(tx: Transaction, debtor_id: UUID, _now: datetime) -> int:
    """Erase who signed and from where; that it was signed, when and what stays."""
    table = agreement_tables.agreements
    own = (table.c.lender_id == tx.lender_id, table.c.debtor_id == debtor_id)
    rows = tx.execute(select(table.c.agreement_id, table.c.signing_log).where(*own)).all()
    for row in rows:
        log = [
            {name: value for name, value in entry.items() if name not in _TRACES} for entry in row.signing_log
        ]
        step = update(table).where(*own, table.c.agreement_id == row.agreement_id)
        tx.execute(step.values(signer_name=None, signing_log=log))
    return len(rows)


_TRACES = frozenset({"address", "device"})
_ERASERS: Mapping[str, Callable[[Transaction, UUID, datetime], int]] = MappingProxyType(
    {
        "name": _name,
        "birth_date": _person(birth_date=None),
        "id_last4": _person(id_last4=None),
        "phone": _person(phone=None, phone_digest=None),
        "email": _person(email=None),
        "monthly_income": _person(monthly_income=None),
        "budgets": _blank(debtor_tables.budgets, "debtor_id", "budget_id", form=True),
        "messages": _blank(identity_tables.messages, "debtor_id", "message_id", recipient=True, body=True),
        "disputes": _blank(debtor_tables.disputes, "account_id", "dispute_id", words=False, answer=False),
        "complaints": _blank(debtor_tables.complaints, "debtor_id", "complaint_id", words=True, answer=False),
        "handoffs": _several(
            _blank(case_tables.handoffs, "debtor_id", "handoff_id", words=False, answer_words=False),
            _blank(approval_tables.approvals, "debtor_id", "approval_id", note=False),
        ),
        "devices": _gone(identity_tables.devices),
        "documents": _papers,
        "signatures": _signatures,
    }
)
