"""An import is taken back as a whole, while nobody was contacted and nothing happened to what it made."""

from datetime import datetime
from uuid import UUID

from portal.core.actors import Actor
from portal.store import events, import_undo, imports
from portal.store.work import Work


def undo_import(work: Work, *, import_id: UUID, reason: str, actor: Actor, now: datetime) -> str:
    """Take an import back: undone, unknown, not_finished, changed (it changed known accounts), or touched.

    Touched means that something was told of an account or a person that it made: a message, a visit, a hold, a
    payment, a change. What it made is deleted, people only where they have no other account. `reason` is a code.
    Tells `import.undone`.
    """
    with work.begin() as tx:
        found = imports.lock_import(tx, import_id=import_id)
        if found is None:
            return "unknown"
        if found.state != "finished":
            return "not_finished"
        if found.counts.get("updated"):
            return "changed"
        made = import_undo.lock_made(tx, import_id=import_id)
        if import_undo.is_touched(tx, import_id=import_id):
            return "touched"
        import_undo.delete_made(tx, import_id=import_id)
        imports.move_import(tx, import_id=import_id, before="finished", after="undone", now=now)
        payload = {"id": f"imp_{import_id}", "accounts": made, "reason": reason}
        events.append(tx, type="import.undone", actor=actor, at=now, payload=payload)
    return "undone"
