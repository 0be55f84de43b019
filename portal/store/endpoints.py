"""A lender's receivers of events: what they asked for, how they are signed to, how they are doing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, update

from portal.store.tables.events import endpoints
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An endpoint as staff see it: no secret."""

    endpoint_id: UUID
    url: str
    patterns: tuple[str, ...]
    is_ordered: bool
    has_ed25519: bool
    state: str
    disabled_reason: str | None
    failing_since: datetime | None
    slow_until: datetime | None
    previous_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """An endpoint as the delivery loop sees it: where to, signed with what, how it has been."""

    endpoint_id: UUID
    url: str
    secrets: tuple[str, ...]
    private_keys: tuple[str, ...]
    is_ordered: bool
    failures: int
    failing_since: datetime | None
    warned_at: datetime | None


_SHOWN = (
    endpoints.c.endpoint_id,
    endpoints.c.url,
    endpoints.c.patterns,
    endpoints.c.is_ordered,
    endpoints.c.ed25519_key.is_not(None).label("has_ed25519"),
    endpoints.c.state,
    endpoints.c.disabled_reason,
    endpoints.c.failing_since,
    endpoints.c.slow_until,
    endpoints.c.previous_until,
    endpoints.c.created_at,
)


def insert_endpoint(
    tx: Transaction,
    *,
    endpoint_id: UUID,
    url: str,
    patterns: list[str],
    is_ordered: bool,
    secret: str,
    private_key: str | None,
    now: datetime,
) -> None:
    tx.execute(
        insert(endpoints).values(
            lender_id=tx.lender_id,
            endpoint_id=endpoint_id,
            url=url,
            patterns=patterns,
            secret=tx.seal(column="endpoints.secret", row=endpoint_id, text=secret),
            ed25519_key=_seal_key(tx, endpoint_id, private_key),
            is_ordered=is_ordered,
            state="active",
            failures=0,
            created_at=now,
        )
    )


def update_endpoint(
    tx: Transaction, *, endpoint_id: UUID, url: str, patterns: list[str], is_ordered: bool
) -> None:
    tx.execute(_change(tx, endpoint_id).values(url=url, patterns=patterns, is_ordered=is_ordered))


def set_private_key(tx: Transaction, *, endpoint_id: UUID, private_key: str | None) -> None:
    tx.execute(_change(tx, endpoint_id).values(ed25519_key=_seal_key(tx, endpoint_id, private_key)))


def rotate_secret(tx: Transaction, *, endpoint_id: UUID, secret: str, previous_until: datetime) -> None:
    """Put a new secret in; the one before signs beside it until `previous_until`.

    The two columns are sealed with their own names, so the old secret is opened and sealed again.
    """
    old = tx.execute(
        select(endpoints.c.secret)
        .where(endpoints.c.lender_id == tx.lender_id, endpoints.c.endpoint_id == endpoint_id)
        .with_for_update()
    ).scalar_one()
    text = tx.unseal(column="endpoints.secret", row=endpoint_id, sealed=bytes(old))
    tx.execute(
        _change(tx, endpoint_id).values(
            secret=tx.seal(column="endpoints.secret", row=endpoint_id, text=secret),
            previous_secret=tx.seal(column="endpoints.previous_secret", row=endpoint_id, text=text),
            previous_until=previous_until,
        )
    )


def enable(tx: Transaction, *, endpoint_id: UUID) -> bool:
    """Let deliveries flow again; False when they do already. What was waiting is due now."""
    change = _change(tx, endpoint_id).where(endpoints.c.state == "disabled")
    fresh = {"state": "active", "disabled_reason": None, "failing_since": None, "slow_until": None}
    return tx.execute(change.values(**fresh, failures=0, warned_at=None)).rowcount == 1


def disable(tx: Transaction, *, endpoint_id: UUID, reason: str) -> bool:
    """Stop deliveries to an endpoint; False when they are stopped already. Its events keep waiting."""
    change = _change(tx, endpoint_id).where(endpoints.c.state == "active")
    return tx.execute(change.values(state="disabled", disabled_reason=reason)).rowcount == 1


def find_endpoint(tx: Transaction, endpoint_id: UUID) -> Endpoint | None:
    row = tx.execute(
        select(*_SHOWN).where(endpoints.c.lender_id == tx.lender_id, endpoints.c.endpoint_id == endpoint_id)
    ).one_or_none()
    return None if row is None else _endpoint(row)


def list_endpoints(tx: Transaction) -> list[Endpoint]:
    rows = tx.execute(
        select(*_SHOWN).where(endpoints.c.lender_id == tx.lender_id).order_by(endpoints.c.endpoint_id)
    ).all()
    return [_endpoint(row) for row in rows]


def read_private_key(tx: Transaction, endpoint_id: UUID) -> str | None:
    """Read the private key of an endpoint, from which its public half is shown; None when it has none."""
    sealed = tx.execute(
        select(endpoints.c.ed25519_key).where(
            endpoints.c.lender_id == tx.lender_id, endpoints.c.endpoint_id == endpoint_id
        )
    ).scalar_one_or_none()
    return _open_key(tx, endpoint_id, sealed)


def list_receivers(tx: Transaction, *, now: datetime) -> list[Receiver]:
    """List the endpoints that may be sent to now: active, and not resting."""
    rows = tx.execute(
        select(endpoints).where(
            endpoints.c.lender_id == tx.lender_id,
            endpoints.c.state == "active",
            or_(endpoints.c.slow_until.is_(None), endpoints.c.slow_until <= now),
        )
    ).all()
    return [_receiver(tx, row, now) for row in rows]


def record_success(tx: Transaction, *, endpoint_id: UUID) -> None:
    change = _change(tx, endpoint_id).where(endpoints.c.failing_since.is_not(None))
    tx.execute(change.values(failing_since=None, slow_until=None, failures=0, warned_at=None))


def record_failure(
    tx: Transaction, *, endpoint_id: UUID, failing_since: datetime, failures: int, slow_until: datetime | None
) -> None:
    """Keep since when and how often in a row an endpoint did not take anything, and until when it rests.

    The figures are the loop's; a second loop may have written its own meanwhile. Either is near enough for a breaker.
    """
    rest = {} if slow_until is None else {"slow_until": slow_until}
    tx.execute(_change(tx, endpoint_id).values(failing_since=failing_since, failures=failures, **rest))


def end_rest(tx: Transaction, *, endpoint_id: UUID) -> None:
    """Let an endpoint that rests be tried at once, because somebody asked for it."""
    tx.execute(_change(tx, endpoint_id).where(endpoints.c.slow_until.is_not(None)).values(slow_until=None))


def record_warning(tx: Transaction, *, endpoint_id: UUID, now: datetime) -> bool:
    """Note that the lender is being warned about an endpoint; False when it was, since it last took something."""
    change = _change(tx, endpoint_id).where(endpoints.c.warned_at.is_(None))
    return tx.execute(change.values(warned_at=now)).rowcount == 1


def _change(tx: Transaction, endpoint_id: UUID) -> Any:
    return update(endpoints).where(
        endpoints.c.lender_id == tx.lender_id, endpoints.c.endpoint_id == endpoint_id
    )


def _seal_key(tx: Transaction, endpoint_id: UUID, private_key: str | None) -> bytes | None:
    return tx.seal_optional(column="endpoints.ed25519_key", row=endpoint_id, text=private_key)


def _open_key(tx: Transaction, endpoint_id: UUID, sealed: bytes | None) -> str | None:
    return (
        None
        if sealed is None
        else tx.unseal(column="endpoints.ed25519_key", row=endpoint_id, sealed=bytes(sealed))
    )


def _endpoint(row: Row[Any]) -> Endpoint:
    return Endpoint(**{**row._mapping, "patterns": tuple(row.patterns)})


def _receiver(tx: Transaction, row: Row[Any], now: datetime) -> Receiver:
    secrets = [tx.unseal(column="endpoints.secret", row=row.endpoint_id, sealed=bytes(row.secret))]
    if row.previous_secret is not None and row.previous_until is not None and now < row.previous_until:
        old = bytes(row.previous_secret)
        secrets.append(tx.unseal(column="endpoints.previous_secret", row=row.endpoint_id, sealed=old))
    private_key = _open_key(tx, row.endpoint_id, row.ed25519_key)
    return Receiver(
        endpoint_id=row.endpoint_id,
        url=row.url,
        secrets=tuple(secrets),
        private_keys=() if private_key is None else (private_key,),
        is_ordered=row.is_ordered,
        failures=row.failures,
        failing_since=row.failing_since,
        warned_at=row.warned_at,
    )
