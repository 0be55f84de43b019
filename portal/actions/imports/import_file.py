"""The one door of files: opened, told apart by what they hold, imported."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from portal.actions.accounts.import_accounts import ImportOutcome, import_accounts
from portal.actions.imports.import_acts import import_acts
from portal.core.actors import Actor
from portal.core.imports.columns import ACCOUNTS
from portal.core.imports.files import Options, Places
from portal.gateways.tables.opening import open_table
from portal.gateways.tables.shapes import Table, TableError
from portal.store.imports import Import
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file with what its sender states of it, who sent it, and when it is read."""

    file: BinaryIO
    name: str
    options: Options
    places: Places
    actor: Actor
    now: datetime

    def open(self) -> Table:
        """Open it from its start; raises TableError."""
        return open_table(
            self.file,
            name=self.name,
            columns=self.options.holds.columns,
            encoding=self.options.encoding,
            separator=self.options.separator,
        )


def import_file(
    work: Work,
    bulk: Work,
    sent: SentFile,
    *,
    kept: Import | None = None,
    on_open: Callable[[bytes], None] = lambda _digest: None,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> ImportOutcome:
    """Import a file of any kind; accounts by `bulk`, the bulk role's unit of work, acts one by one by `work`.

    `kept` is an import that waited for a worker; `on_open` hears the digest of its bytes, `on_rows` how many rows were
    read so far.
    """
    try:
        table = sent.open()
    except TableError as error:
        return ImportOutcome(state="refused", refused=error.fault)
    on_open(table.digest)
    shared: dict[str, Any] = {name: getattr(sent, name) for name in ("options", "places", "actor", "now")} | {
        "table": table,
        "on_rows": on_rows,
    }
    if sent.options.holds is ACCOUNTS:
        return import_accounts(bulk, import_id=kept.import_id if kept else None, **shared)
    return import_acts(work, again=sent.open, kept=kept, **shared)
