"""What is kept of an import: the file's digest, how it was read, the counts, and each row that was sent back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Update, insert, select, update

from portal.core.imports.faults import Fault
from portal.store.tables.debtors import import_rejects, imports
from portal.store.tables.lenders import lender_keys
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Import:
    """One file as it was read; `kind` says what it holds (`core.imports.columns.KINDS`).

    `state` is waiting, running, finished, checked (a dry run), refused (the file as a whole) or undone.
    """

    import_id: UUID
    kind: str
    file_digest: bytes
    file_name: str
    state: str
    counts: Mapping[str, Any]
    mapping: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Reject:
    """One fault of one row, unsealed: its value may be personal data."""

    row_number: int
    fault: Fault


_IMPORT = (
    imports.c.import_id,
    imports.c.kind,
    imports.c.file_digest,
    imports.c.file_name,
    imports.c.state,
    imports.c.counts,
    imports.c.mapping,
    imports.c.started_at,
    imports.c.finished_at,
)
_FAULTS_OF_A_ROW_MAX = 24


def take_turn(tx: Transaction) -> None:
    """Wait until no other import of this lender runs; the turn ends with the transaction.

    In it the planner plans for any lender, not for this one: of a lender that is newer than the statistics it
    believes that it has one row, and would look each reference up among all of the lender's rows (measured: 8×).
    """
    tx.connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    tx.execute(
        select(lender_keys.c.key_id)
        .where(lender_keys.c.lender_id == tx.lender_id, lender_keys.c.key_id == 1)
        .with_for_update()
    )


def start_import(
    tx: Transaction,
    *,
    import_id: UUID,
    file_digest: bytes,
    file_name: str,
    mapping: Mapping[str, Any],
    now: datetime,
    state: str = "running",
    kind: str = "accounts",
) -> None:
    """Save an import that begins, or one that waits for a worker (`waiting`)."""
    tx.execute(
        insert(imports).values(
            lender_id=tx.lender_id,
            import_id=import_id,
            kind=kind,
            file_digest=file_digest,
            file_name=file_name,
            state=state,
            counts={},
            mapping=dict(mapping),
            started_at=now,
        )
    )


def begin_import(tx: Transaction, *, import_id: UUID, file_digest: bytes) -> None:
    """Say which bytes an import that had waited reads."""
    tx.execute(_own(tx, import_id).values(file_digest=file_digest, state="running"))


def mark_progress(
    tx: Transaction, *, import_id: UUID, rows: int, counts: Mapping[str, Any] | None = None
) -> None:
    """Say how many rows of a running import were read so far; `counts` is what became of them, where it is kept."""
    tx.execute(
        _own(tx, import_id)
        .where(imports.c.state.in_(["waiting", "running"]))
        .values(state="running", counts={"rows": rows, **(counts or {})})
    )


def move_import(tx: Transaction, *, import_id: UUID, before: str, after: str, now: datetime) -> bool:
    """Move an import's state by compare-and-set; False when it was not in `before`."""
    step = _own(tx, import_id).where(imports.c.state == before).values(state=after, finished_at=now)
    return tx.execute(step).rowcount == 1


def _own(tx: Transaction, import_id: UUID) -> Update:
    return update(imports).where(imports.c.lender_id == tx.lender_id, imports.c.import_id == import_id)


def finish_import(
    tx: Transaction,
    *,
    import_id: UUID,
    state: str,
    counts: Mapping[str, Any],
    mapping: Mapping[str, Any],
    now: datetime,
) -> None:
    tx.execute(
        update(imports)
        .where(imports.c.lender_id == tx.lender_id, imports.c.import_id == import_id)
        .values(state=state, counts=dict(counts), mapping=dict(mapping), finished_at=now)
    )


def find_import(tx: Transaction, *, import_id: UUID) -> Import | None:
    row = tx.execute(
        select(*_IMPORT).where(imports.c.lender_id == tx.lender_id, imports.c.import_id == import_id)
    ).one_or_none()
    return None if row is None else _import(row)


def lock_import(tx: Transaction, *, import_id: UUID) -> Import | None:
    """Lock an import's row until the commit, then load it."""
    row = tx.execute(
        select(*_IMPORT)
        .where(imports.c.lender_id == tx.lender_id, imports.c.import_id == import_id)
        .with_for_update()
    ).one_or_none()
    return None if row is None else _import(row)


def find_last_of_file(tx: Transaction, *, file_digest: bytes) -> Import | None:
    """Find the last finished import of the same bytes."""
    row = tx.execute(
        select(*_IMPORT)
        .where(
            imports.c.lender_id == tx.lender_id,
            imports.c.file_digest == file_digest,
            imports.c.state == "finished",
        )
        .order_by(imports.c.started_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _import(row)


def find_last_mapping(tx: Transaction, *, kind: str = "accounts") -> dict[str, str]:
    """Find the header mapping of the last import of a kind that had one; empty when none had."""
    found = tx.execute(
        select(imports.c.mapping["columns"])
        .where(
            imports.c.lender_id == tx.lender_id,
            imports.c.state == "finished",
            imports.c.kind == kind,
            imports.c.mapping["columns"] != {},
        )
        .order_by(imports.c.started_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return dict(found) if found else {}


def list_page(tx: Transaction, *, before: UUID | None = None, limit: int = 50) -> list[Import]:
    """List imports, newest first, from before the import `before` on (keyset page)."""
    wanted = select(*_IMPORT).where(imports.c.lender_id == tx.lender_id)
    if before is not None:
        wanted = wanted.where(imports.c.import_id < before)
    return [_import(row) for row in tx.execute(wanted.order_by(imports.c.import_id.desc()).limit(limit))]


def _import(row: Row[Any]) -> Import:
    return Import(**row._mapping)


def save_rejects(tx: Transaction, *, import_id: UUID, rows: Iterable[tuple[int, Iterable[Fault]]]) -> None:
    """Save why rows were sent back; what stood in their cells is sealed."""
    batch = [
        {
            "lender_id": tx.lender_id,
            "import_id": import_id,
            "row_number": number,
            "position": position,
            "column_name": fault.column,
            "reason": fault.reason,
            "details": tx.seal(
                column="import_rejects.details",
                row=f"{import_id}:{number}:{position}",
                text=json.dumps({"value": fault.value, "params": dict(fault.params)}, ensure_ascii=False),
            ),
        }
        for number, faults in rows
        for position, fault in zip(range(1, _FAULTS_OF_A_ROW_MAX + 1), faults, strict=False)
    ]
    if batch:
        tx.execute(insert(import_rejects), batch)


def list_rejects(tx: Transaction, *, import_id: UUID, after_row: int = 0, limit: int = 20) -> list[Reject]:
    """List the faults of the first rows after `after_row`, at most `limit` faults, in the order of the file."""
    rows = tx.execute(
        select(
            import_rejects.c.row_number,
            import_rejects.c.position,
            import_rejects.c.column_name,
            import_rejects.c.reason,
            import_rejects.c.details,
        )
        .where(
            import_rejects.c.lender_id == tx.lender_id,
            import_rejects.c.import_id == import_id,
            import_rejects.c.row_number > after_row,
        )
        .order_by(import_rejects.c.row_number, import_rejects.c.position)
        .limit(limit)
    )
    return [_reject(tx, import_id, row) for row in rows]


def walk_rejects(tx: Transaction, *, import_id: UUID, batch: int = 1000) -> Iterator[Reject]:
    """Walk over every fault of an import in pages, so that memory does not grow with their number."""
    after = -1  # row 0 is the file as a whole
    size = max(batch, 2 * _FAULTS_OF_A_ROW_MAX)  # so that no page holds a part of one row only
    while True:
        page = list_rejects(tx, import_id=import_id, after_row=after, limit=size)
        if len(page) < size:
            yield from page
            return
        last = page[-1].row_number
        whole = [one for one in page if one.row_number < last]  # the last row may go on in the next page
        yield from whole
        after = whole[-1].row_number


def _reject(tx: Transaction, import_id: UUID, row: Row[Any]) -> Reject:
    place = f"{import_id}:{row.row_number}:{row.position}"
    details = json.loads(tx.unseal(column="import_rejects.details", row=place, sealed=row.details))
    fault = Fault(row.column_name, row.reason, details["value"], details["params"])
    return Reject(row_number=row.row_number, fault=fault)
