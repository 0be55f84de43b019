"""A debtor's consent: which counselor may see or do what, until when."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from portal.core.grants import CODE_LIFE
from portal.core.states import check_move
from portal.store.cipher import secret_digest
from portal.store.debtors import new_ref
from portal.store.directory import claim_entry
from portal.store.tables.identity import grants
from portal.store.tables.shared import agencies, agency_staff, secret_digests
from portal.store.work import Transaction

GRANTS_MAX = 200


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One consent. Until a code is taken there is no agency; `expires_at` is the end of all it allows."""

    grant_id: UUID
    grant_ref: str
    debtor_id: UUID
    scopes: Sequence[str]
    agency_id: UUID | None
    counselor_id: UUID | None
    state: str
    offered_at: datetime
    taken_at: datetime | None
    viewed_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def holds(self, now: datetime) -> bool:
        """Tell whether the counselor may use it now."""
        return self.state == "active" and now < self.expires_at

    def waits(self, now: datetime) -> bool:
        """Tell whether its code can still be taken."""
        return self.state == "offered" and now < self.code_until

    @property
    def code_until(self) -> datetime:
        return min(self.offered_at + CODE_LIFE, self.expires_at)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """A consent as the debtor sees it, with the names of who took it."""

    grant: Grant
    counselor_name: str | None
    agency_name: str | None


_GRANT = tuple(grants.c[name] for name in Grant.__dataclass_fields__)


def code_word(code: str) -> str:
    """Stretch a short code for the shared directory, so that a copy of it gives no codes away."""
    return hashlib.scrypt(code.encode(), salt=b"client_code", n=2**14, r=8, p=1, dklen=32).hex()


def save_grant(
    tx: Transaction, *, debtor_id: UUID, code: str, scopes: Sequence[str], days: int, now: datetime
) -> Grant | None:
    """Save a consent that waits for its code to be taken; None in the rare case that the code is in use."""
    grant_id = tx.new_id()
    word = code_word(code)
    if not claim_entry(
        tx, kind="client_code", secret=word, lender_id=tx.lender_id, subject_id=grant_id, now=now
    ):
        return None
    grant = Grant(
        grant_id=grant_id,
        grant_ref=new_ref("grt", grant_id),
        debtor_id=debtor_id,
        scopes=list(scopes),
        agency_id=None,
        counselor_id=None,
        state="offered",
        offered_at=now,
        taken_at=None,
        viewed_at=None,
        expires_at=now + timedelta(days=days),
        ended_at=None,
    )
    tx.execute(insert(grants).values(lender_id=tx.lender_id, code_digest=secret_digest(word), **vars(grant)))
    return grant


def _forget_code(tx: Transaction, grant_id: UUID) -> None:
    """Let nothing lead to the grant by its code any more."""
    digest = tx.execute(
        select(grants.c.code_digest).where(grants.c.lender_id == tx.lender_id, grants.c.grant_id == grant_id)
    ).scalar_one()
    tx.execute(
        delete(secret_digests).where(
            secret_digests.c.kind == "client_code", secret_digests.c.digest == digest
        )
    )


def find_grant(
    tx: Transaction, *, grant_id: UUID | None = None, grant_ref: str | None = None
) -> Grant | None:
    row = tx.execute(select(*_GRANT).where(*_wanted(tx, grant_id, grant_ref))).one_or_none()
    return None if row is None else Grant(**row._mapping)


def lock_grant(
    tx: Transaction, *, grant_id: UUID | None = None, grant_ref: str | None = None
) -> Grant | None:
    """Lock a grant's row until the commit, then load it: nothing is done under a grant that ends meanwhile."""
    row = tx.execute(select(*_GRANT).where(*_wanted(tx, grant_id, grant_ref)).with_for_update()).one_or_none()
    return None if row is None else Grant(**row._mapping)


def _wanted(tx: Transaction, grant_id: UUID | None, grant_ref: str | None) -> list[ColumnElement[bool]]:
    named = grants.c.grant_id == grant_id if grant_id is not None else grants.c.grant_ref == grant_ref
    return [grants.c.lender_id == tx.lender_id, named]


def take(tx: Transaction, *, grant_id: UUID, agency_id: UUID, counselor_id: UUID, now: datetime) -> bool:
    """Bind a waiting grant to a counselor by compare-and-set; False when it does not wait any more."""
    check_move(noun="grant", before="offered", after="active")
    step = _step(tx, grant_id, "offered").values(
        state="active", agency_id=agency_id, counselor_id=counselor_id, taken_at=now
    )
    _forget_code(tx, grant_id)
    return tx.execute(step).rowcount == 1


def end(tx: Transaction, *, grant_id: UUID, before: str, after: str, now: datetime) -> bool:
    """End a grant by compare-and-set; False when it was not in `before`."""
    check_move(noun="grant", before=before, after=after)
    _forget_code(tx, grant_id)
    return tx.execute(_step(tx, grant_id, before).values(state=after, ended_at=now)).rowcount == 1


def note_view(tx: Transaction, *, grant_id: UUID, now: datetime) -> None:
    """Remember when the counselor last looked."""
    tx.execute(_step(tx, grant_id, "active").values(viewed_at=now))


def _step(tx: Transaction, grant_id: UUID, before: str) -> Any:
    return update(grants).where(
        grants.c.lender_id == tx.lender_id, grants.c.grant_id == grant_id, grants.c.state == before
    )


def list_grants_of(tx: Transaction, *, debtor_id: UUID) -> list[Helper]:
    """List a debtor's consents with names, newest first, those that ended too."""
    rows = tx.execute(
        select(*_GRANT, agency_staff.c.display_name, agencies.c.name)
        .select_from(
            grants.outerjoin(agency_staff, agency_staff.c.counselor_id == grants.c.counselor_id).outerjoin(
                agencies, agencies.c.agency_id == grants.c.agency_id
            )
        )
        .where(grants.c.lender_id == tx.lender_id, grants.c.debtor_id == debtor_id)
        .order_by(grants.c.grant_id.desc())
        .limit(50)
    )
    size = len(_GRANT)
    return [
        Helper(
            grant=Grant(**dict(zip(Grant.__dataclass_fields__, row[:size], strict=True))),
            counselor_name=row[size],
            agency_name=row[size + 1],
        )
        for row in rows
    ]


def list_clients(tx: Transaction, *, counselor_id: UUID, agency_id: UUID, now: datetime) -> list[Grant]:
    """List the consents that a counselor may use now, the one that ends first first."""
    rows = tx.execute(
        select(*_GRANT)
        .where(
            grants.c.lender_id == tx.lender_id,
            grants.c.counselor_id == counselor_id,
            grants.c.agency_id == agency_id,
            grants.c.state == "active",
            grants.c.expires_at > now,
        )
        .order_by(grants.c.expires_at, grants.c.grant_id)
        .limit(GRANTS_MAX)
    )
    return [Grant(**row._mapping) for row in rows]


def page_clients(
    tx: Transaction, *, counselor_id: UUID, agency_id: UUID, after: UUID | None, limit: int, now: datetime
) -> list[Grant]:
    """List the consents that a counselor may use now, in the order in which they were given, from one on."""
    wanted = [
        grants.c.lender_id == tx.lender_id,
        grants.c.counselor_id == counselor_id,
        grants.c.agency_id == agency_id,
        grants.c.state == "active",
        grants.c.expires_at > now,
    ]
    if after is not None:
        wanted.append(grants.c.grant_id > after)
    rows = tx.execute(select(*_GRANT).where(*wanted).order_by(grants.c.grant_id).limit(limit))
    return [Grant(**row._mapping) for row in rows]


def list_over(tx: Transaction, *, now: datetime, limit: int) -> list[Grant]:
    """List the consents whose date, or whose code's week, has passed and that nobody ended yet."""
    rows = tx.execute(
        select(*_GRANT)
        .where(
            grants.c.lender_id == tx.lender_id,
            grants.c.state.in_(["offered", "active"]),
            (grants.c.expires_at <= now)
            | ((grants.c.state == "offered") & (grants.c.offered_at <= now - CODE_LIFE)),
        )
        .order_by(grants.c.grant_id)
        .limit(limit)
    )
    return [Grant(**row._mapping) for row in rows]
