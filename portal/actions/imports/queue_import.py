"""A file is kept and waits for a worker: who sent it need not wait for a million rows."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from portal.core.actors import Actor
from portal.core.imports.files import Options
from portal.store import import_files, imports, jobs
from portal.store.import_files import PIECE_BYTES
from portal.store.work import Transaction, Work


def queue_import(
    work: Work,
    *,
    file: BinaryIO,
    name: str,
    options: Options,
    actor: Actor,
    now: datetime,
    import_id: UUID | None = None,
) -> UUID:
    """Keep a file, sealed, and put the job that reads it in the same transaction; gives the import's id.

    `import_id` is given by a sender who may send the same file again after a crash: it is kept once.
    """
    with work.begin() as tx:
        if import_id is not None and imports.find_import(tx, import_id=import_id) is not None:
            return import_id
        import_id = import_id or tx.new_id()
        wish = options.as_wish()
        stated = {"columns": wish["mapping"], "wish": {**wish, "actor": actor.as_payload()}}
        imports.start_import(
            tx,
            import_id=import_id,
            file_digest=b"",
            file_name=name[:200],
            mapping=stated,
            now=now,
            state="waiting",
            kind=options.kind,
        )
        import_files.save_file(tx, import_id=import_id, pieces=_pieces(file))
        _call_worker(tx, import_id)
    return import_id


def confirm_import(work: Work, *, import_id: UUID, actor: Actor, now: datetime) -> UUID | None:
    """Import a file that was only looked at: the same file, as it was read, now for good; None when it cannot be."""
    with work.begin() as tx:
        looked = imports.lock_import(tx, import_id=import_id)
        if looked is None or looked.state != "checked" or not import_files.is_kept(tx, import_id=import_id):
            return None
        wish = {**looked.mapping["wish"], "is_dry_run": False, "actor": actor.as_payload()}
        fresh_id = tx.new_id()
        imports.start_import(
            tx,
            import_id=fresh_id,
            file_digest=b"",
            file_name=looked.file_name,
            mapping={"columns": wish["mapping"], "wish": wish},
            now=now,
            state="waiting",
            kind=looked.kind,
        )
        pieces = import_files.walk_file(tx, import_id=import_id)
        import_files.save_file(tx, import_id=fresh_id, pieces=pieces)
        import_files.forget_file(tx, import_id=import_id)
        _call_worker(tx, fresh_id)
    return fresh_id


def _call_worker(tx: Transaction, import_id: UUID) -> None:
    jobs.defer(
        tx,
        "run_import",
        queue="imports",
        lock=f"run_import:{tx.lender_id}",
        once=f"run_import:{import_id}",
        kept=str(import_id),
    )


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece
