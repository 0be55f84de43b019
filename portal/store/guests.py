"""Guests of the house: counselor agencies and training providers with their staff, and the course catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from portal.core.logins import directory_word
from portal.store.directory import find_entry, save_entry
from portal.store.tables.shared import agencies, agency_staff, courses, provider_staff, providers
from portal.store.work import SharedTransaction


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A counselor or a trainer with the secrets of their sign-in; `house_id` is the agency or the provider."""

    guest_id: UUID
    house_id: UUID
    display_name: str
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)


def save_agency(tx: SharedTransaction, *, name: str, country: str, now: datetime) -> UUID:
    agency_id = tx.new_id()
    tx.execute(insert(agencies).values(agency_id=agency_id, name=name, country=country, created_at=now))
    return agency_id


def save_provider(tx: SharedTransaction, *, slug: str, name: str, webhook_secret: str, now: datetime) -> UUID:
    """Save a training provider; its webhook secret (`whsec_…`) is sealed."""
    provider_id = tx.new_id()
    sealed = tx.seal(column="providers.webhook_secret", row=provider_id, text=webhook_secret)
    tx.execute(
        insert(providers).values(
            provider_id=provider_id, slug=slug, name=name, webhook_secret=sealed, created_at=now
        )
    )
    return provider_id


def find_provider_secret(tx: SharedTransaction, *, slug: str) -> tuple[UUID, str] | None:
    """Find a provider by its slug, with its webhook secret unsealed."""
    row = tx.execute(
        select(providers.c.provider_id, providers.c.webhook_secret).where(providers.c.slug == slug)
    ).one_or_none()
    if row is None:
        return None
    secret = tx.unseal(column="providers.webhook_secret", row=row.provider_id, sealed=row.webhook_secret)
    return row.provider_id, secret


def save_course(
    tx: SharedTransaction,
    *,
    provider_id: UUID,
    course_ref: str,
    titles: Mapping[str, str],
    details: Mapping[str, Any],
    languages: Sequence[str],
    countries: Sequence[str],
    now: datetime,
) -> UUID:
    """Save an open course of the shared catalog."""
    course_id = tx.new_id()
    tx.execute(
        insert(courses).values(
            course_id=course_id,
            provider_id=provider_id,
            course_ref=course_ref,
            titles=dict(titles),
            details=dict(details),
            languages=list(languages),
            countries=list(countries),
            is_open=True,
            created_at=now,
        )
    )
    return course_id


_TABLES = {
    "counselor": (agency_staff, agency_staff.c.counselor_id, agency_staff.c.agency_id),
    "trainer": (provider_staff, provider_staff.c.trainer_id, provider_staff.c.provider_id),
}


def save_guest(
    tx: SharedTransaction,
    *,
    audience: str,
    house_id: UUID,
    login: str,
    display_name: str,
    password_hash: str,
    totp_secret: str | None,
    now: datetime,
) -> UUID:
    """Save a counselor of an agency or a trainer of a provider, and the door to sign in by."""
    table, own, house = _TABLES[audience]
    guest_id = tx.new_id()
    sealed = None
    if totp_secret:
        sealed = tx.seal(column=f"{table.name}.totp_secret", row=guest_id, text=totp_secret)
    tx.execute(
        insert(table).values(
            {
                own.name: guest_id,
                house.name: house_id,
                "display_name": display_name,
                "password_hash": password_hash,
                "totp_secret": sealed,
                "is_active": True,
                "created_at": now,
            }
        )
    )
    word = directory_word(audience=audience, login=login)
    save_entry(tx, kind="login", secret=word, lender_id=None, subject_id=guest_id, now=now)
    return guest_id


def find_guest(tx: SharedTransaction, *, audience: str, guest_id: UUID) -> Guest | None:
    """Find an active counselor or trainer, with the secrets of the sign-in."""
    table, own, house = _TABLES[audience]
    row = tx.execute(
        select(
            house.label("house_id"), table.c.display_name, table.c.password_hash, table.c.totp_secret
        ).where(own == guest_id, table.c.is_active)
    ).one_or_none()
    if row is None:
        return None
    secret = None
    if row.totp_secret is not None:
        secret = tx.unseal(column=f"{table.name}.totp_secret", row=guest_id, sealed=row.totp_secret)
    return Guest(
        guest_id=guest_id,
        house_id=row.house_id,
        display_name=row.display_name,
        password_hash=row.password_hash,
        totp_secret=secret,
    )


def find_login(tx: SharedTransaction, *, audience: str, login: str) -> UUID | None:
    """Find which counselor or trainer signs in by this login."""
    entry = find_entry(tx, kind="login", secret=directory_word(audience=audience, login=login))
    return None if entry is None else entry.subject_id


def use_step(tx: SharedTransaction, *, audience: str, guest_id: UUID, step: int) -> bool:
    """Use a code's time step up; False when this code or a later one was used before, also a moment ago elsewhere."""
    table, own, _house = _TABLES[audience]
    unused = or_(table.c.totp_step.is_(None), table.c.totp_step < step)
    return tx.execute(update(table).where(own == guest_id, unused).values(totp_step=step)).rowcount == 1


def find_house_name(tx: SharedTransaction, *, audience: str, house_id: UUID) -> str:
    """Find the name of an agency or a provider."""
    table = agencies if audience == "counselor" else providers
    named = table.c.agency_id if audience == "counselor" else table.c.provider_id
    return str(tx.execute(select(table.c.name).where(named == house_id)).scalar_one())
