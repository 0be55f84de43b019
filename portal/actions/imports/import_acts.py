"""A file whose rows are acts: each act a transaction of its own, so that no account waits for a long file.

The file is looked through first: one that cannot be read to its end does nothing. How far it is stands in the import
with what came back, so that a worker that takes over from one that died goes on there; an act in between, done and
not yet counted, is met again as done before.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from portal.actions.accounts.import_accounts import SHOWN_MAX, ImportOutcome, reading_of, tell_finished
from portal.actions.accounts.take_rows import Taken
from portal.actions.imports.apply_act import Teller, apply_act
from portal.core.actors import Actor
from portal.core.imports.acts import ActReader, ActRow, LineRow
from portal.core.imports.faults import Fault, is_kept
from portal.core.imports.files import SEEN_ROWS_MAX, Options, Places, Reading, plan_reading
from portal.gateways.tables.shapes import Row, Table, TableError
from portal.store import imports
from portal.store.imports import Import
from portal.store.rehearsal import Rehearsal
from portal.store.work import Work

SAVED_AFTER = 200
SAVED_SECONDS = 1.0
Faults = list[tuple[int, list[Fault]]]


def import_acts(
    work: Work,
    *,
    table: Table,
    again: Callable[[], Table],
    options: Options,
    places: Places,
    actor: Actor,
    now: datetime,
    kept: Import | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> ImportOutcome:
    """Import a file of transactions, lines or recalls: every good act done, every other row back with its reason.

    `table` is looked through, `again` opens it anew. The same file again changes nothing. A dry run looks at each act
    by itself and takes it back. `kept` is an import that waited, or that a worker had begun.
    """
    try:
        plan = _look_through(work, table, options, places)
        if isinstance(plan, Fault):
            return ImportOutcome(state="refused", refused=plan)
        run = _Run(work=work, options=options, actor=actor, now=now, kept=kept, on_rows=on_rows)
        return run.through(again(), plan)
    except TableError as error:
        return ImportOutcome(state="refused", refused=error.fault)


def _look_through(work: Work, table: Table, options: Options, places: Places) -> Reading | Fault:
    """Plan how the file is read, and read it to its end; raises TableError where it breaks."""
    head = list(islice(table.rows, SEEN_ROWS_MAX))
    with work.read() as tx:
        remembered = imports.find_last_mapping(tx, kind=options.kind)
    plan = plan_reading(
        header=table.header,
        head=[cells for _, cells in head if isinstance(cells, list)],
        options=options,
        remembered=remembered,
        places=places,
    )
    for _ in table.rows:
        pass
    return plan


@dataclass(kw_only=True)
class _Act:
    """The rows of one act: alone, or the lines of one account that stand one after the other."""

    rows: list[tuple[int, ActRow]]
    faults: Faults


def _acts(reader: ActReader, rows: Iterator[Row]) -> Iterator[_Act]:
    """Group the rows into acts; a row that cannot be read is an act without rows."""
    waiting: list[tuple[int, ActRow]] = []
    for number, cells in rows:
        found = [cells] if isinstance(cells, Fault) else reader.read(cells)
        row = None if isinstance(found, list) else found
        is_next = isinstance(row, LineRow) and waiting and waiting[-1][1].account_ref == row.account_ref
        if waiting and not is_next:
            yield _Act(rows=waiting, faults=[])
            waiting = []
        if row is None:
            yield _Act(rows=[], faults=[(number, found if isinstance(found, list) else [])])
        else:
            waiting.append((number, row))
    if waiting:
        yield _Act(rows=waiting, faults=[])


class _Run:
    """One file on its way."""

    def __init__(
        self,
        *,
        work: Work,
        options: Options,
        actor: Actor,
        now: datetime,
        kept: Import | None,
        on_rows: Callable[[int], None],
    ) -> None:
        self.work, self.options, self.actor, self.now = work, options, actor, now
        self.kept, self.on_rows = kept, on_rows
        self.teller = Teller(work=Rehearsal(work) if options.is_dry_run else work, actor=actor, now=now)
        self.taken = Taken() if options.is_dry_run or kept is None else _as_far_as(kept)
        self.shown: list[tuple[int, Fault]] = []
        self.unsaved: Faults = []
        self.import_id: UUID | None = None
        self.saved_at, self.saved_rows = time.monotonic(), self.taken.rows

    def through(self, table: Table, plan: Reading) -> ImportOutcome:
        if not isinstance(plan.reader, ActReader):
            raise TypeError("a file of accounts is imported whole")
        before = self._start(table)
        for act in _acts(plan.reader, islice(table.rows, self.taken.rows, None)):
            self._take(act)
            if self._is_time():
                self._save()
        self._save()
        reading = reading_of(table, self.options, plan)
        if self.import_id is not None:
            self._finish(self.import_id, table, reading)
        return ImportOutcome(
            state="checked" if self.options.is_dry_run else "finished",
            import_id=self.import_id,
            counts=self.taken.counts(),
            reading=reading,
            rejects=tuple(self.shown),
            before=before.started_at if before else None,
        )

    def _start(self, table: Table) -> Import | None:
        """Write the import down unless it is only a look or waited; gives the last one of the same file."""
        with self.work.begin() as tx:
            before = imports.find_last_of_file(tx, file_digest=table.digest)
            if self.options.is_dry_run:
                return before
            if self.kept is not None:
                self.import_id = self.kept.import_id
                return before
            self.import_id = tx.new_id()
            imports.start_import(
                tx,
                import_id=self.import_id,
                kind=self.options.kind,
                file_digest=table.digest,
                file_name=table.name[:200],
                mapping={"columns": dict(self.options.mapping)},
                now=self.now,
            )
        return before

    def _take(self, act: _Act) -> None:
        self.taken.rows += len(act.rows) or 1
        if not act.rows:
            self.taken.rejected += 1
            self._send_back(act.faults)
            return
        done = apply_act(self.teller, [row for _, row in act.rows])
        word = done if isinstance(done, str) else "kept" if is_kept(done) else "rejected"
        setattr(self.taken, word, getattr(self.taken, word) + len(act.rows))
        if isinstance(done, Fault):
            self._send_back([(number, [done]) for number, _ in act.rows])

    def _send_back(self, faults: Faults) -> None:
        self.unsaved += faults
        room = SHOWN_MAX - len(self.shown)
        self.shown += islice(((number, one) for number, some in faults for one in some), room)

    def _is_time(self) -> bool:
        is_late = time.monotonic() - self.saved_at >= SAVED_SECONDS
        return is_late or self.taken.rows - self.saved_rows >= SAVED_AFTER

    def _save(self) -> None:
        """Write down how far it is, with the rows that came back until there."""
        if self.import_id is None:
            self.on_rows(self.taken.rows)
        else:
            with self.work.begin() as tx:
                imports.save_rejects(tx, import_id=self.import_id, rows=self.unsaved)
                imports.mark_progress(
                    tx, import_id=self.import_id, rows=self.taken.rows, counts=self.taken.counts()
                )
        self.unsaved = []
        self.saved_at, self.saved_rows = time.monotonic(), self.taken.rows

    def _finish(self, import_id: UUID, table: Table, reading: dict[str, Any]) -> None:
        with self.work.begin() as tx:
            imports.finish_import(
                tx,
                import_id=import_id,
                state="finished",
                counts=self.taken.counts(),
                mapping={"columns": dict(self.options.mapping), **reading},
                now=self.now,
            )
            tell_finished(
                tx,
                import_id=import_id,
                kind=self.options.kind,
                digest=table.digest,
                counts=self.taken.counts(),
                actor=self.actor,
                now=self.now,
            )


def _as_far_as(kept: Import) -> Taken:
    """Give the counts with which a worker that died had got; nothing where none had begun."""
    known = vars(Taken())
    return Taken(**{name: value for name, value in kept.counts.items() if name in known})
