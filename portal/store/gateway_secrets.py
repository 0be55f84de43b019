"""The signing secrets of a lender's payment providers, sealed; the one before stays in force while it is rotated."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.store.tables.payments import gateway_secrets
from portal.store.work import Transaction


def save_secret(
    tx: Transaction, *, gateway: str, secret: str, previous_until: datetime, now: datetime
) -> None:
    """Save a provider's signing secret; the one before is accepted beside it until `previous_until`.

    The two columns are sealed with their own names, so the old secret is opened and sealed again.
    """
    before = secrets_in_force(tx, gateway=gateway, now=now)
    old = before[0] if before else None
    values = {
        "secret": tx.seal(column="gateway_secrets.secret", row=gateway, text=secret),
        "previous_secret": tx.seal_optional(column="gateway_secrets.previous_secret", row=gateway, text=old),
        "previous_until": previous_until if old else None,
        "changed_at": now,
    }
    fresh = insert(gateway_secrets).values(lender_id=tx.lender_id, gateway=gateway, **values)
    tx.execute(
        fresh.on_conflict_do_update(
            index_elements=["lender_id", "gateway"],
            set_={name: fresh.excluded[name] for name in values},
        )
    )


def secrets_in_force(tx: Transaction, *, gateway: str, now: datetime) -> tuple[str, ...]:
    """Give the secrets that a provider's message may be signed with, the newest first; empty when none is kept."""
    row = tx.execute(
        select(
            gateway_secrets.c.secret, gateway_secrets.c.previous_secret, gateway_secrets.c.previous_until
        ).where(gateway_secrets.c.lender_id == tx.lender_id, gateway_secrets.c.gateway == gateway)
    ).one_or_none()
    if row is None:
        return ()
    newest = tx.unseal(column="gateway_secrets.secret", row=gateway, sealed=bytes(row.secret))
    if row.previous_secret is None or row.previous_until is None or row.previous_until <= now:
        return (newest,)
    old = tx.unseal(column="gateway_secrets.previous_secret", row=gateway, sealed=bytes(row.previous_secret))
    return newest, old


def find_change(tx: Transaction, *, gateway: str) -> datetime | None:
    """Find when a provider's secret was changed last; None when none is kept."""
    return tx.execute(
        select(gateway_secrets.c.changed_at).where(
            gateway_secrets.c.lender_id == tx.lender_id, gateway_secrets.c.gateway == gateway
        )
    ).scalar_one_or_none()
