"""A worker reads a file that waits, says how far it is, and writes down what became of it."""

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from portal.actions.accounts.import_accounts import ImportOutcome
from portal.actions.imports.import_file import SentFile, import_file
from portal.core.actors import Actor
from portal.core.imports.files import Options, Places
from portal.store import import_files, imports
from portal.store.imports import Import
from portal.store.work import Work

PROGRESS_SECONDS = 1.0


def run_kept_import(
    work: Work, bulk: Work, *, import_id: UUID, places: Places, now: datetime
) -> ImportOutcome | None:
    """Import a kept file; None when it does not wait any more, so that a job that comes twice does it once.

    `bulk` is of the bulk role; `work` tells how far it is meanwhile, in transactions of its own. A worker that dies
    leaves nothing of a file of accounts behind, and the next one begins anew; a file of acts goes on where it was.
    """
    with work.begin() as tx:
        kept = imports.lock_import(tx, import_id=import_id)
        if kept is None or kept.state not in {"waiting", "running"}:
            return None
        if kept.state == "waiting":
            imports.mark_progress(tx, import_id=import_id, rows=0)
    with tempfile.TemporaryFile() as file:
        _lay_out(work, import_id, cast("BinaryIO", file))
        outcome = _read(work, bulk, kept, cast("BinaryIO", file), places=places, now=now)
    _write_down(work, kept, outcome, now=now)
    return outcome


def _lay_out(work: Work, import_id: UUID, file: BinaryIO) -> None:
    with work.read() as tx:
        file.writelines(import_files.walk_file(tx, import_id=import_id))
    file.seek(0)


def _read(
    work: Work, bulk: Work, kept: Import, file: BinaryIO, *, places: Places, now: datetime
) -> ImportOutcome:
    wish = kept.mapping["wish"]

    def begin(digest: bytes) -> None:
        with work.begin() as tx:
            imports.begin_import(tx, import_id=kept.import_id, file_digest=digest)

    sent = SentFile(
        file=file,
        name=kept.file_name,
        options=Options.from_wish(wish),
        places=places,
        actor=Actor(**wish["actor"]),
        now=now,
    )
    return import_file(work, bulk, sent, kept=kept, on_open=begin, on_rows=_teller(work, kept.import_id))


def _teller(work: Work, import_id: UUID) -> Callable[[int], None]:
    told_at = time.monotonic()

    def tell(rows: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= PROGRESS_SECONDS:
            told_at = time.monotonic()
            with work.begin() as tx:
                imports.mark_progress(tx, import_id=import_id, rows=rows)

    return tell


def _write_down(work: Work, kept: Import, outcome: ImportOutcome, *, now: datetime) -> None:
    """Keep what was only looked at, or refused: its own transaction was rolled back. A file is kept to be confirmed."""
    with work.begin() as tx:
        if outcome.state != "checked":
            import_files.forget_file(tx, import_id=kept.import_id)
        if outcome.state == "finished":
            return
        mapping: dict[str, Any] = {**kept.mapping, **outcome.reading}
        imports.finish_import(
            tx,
            import_id=kept.import_id,
            state=outcome.state,
            counts=outcome.counts,
            mapping=mapping,
            now=now,
        )
        rows = [(0, [outcome.refused])] if outcome.refused else _by_row(outcome)
        imports.save_rejects(tx, import_id=kept.import_id, rows=rows)


def _by_row(outcome: ImportOutcome) -> list[tuple[int, list[Any]]]:
    rows: dict[int, list[Any]] = {}
    for number, one in outcome.rejects:
        rows.setdefault(number, []).append(one)
    return list(rows.items())
