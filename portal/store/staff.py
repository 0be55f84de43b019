"""Members of a lender's staff: who they are is sealed, how they sign in is in the shared directory.

The directory keeps a digest of the lender's short name and the e-mail address together, so one person may work for
two lenders, and nobody can ask it where an address signs in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, update

from portal.core.logins import directory_word
from portal.store.directory import claim_entry, find_entry
from portal.store.lenders import find_lender
from portal.store.rows import known
from portal.store.tables.lenders import staff
from portal.store.work import SharedTransaction, Transaction

STAFF_MAX = 500


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """One member, unsealed; `password_hash` is argon2, `totp_secret` base32."""

    staff_id: UUID
    email: str
    full_name: str
    roles: tuple[str, ...]
    is_active: bool
    created_at: datetime
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)


_STAFF = (
    staff.c.staff_id,
    staff.c.email,
    staff.c.full_name,
    staff.c.roles,
    staff.c.is_active,
    staff.c.created_at,
    staff.c.password_hash,
    staff.c.totp_secret,
)


def staff_word(*, slug: str, email: str) -> str:
    """Give the word of a member's sign-in: the lender's short name and the address, however they are typed."""
    return directory_word(audience="staff", login=f"{slug.strip().casefold()}/{email.strip()}")


def save_staff(
    tx: Transaction,
    *,
    email: str,
    full_name: str,
    roles: Sequence[str],
    password_hash: str,
    totp_secret: str | None,
    now: datetime,
) -> UUID | None:
    """Save a member and the door to sign in by; None when the address signs in here already."""
    staff_id = tx.new_id()
    word = _word(tx, email)
    if not claim_entry(tx, kind="login", secret=word, lender_id=tx.lender_id, subject_id=staff_id, now=now):
        return None
    tx.execute(
        insert(staff).values(
            lender_id=tx.lender_id,
            staff_id=staff_id,
            email=tx.seal(column="staff.email", row=staff_id, text=email),
            full_name=tx.seal(column="staff.full_name", row=staff_id, text=full_name),
            roles=list(roles),
            password_hash=password_hash,
            totp_secret=tx.seal_optional(column="staff.totp_secret", row=staff_id, text=totp_secret),
            is_active=True,
            created_at=now,
        )
    )
    return staff_id


def find_sign_in(tx: SharedTransaction, *, slug: str, email: str) -> tuple[int, UUID] | None:
    """Find which lender's which member signs in by this short name and address."""
    entry = find_entry(tx, kind="login", secret=staff_word(slug=slug, email=email))
    if entry is None or entry.lender_id is None or entry.subject_id is None:
        return None
    return entry.lender_id, entry.subject_id


def find_staff(tx: Transaction, *, staff_id: UUID) -> StaffMember | None:
    """Find an active member, unsealed."""
    found = find_member(tx, staff_id=staff_id)
    return found if found is not None and found.is_active else None


def find_member(tx: Transaction, *, staff_id: UUID) -> StaffMember | None:
    """Find a member, active or not, unsealed."""
    row = tx.execute(
        select(*_STAFF).where(staff.c.lender_id == tx.lender_id, staff.c.staff_id == staff_id)
    ).one_or_none()
    return None if row is None else _member(tx, row)


def load_name(tx: Transaction, *, staff_id: UUID) -> str:
    """Unseal a member's name; empty when there is no such member."""
    sealed = tx.execute(
        select(staff.c.full_name).where(staff.c.lender_id == tx.lender_id, staff.c.staff_id == staff_id)
    ).scalar_one_or_none()
    return tx.unseal(column="staff.full_name", row=staff_id, sealed=sealed) if sealed else ""


def list_staff(tx: Transaction) -> list[StaffMember]:
    """List the members, the first first; a lender has few of them."""
    rows = tx.execute(
        select(*_STAFF).where(staff.c.lender_id == tx.lender_id).order_by(staff.c.staff_id).limit(STAFF_MAX)
    )
    return [_member(tx, row) for row in rows]


def lock_staff(tx: Transaction) -> list[tuple[UUID, tuple[str, ...], bool]]:
    """Lock the members' rows until the commit and give (id, roles, is active): changes of people take turns."""
    rows = tx.execute(
        select(staff.c.staff_id, staff.c.roles, staff.c.is_active)
        .where(staff.c.lender_id == tx.lender_id)
        .order_by(staff.c.staff_id)
        .with_for_update()
    )
    return [(row.staff_id, tuple(row.roles), row.is_active) for row in rows]


def change_staff(tx: Transaction, *, staff_id: UUID, roles: Sequence[str], is_active: bool) -> None:
    """Save what a member may do, and whether they may come at all."""
    tx.execute(_change(tx, staff_id).values(roles=list(roles), is_active=is_active))


def save_secrets(tx: Transaction, *, staff_id: UUID, password_hash: str, totp_secret: str) -> None:
    """Save a new password and a new second factor."""
    sealed = tx.seal(column="staff.totp_secret", row=staff_id, text=totp_secret)
    tx.execute(_change(tx, staff_id).values(password_hash=password_hash, totp_secret=sealed, totp_step=None))


def save_password(tx: Transaction, *, staff_id: UUID, password_hash: str) -> None:
    tx.execute(_change(tx, staff_id).values(password_hash=password_hash))


def use_step(tx: Transaction, *, staff_id: UUID, step: int) -> bool:
    """Use a code's time step up; False when this code or a later one was used before, also a moment ago elsewhere."""
    unused = or_(staff.c.totp_step.is_(None), staff.c.totp_step < step)
    return tx.execute(_change(tx, staff_id).where(unused).values(totp_step=step)).rowcount == 1


def _word(tx: Transaction, email: str) -> str:
    return staff_word(slug=known(find_lender(tx, lender_id=tx.lender_id)).slug, email=email)


def _change(tx: Transaction, staff_id: UUID) -> Any:
    return update(staff).where(staff.c.lender_id == tx.lender_id, staff.c.staff_id == staff_id)


def _member(tx: Transaction, row: Row[Any]) -> StaffMember:
    staff_id = row.staff_id
    return StaffMember(
        staff_id=staff_id,
        email=tx.unseal(column="staff.email", row=staff_id, sealed=row.email),
        full_name=tx.unseal(column="staff.full_name", row=staff_id, sealed=row.full_name),
        roles=tuple(row.roles),
        is_active=row.is_active,
        created_at=row.created_at,
        password_hash=row.password_hash,
        totp_secret=tx.unseal_optional(column="staff.totp_secret", row=staff_id, sealed=row.totp_secret),
    )
