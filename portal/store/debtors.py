"""Debtors: what a page needs in clear, and the sealed person behind it."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.store.tables.debtors import debtor_words, debtors
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Debtor:
    """A debtor without personal data: what most code needs."""

    debtor_id: UUID
    debtor_ref: str
    source_ref: str
    language: str
    country: str
    region: str | None
    time_zone: str
    security_word: str
    preferences: Mapping[str, Any]
    phone_confirmed_at: datetime | None
    wrong_party_at: datetime | None
    messages_stopped_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """The personal data of a debtor, unsealed; keep it out of logs, events and URLs."""

    full_name: str
    birth_date: date | None
    id_last4: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, kw_only=True)
class NewDebtor:
    source_ref: str
    full_name: str
    birth_date: date | None
    id_last4: str | None
    phone: str | None
    email: str | None
    language: str
    country: str
    time_zone: str
    region: str | None = None
    monthly_income: str | None = None
    security_word: str


_DEBTOR = (
    debtors.c.debtor_id,
    debtors.c.debtor_ref,
    debtors.c.source_ref,
    debtors.c.language,
    debtors.c.country,
    debtors.c.region,
    debtors.c.time_zone,
    debtors.c.security_word,
    debtors.c.preferences,
    debtors.c.phone_confirmed_at,
    debtors.c.wrong_party_at,
    debtors.c.messages_stopped_at,
)


def find_debtor(tx: Transaction, *, debtor_id: UUID) -> Debtor | None:
    row = tx.execute(
        select(*_DEBTOR).where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
    ).one_or_none()
    return None if row is None else Debtor(**row._mapping)


def load_refs(tx: Transaction, *, debtor_ids: Collection[UUID]) -> dict[UUID, str]:
    """Load the public references of many debtors."""
    rows = tx.execute(
        select(debtors.c.debtor_id, debtors.c.debtor_ref).where(
            debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id.in_(debtor_ids)
        )
    )
    return {row.debtor_id: row.debtor_ref for row in rows}


def find_debtor_by_source(tx: Transaction, *, source_ref: str) -> Debtor | None:
    row = tx.execute(
        select(*_DEBTOR).where(debtors.c.lender_id == tx.lender_id, debtors.c.source_ref == source_ref)
    ).one_or_none()
    return None if row is None else Debtor(**row._mapping)


def load_person(tx: Transaction, *, debtor_id: UUID) -> Person:
    """Unseal a debtor's personal data; raises sqlalchemy.exc.NoResultFound when there is no such debtor."""
    row = tx.execute(
        select(
            debtors.c.full_name, debtors.c.birth_date, debtors.c.id_last4, debtors.c.phone, debtors.c.email
        ).where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
    ).one()

    def clear(column: str, sealed: bytes | None) -> str | None:
        return tx.unseal_optional(column=f"debtors.{column}", row=debtor_id, sealed=sealed)

    born = clear("birth_date", row.birth_date)
    return Person(
        full_name=clear("full_name", row.full_name) or "",
        birth_date=date.fromisoformat(born) if born else None,
        id_last4=clear("id_last4", row.id_last4),
        phone=clear("phone", row.phone),
        email=clear("email", row.email),
    )


def save_debtor(tx: Transaction, debtor: NewDebtor, *, now: datetime) -> UUID:
    debtor_id = tx.new_id()
    tx.execute(
        insert(debtors).values(
            lender_id=tx.lender_id,
            debtor_id=debtor_id,
            debtor_ref=new_ref("dbt", debtor_id),
            source_ref=debtor.source_ref,
            language=debtor.language,
            country=debtor.country,
            region=debtor.region,
            time_zone=debtor.time_zone,
            security_word=debtor.security_word,
            preferences={},
            identity_tries=0,
            created_at=now,
            updated_at=now,
            **sealed_columns(tx, debtor_id, debtor),
        )
    )
    for digest in word_digests(tx, debtor.full_name):
        tx.execute(
            upsert(debtor_words)
            .values(lender_id=tx.lender_id, word_digest=digest, debtor_id=debtor_id)
            .on_conflict_do_nothing()
        )
    return debtor_id


def sealed_columns(tx: Transaction, debtor_id: UUID, debtor: NewDebtor) -> dict[str, bytes | None]:
    """Give the sealed and digested columns of a debtor's row, for an insert, an update or a bulk load."""

    def sealed(column: str, text: str | None) -> bytes | None:
        return tx.seal_optional(column=f"debtors.{column}", row=debtor_id, text=text)

    return {
        "full_name": sealed("full_name", debtor.full_name),
        "birth_date": sealed("birth_date", debtor.birth_date.isoformat() if debtor.birth_date else None),
        "id_last4": sealed("id_last4", debtor.id_last4),
        "phone": sealed("phone", debtor.phone),
        "phone_digest": tx.digest("phone", debtor.phone) if debtor.phone else None,
        "email": sealed("email", debtor.email),
        "monthly_income": sealed("monthly_income", debtor.monthly_income),
    }


def new_ref(prefix: str, row_id: UUID) -> str:
    """Make the public reference of a row from its id: opaque, stable, without meaning."""
    return f"{prefix}_{row_id.hex}"


def name_words(full_name: str) -> set[str]:
    """Split a name into the normalized words by which it can be searched; scripts without spaces give pairs of
    characters too, so that a family name finds its bearer."""
    folded = unicodedata.normalize("NFKD", full_name).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    words = set(re.findall(r"\w+", unicodedata.normalize("NFC", plain)))
    return words | {
        word[:size] for word in words if not word.isascii() for size in (1, 2) if len(word) > size
    }


def word_digests(tx: Transaction, full_name: str) -> list[bytes]:
    return sorted(tx.digest("name", word) for word in name_words(full_name))


def list_ids_by_name(tx: Transaction, *, words: str, limit: int) -> list[UUID]:
    """List the debtors whose name has the first of the searched words and every other one too."""
    digests = [tx.digests("name", word) for word in sorted(name_words(words))]
    if not digests:
        return []
    found = (
        select(debtor_words.c.debtor_id)
        .where(debtor_words.c.lender_id == tx.lender_id, debtor_words.c.word_digest.in_(digests[0]))
        .limit(limit)
    )
    for digest in digests[1:]:
        other = select(debtor_words.c.debtor_id).where(
            debtor_words.c.lender_id == tx.lender_id, debtor_words.c.word_digest.in_(digest)
        )
        found = found.where(debtor_words.c.debtor_id.in_(other))
    return list(tx.execute(found).scalars())


def find_id_by_phone(tx: Transaction, *, phone: str) -> list[UUID]:
    rows = tx.execute(
        select(debtors.c.debtor_id).where(
            debtors.c.lender_id == tx.lender_id, debtors.c.phone_digest.in_(tx.digests("phone", phone))
        )
    )
    return list(rows.scalars())


def save_language(tx: Transaction, *, debtor_id: UUID, language: str, now: datetime) -> None:
    tx.execute(
        update(debtors)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .values(language=language, updated_at=now)
    )


def save_preferences(
    tx: Transaction, *, debtor_id: UUID, preferences: Mapping[str, Any], now: datetime
) -> None:
    """Save how a person wants to be reached and shown pages, in whole."""
    tx.execute(
        update(debtors)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .values(preferences=dict(preferences), updated_at=now)
    )


def mark_wrong_party(tx: Transaction, *, debtor_id: UUID, now: datetime) -> bool:
    """Mark that a person's number belongs to somebody else; False when it was marked before."""
    return _mark_once(tx, "wrong_party_at", debtor_id=debtor_id, now=now)


def mark_messages_stopped(tx: Transaction, *, debtor_id: UUID, now: datetime) -> bool:
    """Mark that a person wants no more messages; False when it was marked before."""
    return _mark_once(tx, "messages_stopped_at", debtor_id=debtor_id, now=now)


def _mark_once(tx: Transaction, column: str, *, debtor_id: UUID, now: datetime) -> bool:
    step = (
        update(debtors)
        .where(
            debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id, debtors.c[column].is_(None)
        )
        .values({column: now, "updated_at": now})
    )
    return tx.execute(step).rowcount == 1


def clear_marks(tx: Transaction, *, debtor_id: UUID, wrong_party: bool, stopped: bool, now: datetime) -> None:
    """Take back that a number belongs to somebody else, or that a person wants no messages."""
    cleared = {"wrong_party_at": wrong_party, "messages_stopped_at": stopped}
    tx.execute(
        update(debtors)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .values(**{column: None for column, is_cleared in cleared.items() if is_cleared}, updated_at=now)
    )


def confirm_phone(tx: Transaction, *, debtor_id: UUID, now: datetime) -> None:
    """Keep that the number on file reached the person just now."""
    tx.execute(
        update(debtors)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .values(phone_confirmed_at=now)
    )


def lock_debtor(tx: Transaction, *, debtor_id: UUID) -> Debtor | None:
    """Lock the person's row until the commit, then load it: two actions on one person take turns."""
    row = tx.execute(
        select(*_DEBTOR)
        .where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id == debtor_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else Debtor(**row._mapping)
