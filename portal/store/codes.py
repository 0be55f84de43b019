"""One-time codes by SMS and the devices on which somebody was verified before.

A code is bound to its session, its purpose and, where it stands for something, to that thing's hash; only a keyed
digest of it is kept. Only the newest code of a session and purpose can be right.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from portal.core.identity import CODE_DIGITS, CODE_LIFE, TRIES_PER_CODE, is_code_in_time
from portal.store.cipher import secret_digest
from portal.store.tables.identity import codes, devices
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class CodeResult:
    """What a try on a code gave: right, wrong (with the tries left) or void (used up, too old, none was sent).

    `is_spent` tells that this very try was the last one.
    """

    kind: str
    tries_left: int = 0
    is_spent: bool = False

    @property
    def is_right(self) -> bool:
        return self.kind == "right"


def save_code(
    tx: Transaction, *, session_id: UUID, purpose: str, bound_to: bytes | None, now: datetime
) -> str:
    """Save a new code and give it, the only time it exists in clear; older ones of its purpose become void."""
    code_id = tx.new_id()
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    tx.execute(
        update(codes)
        .where(
            codes.c.lender_id == tx.lender_id,
            codes.c.session_id == session_id,
            codes.c.purpose == purpose,
            codes.c.expires_at > now,
        )
        .values(expires_at=now)
    )
    tx.execute(
        insert(codes).values(
            lender_id=tx.lender_id,
            code_id=code_id,
            session_id=session_id,
            purpose=purpose,
            digest=tx.digest("code", f"{code_id}:{code}"),
            bound_to=bound_to,
            tries=0,
            sent_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    return code


def list_sent(tx: Transaction, *, session_id: UUID, since: datetime) -> list[datetime]:
    """List when codes were sent to a session since a moment, oldest first."""
    rows = tx.execute(
        select(codes.c.sent_at)
        .where(codes.c.lender_id == tx.lender_id, codes.c.session_id == session_id, codes.c.sent_at > since)
        .order_by(codes.c.sent_at)
    )
    return list(rows.scalars())


def take_code(
    tx: Transaction, *, session_id: UUID, purpose: str, bound_to: bytes | None, code: str, now: datetime
) -> CodeResult:
    """Try a code: count the try before looking, use the code up when it is right. The caller commits in any case."""
    code_id = tx.execute(
        select(codes.c.code_id)
        .where(
            codes.c.lender_id == tx.lender_id, codes.c.session_id == session_id, codes.c.purpose == purpose
        )
        .order_by(codes.c.sent_at.desc(), codes.c.code_id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if code_id is None:
        return CodeResult(kind="void")
    step = (
        update(codes)
        .where(
            codes.c.lender_id == tx.lender_id,
            codes.c.code_id == code_id,
            codes.c.used_at.is_(None),
            codes.c.tries < TRIES_PER_CODE,
        )
        .values(tries=codes.c.tries + 1)
        .returning(codes.c.tries, codes.c.digest, codes.c.bound_to, codes.c.sent_at, codes.c.expires_at)
    )
    row = tx.execute(step).one_or_none()
    if row is None or not is_code_in_time(sent_at=row.sent_at, expires_at=row.expires_at, now=now):
        return CodeResult(kind="void")
    kept = bytes(row.digest)
    fits = any(hmac.compare_digest(kept, one) for one in tx.digests("code", f"{code_id}:{code}"))
    same_thing = hmac.compare_digest(bytes(row.bound_to or b""), bound_to or b"")
    if not (fits and same_thing):
        left = TRIES_PER_CODE - row.tries
        return CodeResult(kind="wrong" if left else "void", tries_left=left, is_spent=not left)
    tx.execute(
        update(codes).where(codes.c.lender_id == tx.lender_id, codes.c.code_id == code_id).values(used_at=now)
    )
    return CodeResult(kind="right")


# ---- devices


def has_devices(tx: Transaction, *, debtor_id: UUID) -> bool:
    """Tell whether somebody was ever verified as this person on any device."""
    found = select(devices.c.debtor_id).where(
        devices.c.lender_id == tx.lender_id, devices.c.debtor_id == debtor_id
    )
    return tx.execute(found.limit(1)).first() is not None


def is_known_device(
    tx: Transaction, *, debtor_id: UUID, device: str | None, now: datetime, days: int
) -> bool:
    """Tell whether this device's cookie was there at an earlier verification of the person, in the last `days`."""
    if not device:
        return False
    found = select(devices.c.debtor_id).where(
        devices.c.lender_id == tx.lender_id,
        devices.c.debtor_id == debtor_id,
        devices.c.device_digest == secret_digest(device),
        devices.c.verified_at > now - timedelta(days=days),
    )
    return tx.execute(found).first() is not None


def save_device(tx: Transaction, *, debtor_id: UUID, device: str, now: datetime) -> None:
    """Remember the device on which the person was verified."""
    fresh = upsert(devices).values(
        lender_id=tx.lender_id, debtor_id=debtor_id, device_digest=secret_digest(device), verified_at=now
    )
    tx.execute(
        fresh.on_conflict_do_update(
            index_elements=["lender_id", "debtor_id", "device_digest"], set_={"verified_at": now}
        )
    )
