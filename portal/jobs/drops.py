"""The watched folder: files that lenders send by SFTP go the way of every file, and come back with a report.

`PORTAL_DROP_FOLDER/<lender>/in` is looked at once a minute. A name begins with what the file holds: `accounts…`,
`accounts-whole…`, `transactions…`, `lines…`, `recalls…`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from procrastinate import JobContext

from portal.actions.imports.queue_import import queue_import
from portal.core.actors import LENDER_API
from portal.core.imports.columns import KINDS
from portal.core.imports.faults import Fault, explain
from portal.core.imports.files import Options
from portal.gateways.drop_folder import OPTIONS_NAME, DropFolder, Dropped, OptionsError
from portal.jobs.app import app
from portal.jobs.house import House, house_of
from portal.store import imports, lenders
from portal.store.imports import Import
from portal.store.lenders import Lender
from portal.store.rejects_file import write_rejects
from portal.store.work import Work

STATED = ("date_order", "decimal", "mapping", "encoding", "separator")
"""What import.json may state; the name of a file says the rest."""
ENDED = {"finished": "done", "undone": "done", "refused": "failed"}
log = structlog.get_logger(__name__)


@app.periodic(cron="*/1 * * * *")
@app.task(name="watch_drops", queue="upkeep", queueing_lock="watch_drops", pass_context=True)
def watch_drops(context: JobContext, timestamp: int) -> None:
    """Look at every lender's folder."""
    del timestamp
    house = house_of(context)
    root = house.settings.drop_folder
    if root is None:
        return
    with house.database.shared().read() as tx:
        everybody = lenders.list_lenders(tx)
    for lender in everybody:
        folder = DropFolder(Path(root) / lender.slug)
        if folder.is_there():
            try:
                watch(house, lender, folder)
            except OSError as fault:  # a full disk of one lender does not keep the others
                log.warning("drop_folder_failed", lender_id=lender.lender_id, reason=type(fault).__name__)


def watch(house: House, lender: Lender, folder: DropFolder) -> int:
    """Queue what arrived in one lender's folder and put away what ended; gives how many files are being worked on."""
    work = house.work(lender.lender_id)
    taken = folder.take()
    for one in taken:
        import_id = one.import_id(lender_id=lender.lender_id)
        with work.read() as tx:
            known = imports.find_import(tx, import_id=import_id)
        if known is None:
            _begin(house, work, lender, folder, one)
        elif known.state in ENDED:
            _end(work, lender, folder, one, known)
    return len(taken)


def _begin(house: House, work: Work, lender: Lender, folder: DropFolder, one: Dropped) -> None:
    try:
        options = options_for(one.own_name, folder.options())
    except OptionsError as fault:
        _fail(lender, folder, one, Fault("", "file.options", OPTIONS_NAME, {"problem": f"{fault}."}))
        return
    if options is None:
        _fail(lender, folder, one, Fault("", "file.kind", one.own_name))
        return
    try:
        file = folder.open(one)
    except OSError:
        return  # another watcher put it away meanwhile
    with file:
        queue_import(
            work,
            file=file,
            name=one.own_name,
            options=options,
            actor=LENDER_API,
            now=house.clock.now(),
            import_id=one.import_id(lender_id=lender.lender_id),
        )
    log.info("drop_taken", lender_id=lender.lender_id, kind=options.kind)


def options_for(name: str, stated: Mapping[str, Any]) -> Options | None:
    """Give how a file is read, by its name and what the lender states; None when the name does not say what it holds.

    Raises OptionsError for what cannot be stated.
    """
    if unknown := sorted(set(stated) - set(STATED)):
        raise OptionsError(f"unknown: {', '.join(unknown)[:200]}")
    words = name.lower().partition(".")[0].replace("_", "-").split("-")
    if words[0] not in KINDS:
        return None
    is_whole = words[0] == "accounts" and "whole" in words[1:]
    try:
        return Options.from_wish({**stated, "kind": words[0], "is_whole": is_whole})
    except (TypeError, ValueError) as fault:
        raise OptionsError(str(fault)) from fault


def _fail(lender: Lender, folder: DropFolder, one: Dropped, fault: Fault) -> None:
    wrong, remedy = explain(fault, language=_language(lender))
    report = {
        "file": one.own_name,
        "state": "refused",
        "reason": fault.reason,
        "detail": wrong,
        "fix": remedy,
    }
    folder.put_away(one, place="failed", report=report)


def _end(work: Work, lender: Lender, folder: DropFolder, one: Dropped, known: Import) -> None:
    with work.read() as tx:
        first = imports.list_rejects(tx, import_id=known.import_id, after_row=-1, limit=1)
    rejects = None
    if first:
        rejects = write_rejects(work, import_id=known.import_id, language=_language(lender))
    reading = {name: value for name, value in known.mapping.items() if name not in {"columns", "wish"}}
    report = {
        "file": one.own_name,
        "import": f"imp_{known.import_id}",
        "holds": known.kind,
        "state": known.state,
        "counts": dict(known.counts),
        "reading": reading,
        "began_at": known.started_at.isoformat(),
        "ended_at": known.finished_at.isoformat() if known.finished_at else None,
    }
    folder.put_away(one, place=ENDED[known.state], report=report, rejects=rejects)
    log.info("drop_put_away", lender_id=lender.lender_id, state=known.state)


def _language(lender: Lender) -> str | None:
    return lender.settings.get("language")
