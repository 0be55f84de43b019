"""The data keys of lenders, and every sealed value: which key sealed it, and how it gets under the newest one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, insert, select, tuple_, update

from portal.store.cipher import WrappedKey, key_of
from portal.store.tables import metadata, tenant_tables
from portal.store.tables.lenders import lender_keys
from portal.store.work import SharedTransaction, Transaction

PAGE = 500


def list_wrapped(tx: Transaction) -> list[WrappedKey]:
    """List the lender's data keys as they are kept."""
    named = (lender_keys.c[name] for name in WrappedKey.__dataclass_fields__)
    rows = tx.execute(
        select(*named).where(lender_keys.c.lender_id == tx.lender_id).order_by(lender_keys.c.key_id)
    )
    return [WrappedKey(**row._mapping) for row in rows]


def save_key(tx: Transaction, key: WrappedKey, *, now: datetime) -> None:
    """Add a data key; raises sqlalchemy.exc.IntegrityError when its number is taken."""
    tx.execute(insert(lender_keys).values(lender_id=tx.lender_id, created_at=now, **vars(key)))


def use_digest_keys(tx: Transaction) -> int:
    """Let digests be written with the newest key from now on; gives how many keys waited for that."""
    step = update(lender_keys).where(
        lender_keys.c.lender_id == tx.lender_id,
        lender_keys.c.purpose == "digest",
        lender_keys.c.is_in_use.is_(False),
    )
    return tx.execute(step.values(is_in_use=True)).rowcount


def save_rewrapped(tx: Transaction, *, before: WrappedKey, after: WrappedKey) -> bool:
    """Save the same data key under another wrap; False when it was changed meanwhile."""
    step = update(lender_keys).where(
        lender_keys.c.lender_id == tx.lender_id,
        lender_keys.c.key_id == before.key_id,
        lender_keys.c.wrapped == before.wrapped,
    )
    return tx.execute(step.values(algorithm=after.algorithm, wrapped=after.wrapped)).rowcount == 1


def sealed_columns(*, shared: bool = False) -> list[tuple[Table, Column[Any]]]:
    """List every column that holds sealed values: those of lenders, or the few of shared tables."""
    if shared:
        return [(metadata.tables[table], metadata.tables[table].c[name]) for table, name in _SHARED]
    return [
        (metadata.tables[name], column)
        for name in tenant_tables
        for column in metadata.tables[name].columns
        if column.info.get("is_sealed")
    ]


_SHARED = (
    ("providers", "webhook_secret"),
    ("agency_staff", "totp_secret"),
    ("provider_staff", "totp_secret"),
    ("guest_answers", "body"),
)


def reseal_page(
    tx: Transaction, table: Table, column: Column[Any], *, after: Row[Any] | None
) -> tuple[int, Row[Any] | None]:
    """Put the values of one page of a lender's column under the newest key; gives how many and the last row's key.

    A value that changes meanwhile is left alone: whoever changed it sealed it anew.
    """
    own = [one for one in table.primary_key.columns if one.name != "lender_id"]
    wanted = select(*own, column.label("sealed")).where(table.c.lender_id == tx.lender_id)
    if after is not None:
        wanted = wanted.where(tuple_(*own) > tuple(after)[: len(own)])
    rows = tx.execute(wanted.order_by(*own).limit(PAGE)).all()
    changed = 0
    for row in rows:
        if row.sealed is None or key_of(row.sealed) == tx.newest_key:
            continue
        named = {"column": f"{table.name}.{column.name}", "row": row_label(row[: len(own)])}
        fresh = tx.seal(**named, text=tx.unseal(**named, sealed=row.sealed))
        same = [one == value for one, value in zip(own, row, strict=False)]
        step = update(table).where(table.c.lender_id == tx.lender_id, *same, column == row.sealed)
        changed += tx.execute(step.values({column.name: fresh})).rowcount
    return changed, rows[-1] if rows else None


def digest_columns() -> list[tuple[Table, Column[Any]]]:
    """List every column of lenders that holds digests which follow the key in use."""
    return [
        (metadata.tables[name], column)
        for name in tenant_tables
        for column in metadata.tables[name].columns
        if column.info.get("is_digest")
    ]


def renew_page(
    tx: Transaction, table: Table, column: Column[Any], *, after: Row[Any] | None
) -> tuple[int, Row[Any] | None]:
    """Bring the digests of one page of a lender's column under the key in use; gives how many and the last row's key.

    A digest that changes meanwhile is left alone. Where the digest is part of the row's key, what was brought forward
    may come by again and is then as it should be.
    """
    own = [one for one in table.primary_key.columns if one.name != "lender_id"]
    wanted = select(*own, column.label("kept")).where(table.c.lender_id == tx.lender_id)
    if after is not None:
        wanted = wanted.where(tuple_(*own) > tuple(after)[: len(own)])
    rows = tx.execute(wanted.order_by(*own).limit(PAGE)).all()
    changed = 0
    for row in rows:
        if row.kept is None or (fresh := tx.renew_digest(row.kept)) == row.kept:
            continue
        same = [one == value for one, value in zip(own, row, strict=False)]
        step = update(table).where(table.c.lender_id == tx.lender_id, *same, column == row.kept)
        changed += tx.execute(step.values({column.name: fresh})).rowcount
    return changed, rows[-1] if rows else None


def reseal_shared(tx: SharedTransaction) -> int:
    """Put the sealed values of shared tables under the current master key; gives how many."""
    changed = 0
    for table, column in sealed_columns(shared=True):
        (own,) = table.primary_key.columns
        for row in tx.execute(select(own, column.label("sealed")).where(column.is_not(None))).all():
            named = {"column": f"{table.name}.{column.name}", "row": row_label(row[:1])}
            fresh = tx.seal(**named, text=tx.unseal(**named, sealed=row.sealed))
            step = update(table).where(own == row[0], column == row.sealed)
            changed += tx.execute(step.values({column.name: fresh})).rowcount
    return changed


def row_label(parts: Any) -> str:
    """Write the key of a row as it stands in the associated data of its sealed values."""
    return ":".join(part.hex() if isinstance(part, bytes) else str(part) for part in parts)


def next_key_id(keys: list[WrappedKey]) -> int:
    """Give the next number of a lender's keys."""
    return max(key.key_id for key in keys) + 1
