"""A file that waits to be imported: sealed in pieces, so that no process needs all of it at once."""

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select

from portal.store.tables.debtors import import_files, imports
from portal.store.work import Transaction

PIECE_BYTES = 256 * 1024
_COLUMN = "import_files.content"


def save_file(tx: Transaction, *, import_id: UUID, pieces: Iterable[bytes]) -> int:
    """Seal and save the pieces of a file in their order; gives its size in bytes."""
    size = 0
    for position, piece in enumerate(pieces):
        sealed = tx.seal(column=_COLUMN, row=f"{import_id}:{position}", text=base64.b64encode(piece).decode())
        tx.execute(
            insert(import_files).values(
                lender_id=tx.lender_id, import_id=import_id, position=position, content=sealed
            )
        )
        size += len(piece)
    return size


def walk_file(tx: Transaction, *, import_id: UUID) -> Iterator[bytes]:
    """Open the pieces of a file one by one; nothing when it is not kept any more."""
    position = 0
    while (sealed := _piece(tx, import_id, position)) is not None:
        yield base64.b64decode(tx.unseal(column=_COLUMN, row=f"{import_id}:{position}", sealed=sealed))
        position += 1


def is_kept(tx: Transaction, *, import_id: UUID) -> bool:
    """Tell whether a file is still there."""
    return _piece(tx, import_id, 0) is not None


def _piece(tx: Transaction, import_id: UUID, position: int) -> bytes | None:
    found = select(import_files.c.content).where(
        import_files.c.lender_id == tx.lender_id,
        import_files.c.import_id == import_id,
        import_files.c.position == position,
    )
    content: bytes | None = tx.execute(found).scalar_one_or_none()
    return content


def forget_old_files(tx: Transaction, *, before: datetime) -> int:
    """Delete the files of imports that began before a time and wait for nobody: looked at and never confirmed."""
    old = select(imports.c.import_id).where(
        imports.c.lender_id == tx.lender_id,
        imports.c.started_at < before,
        imports.c.state.not_in(["waiting", "running"]),
    )
    return tx.execute(
        delete(import_files).where(
            import_files.c.lender_id == tx.lender_id, import_files.c.import_id.in_(old)
        )
    ).rowcount


def forget_file(tx: Transaction, *, import_id: UUID) -> None:
    """Delete a file that is not needed any more."""
    tx.execute(
        delete(import_files).where(
            import_files.c.lender_id == tx.lender_id, import_files.c.import_id == import_id
        )
    )
