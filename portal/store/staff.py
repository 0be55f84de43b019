"""Members of a lender's staff: who they are is sealed, how they sign in is in the shared directory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from portal.core.logins import directory_word
from portal.store.directory import save_entry
from portal.store.tables.lenders import staff
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """One member, unsealed; `password_hash` is argon2, `totp_secret` base32."""

    staff_id: UUID
    email: str
    full_name: str
    roles: tuple[str, ...]
    is_active: bool
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)


def save_staff(
    tx: Transaction,
    *,
    email: str,
    full_name: str,
    roles: Sequence[str],
    password_hash: str,
    totp_secret: str | None,
    now: datetime,
) -> UUID:
    """Save a member and the door to sign in by (directory kind `login`, audience staff)."""
    staff_id = tx.new_id()
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
    word = directory_word(audience="staff", login=email)
    save_entry(tx, kind="login", secret=word, lender_id=tx.lender_id, subject_id=staff_id, now=now)
    return staff_id


def find_staff(tx: Transaction, *, staff_id: UUID) -> StaffMember | None:
    """Find an active member, unsealed."""
    row = tx.execute(
        select(
            staff.c.email, staff.c.full_name, staff.c.roles, staff.c.password_hash, staff.c.totp_secret,
            staff.c.is_active,
        ).where(staff.c.lender_id == tx.lender_id, staff.c.staff_id == staff_id, staff.c.is_active)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    return StaffMember(
        staff_id=staff_id,
        email=tx.unseal(column="staff.email", row=staff_id, sealed=row.email),
        full_name=tx.unseal(column="staff.full_name", row=staff_id, sealed=row.full_name),
        roles=tuple(row.roles),
        is_active=row.is_active,
        password_hash=row.password_hash,
        totp_secret=tx.unseal_optional(column="staff.totp_secret", row=staff_id, sealed=row.totp_secret),
    )
