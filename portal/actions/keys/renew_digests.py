"""Look-up digests follow a new key while the lender is served; nobody needs the texts for that."""

from collections.abc import Iterator

from portal.store import imports, keys
from portal.store.work import Work


def use_new_digests(work: Work) -> int:
    """Let digests be written with the newest key; gives how many keys waited for that.

    To be called when every process knows that key: `work.CIPHER_SECONDS` after `rotate_keys` at the earliest. From
    then on each process finds what any other one writes.
    """
    with work.begin() as tx:
        waited = keys.use_digest_keys(tx)
    work.refresh_keys()
    return waited


def renew_digests(work: Work) -> Iterator[tuple[str, int]]:
    """Bring every kept digest of a lender under the key in use; gives each column and how many were changed.

    A page and a transaction at a time, never in the middle of an import, which compares digests. To be called
    `work.CIPHER_SECONDS` after `use_new_digests` at the earliest. Safe to break off and to run again.
    """
    work.refresh_keys()
    for table, column in keys.digest_columns():
        changed, after = 0, None
        while True:
            with work.begin() as tx:
                imports.take_turn(tx)
                count, after = keys.renew_page(tx, table, column, after=after)
            changed += count
            if after is None:
                break
        yield f"{table.name}.{column.name}", changed
