"""The portal seals a lender's log: committed events become leaves, their tree grows, its head is signed and told.

One transaction a batch under the row lock of the lender's log, so a writer that dies leaves nothing half done and two
at once seal nothing twice (design rule: HOUSE.md 5, Evidence).
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core.actors import SYSTEM
from portal.core.evidence.audit import hash_event
from portal.core.evidence.checkpoint import Head, LogKey, write_note
from portal.core.evidence.leaf import SALT_BYTES, LoggedEvent
from portal.core.evidence.tiles import WIDTH, Tile, frontier, make_tile, root_spans
from portal.core.evidence.tree import Frontier
from portal.gateways.log_keys import LogKeyPair
from portal.store import events, leaves, log_keys, sealing
from portal.store.sealing import Checkpoint, SealedLeaf
from portal.store.work import Transaction, Work

WAIT_MAX = timedelta(minutes=1)
"""A new event is sealed after this long at the latest."""
WAITING_MAX = 1_000
"""So many events are sealed at once, however long the last seal is ago."""
BATCH_MAX = 5_000
OWN_EVENT = "evidence.checkpointed"

MakeKeys = Callable[[str], Sequence[LogKeyPair]]


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What was sealed: the log's new size and how many events came to it."""

    size: int
    added: int


def seal_log(work: Work, *, make_keys: MakeKeys, now: datetime, at_once: bool = False) -> Sealed | None:
    """Seal what was committed since the last checkpoint; None when nothing is due.

    Due is a minute after the last checkpoint, or when `WAITING_MAX` events wait. Checkpoints that were told wait for
    the next other event, or the log would feed itself; `at_once` waits for no minute. `make_keys` makes a log's first
    keys.
    """
    with work.begin() as tx:
        numbered = leaves.lock_log(tx)
        last = sealing.find_newest_checkpoint(tx)
        size = last.size if last else 0
        if numbered - size < BATCH_MAX:  # else there is enough to seal, and the rest is numbered in its turn
            leaves.number_events(tx)
        fresh = sealing.list_unsealed(tx, after=size, limit=BATCH_MAX)
        if not _is_due(fresh, last, now, at_once=at_once):
            return None
        log = _grow(tx, size, fresh)
        head = Head(origin=log_keys.log_origin(tx), size=log.size, root=log.root(), at=now)
        keys = _signing_keys(tx, head.origin, make_keys, now)
        note = write_note(head.text(), [(pair.key, pair.sign(head.text().encode())) for pair in keys])
        sealing.save_checkpoint(tx, Checkpoint(size=head.size, root=head.root, sealed_at=now, note=note))
        payload = _told(head, note, [pair.key for pair in keys]) | ({"previous_size": size} if last else {})
        events.append(tx, type=OWN_EVENT, actor=SYSTEM, at=now, payload=payload)
        return Sealed(size=head.size, added=len(fresh))


def _is_due(fresh: Sequence[LoggedEvent], last: Checkpoint | None, now: datetime, *, at_once: bool) -> bool:
    if all(event.type == OWN_EVENT for event in fresh):
        return False
    if last is None or at_once or len(fresh) >= WAITING_MAX:
        return True
    return (
        not timedelta(0) <= now - last.sealed_at < WAIT_MAX
    )  # a clock that was set back does not stop the log


def _grow(tx: Transaction, size: int, fresh: Sequence[LoggedEvent]) -> Frontier:
    """Hash the events into the tree and save what was hashed and the tiles that became full; gives the new log."""
    nodes = sealing.load_nodes(tx, [node for span in root_spans(size) for node in span])
    log = frontier(size, nodes)
    rows: list[SealedLeaf] = []
    for position, event in enumerate(fresh, size + 1):
        salt = secrets.token_bytes(SALT_BYTES)
        rows.append(SealedLeaf(position=position, salt=salt, leaf_hash=hash_event(event, salt)))
        log = log.add(rows[-1].leaf_hash)
    sealing.save_sealed(tx, rows)
    _save_full_tiles(tx, log.size)
    return log


def _save_full_tiles(tx: Transaction, size: int) -> None:
    """Save every tile that is full at this size and was not saved yet, level by level: a level reads the one below."""
    level, full = 0, size // WIDTH
    while full:
        first = sealing.count_tiles(tx, level=level)
        made: list[Tile] = [
            make_tile(
                level=level, number=number, entries=sealing.load_entries(tx, level=level, number=number)
            )
            for number in range(first, full)
        ]
        sealing.save_tiles(tx, made)
        level, full = level + 1, full // WIDTH


def _signing_keys(tx: Transaction, origin: str, make_keys: MakeKeys, now: datetime) -> Sequence[LogKeyPair]:
    kept = log_keys.load_signing_keys(tx)
    if kept:
        return [
            LogKeyPair(key=LogKey(name=origin, algorithm=one.algorithm, public=one.public_key), seed=one.seed)
            for one in kept
        ]
    made = make_keys(origin)
    for pair in made:
        log_keys.save_log_key(
            tx, algorithm=pair.key.algorithm, public_key=pair.key.public, seed=pair.seed, now=now
        )
    return made


def _told(head: Head, note: str, keys: Sequence[LogKey]) -> dict[str, object]:
    return {
        "size": head.size,
        "root": head.root.hex(),
        "signed_by": [key.algorithm for key in keys],
        "key_ids": [key.key_id.hex() for key in keys],
        "origin": head.origin,
        "signed": note,
    }
