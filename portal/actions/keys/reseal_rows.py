"""Old values are put under the newest key, a page and a transaction at a time, while the lender is served."""

from collections.abc import Iterator

from portal.store import keys
from portal.store.work import Database, Work


def reseal_rows(work: Work) -> Iterator[tuple[str, int]]:
    """Put every sealed value of a lender under its newest key; gives each column and how many were changed.

    Safe to break off and to run again: a value that is under the newest key already is left alone.
    """
    work.refresh_keys()
    for table, column in keys.sealed_columns():
        changed, after = 0, None
        while True:
            with work.begin() as tx:
                count, after = keys.reseal_page(tx, table, column, after=after)
            changed += count
            if after is None:
                break
        yield f"{table.name}.{column.name}", changed


def rewrap_keys(work: Work, database: Database) -> int:
    """Wrap a lender's data keys anew with the current master key; gives how many. What they sealed is not touched."""
    with work.begin() as tx:
        changed = 0
        for key in keys.list_wrapped(tx):
            opened = database.master_key.unwrap(key, lender_id=tx.lender_id)
            fresh = database.master_key.wrap(
                opened, lender_id=tx.lender_id, key_id=key.key_id, purpose=key.purpose
            )
            changed += keys.save_rewrapped(tx, before=key, after=fresh)
    return changed


def reseal_shared(database: Database) -> int:
    """Put the sealed values of shared tables under the current master key; gives how many."""
    with database.shared().begin() as tx:
        return keys.reseal_shared(tx)
