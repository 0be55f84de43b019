from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any
from uuid import UUID

from portal.actions.accounts.change_accounts import change_accounts
from portal.actions.accounts.take_rows import Batch, Taken, take_rows
from portal.core.actors import Actor
from portal.core.imports.faults import Fault
from portal.core.imports.files import SEEN_ROWS_MAX, Options, Places, Reading, plan_reading
from portal.core.imports.rows import RowReader
from portal.gateways.tables.shapes import Row, Table, TableError
from portal.store import events, imports, staged_changes, staging
from portal.store.lenders import list_creditors
from portal.store.work import Transaction, Work

ROWS_AT_ONCE = 2_000
SHOWN_MAX = 10_000
_TOLD = ("rows", "created", "updated", "unchanged", "kept", "rejected", "missing")


@dataclass(frozen=True, kw_only=True)
class ImportOutcome:
    """What became of a file.

    `state` is finished, checked (a dry run: nothing was kept) or refused (`refused` says why; nothing was kept).
    `rejects` are the rows sent back and those kept as they were, with their numbers, at most `SHOWN_MAX`; all of
    them stand in the store when the import is finished.
    """

    state: str
    import_id: UUID | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)
    rejects: tuple[tuple[int, Fault], ...] = ()
    refused: Fault | None = None
    before: datetime | None = None


class _DryRunError(Exception):
    """Leaves the transaction of a dry run so that nothing is kept."""


def import_accounts(
    work: Work,
    *,
    table: Table,
    options: Options,
    places: Places,
    actor: Actor,
    now: datetime,
    import_id: UUID | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> ImportOutcome:
    """Import a file of accounts: every good row whole, every other row sent back with its reason.

    `work` is of the bulk role. One transaction: a file that turns out to be broken at its end leaves nothing behind.
    The same file again changes nothing (`before` says when it was first read). A signed plan, a recalled and a
    settled account are kept as they are and reported. `import_id` names one that waited; `on_rows` hears how many rows
    were read so far. Raises sqlalchemy.exc.DBAPIError when the database refuses.
    """
    run = _Run(table=table, options=options, now=now, waited=import_id, on_rows=on_rows)
    try:
        with work.begin() as tx:
            imports.take_turn(tx)
            outcome = run.through(tx, places=places, actor=actor)
            _keep_unless(options.is_dry_run or outcome.refused is not None)
    except _DryRunError:
        return outcome
    except TableError as error:
        return ImportOutcome(state="refused", refused=error.fault)
    return outcome


def _keep_unless(is_only_looked_at: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if is_only_looked_at:
        raise _DryRunError


class _Run:
    """One file on its way through one transaction."""

    def __init__(
        self,
        *,
        table: Table,
        options: Options,
        now: datetime,
        waited: UUID | None,
        on_rows: Callable[[int], None],
    ) -> None:
        self.waited, self.on_rows = waited, on_rows
        self.last_row, self.missing = 0, dict[str, int]()
        self.table = table
        self.options = options
        self.now = now
        self.taken = Taken()
        self.shown: list[tuple[int, Fault]] = []

    def through(self, tx: Transaction, *, places: Places, actor: Actor) -> ImportOutcome:
        head = list(islice(self.table.rows, SEEN_ROWS_MAX))
        plan = plan_reading(
            header=self.table.header,
            head=[cells for _, cells in head if isinstance(cells, list)],
            options=self.options,
            remembered=imports.find_last_mapping(tx),
            places=places,
        )
        if isinstance(plan, Fault):
            return ImportOutcome(state="refused", refused=plan)
        import_id = self.waited or tx.new_id()
        before = imports.find_last_of_file(tx, file_digest=self.table.digest)
        self._start(tx, import_id)
        self._take(tx, import_id, plan, chain(head, self.table.rows))
        kept = change_accounts(tx, import_id=import_id, actor=actor, now=self.now)
        self.taken.kept, self.taken.updated = len(kept), self.taken.updated - len(kept)
        self._send_back(tx, import_id, kept)
        if self.options.is_whole:
            self._report_missing(tx, import_id)
        if before is None:
            staged_changes.confirm_unchanged(tx, import_id=import_id, now=self.now)
        staging.forget_staged(tx, import_id=import_id)
        self._finish(tx, import_id, plan, actor)
        return ImportOutcome(
            state="checked" if self.options.is_dry_run else "finished",
            import_id=None if self.options.is_dry_run else import_id,
            counts=self.taken.counts() | self.missing,
            reading=self._reading(plan),
            rejects=tuple(self.shown),
            before=before.started_at if before else None,
        )

    def _start(self, tx: Transaction, import_id: UUID) -> None:
        if self.waited is not None:
            return  # its row is there, and must stay unlocked: how far it is is told there meanwhile
        imports.start_import(
            tx,
            import_id=import_id,
            file_digest=self.table.digest,
            file_name=self.table.name[:200],
            mapping={"columns": dict(self.options.mapping)},
            now=self.now,
        )

    def _take(self, tx: Transaction, import_id: UUID, plan: Reading, rows: Iterator[Row]) -> None:
        creditors = {one.brand_name: one.creditor_id for one in list_creditors(tx)}
        creditors |= {one.creditor_ref: one.creditor_id for one in list_creditors(tx)}
        if not isinstance(plan.reader, RowReader):
            raise TypeError("only files of accounts are imported whole")
        batch = Batch(import_id=import_id, reader=plan.reader, creditors=creditors, now=self.now)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            self.last_row = some[-1][0]
            self._send_back(tx, import_id, take_rows(tx, batch=batch, rows=some, taken=self.taken))
            self.on_rows(self.taken.rows)

    def _report_missing(self, tx: Transaction, import_id: UUID) -> None:
        """Report the open accounts that a whole file lacks, numbered after its last row; nothing happens to them."""
        number, last, missing = self.last_row, "", 0
        while refs := staged_changes.list_missing(tx, import_id=import_id, after=last, limit=ROWS_AT_ONCE):
            last, missing = refs[-1], missing + len(refs)
            faults = [
                (number + place, [Fault("account_ref", "kept.missing", ref)])
                for place, ref in enumerate(refs, 1)
            ]
            number += len(refs)
            self._send_back(tx, import_id, faults)
        self.missing = {"missing": missing}

    def _send_back(self, tx: Transaction, import_id: UUID, faults: Sequence[tuple[int, list[Fault]]]) -> None:
        if not self.options.is_dry_run:
            imports.save_rejects(tx, import_id=import_id, rows=faults)
        room = SHOWN_MAX - len(self.shown)
        self.shown += islice(((number, one) for number, some in faults for one in some), room)

    def _finish(self, tx: Transaction, import_id: UUID, plan: Reading, actor: Actor) -> None:
        counts = self.taken.counts() | self.missing
        imports.finish_import(
            tx,
            import_id=import_id,
            state="finished",
            counts=counts,
            mapping={"columns": dict(self.options.mapping), **self._reading(plan)},
            now=self.now,
        )
        tell_finished(
            tx,
            import_id=import_id,
            kind=self.options.kind,
            digest=self.table.digest,
            counts=counts,
            actor=actor,
            now=self.now,
        )

    def _reading(self, plan: Reading) -> dict[str, Any]:
        return reading_of(self.table, self.options, plan)


def tell_finished(
    tx: Transaction,
    *,
    import_id: UUID,
    kind: str,
    digest: bytes,
    counts: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    """Tell that a file was read: what it held, its digest, and what became of its rows."""
    told = {name: counts[name] for name in _TOLD if name in counts}
    payload = {"id": f"imp_{import_id}", "kind": kind, "file_digest": digest.hex(), **told}
    events.append(tx, type="import.finished", actor=actor, at=now, payload=payload)


def reading_of(table: Table, options: Options, plan: Reading) -> dict[str, Any]:
    """Return how a file was read, for its sender: what was stated, and what was seen in it instead."""
    return {
        "kind": table.kind,
        "encoding": table.encoding,
        "separator": table.separator,
        "date_order": options.date_order,
        "decimal": plan.decimal,
        "detected": [*table.detected, *(["decimal"] if plan.is_decimal_seen else [])],
        "ignored_columns": list(plan.header.ignored),
    }
