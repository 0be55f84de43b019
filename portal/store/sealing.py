"""The sealed log of a lender: what was hashed, the tiles above it, its signed heads, and the nodes that proofs need.

Rows are only ever added. Whoever adds holds the lender's row in `leaf_heads` (`leaves.number_events` locks it), so
there is one writer at a time, and a writer that dies leaves nothing half done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select

from portal.core.evidence.audit import AuditRow
from portal.core.evidence.leaf import LoggedEvent
from portal.core.evidence.tiles import WIDTH, Node, Tile, read_nodes
from portal.core.evidence.tree import HASH_LENGTH
from portal.store.tables.events import events
from portal.store.tables.evidence import checkpoints, leaves, sealed_leaves, tiles
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A signed head of the log; `note` holds the signatures."""

    size: int
    root: bytes
    sealed_at: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class SealedLeaf:
    """What was hashed at a place of the log; places count from 1."""

    position: int
    salt: bytes
    leaf_hash: bytes


_EVENT = (
    events.c.id.label("event_id"),
    events.c.type,
    events.c.occurred_at,
    events.c.actor,
    events.c.payload,
    events.c.account_ref,
    events.c.account_sequence,
    events.c.creditor_ref,
    events.c.debtor_ref,
)
_CHECKPOINT = (checkpoints.c.size, checkpoints.c.root, checkpoints.c.sealed_at, checkpoints.c.note)
_NUMBERED = leaves.join(
    events, (events.c.lender_id == leaves.c.lender_id) & (events.c.id == leaves.c.event_id)
)
_SEALED = (sealed_leaves.c.lender_id == leaves.c.lender_id) & (sealed_leaves.c.position == leaves.c.position)


def list_unsealed(tx: Transaction, *, after: int, limit: int) -> list[LoggedEvent]:
    """List the events at the places after `after`, in order."""
    rows = tx.execute(
        select(*_EVENT)
        .select_from(_NUMBERED)
        .where(leaves.c.lender_id == tx.lender_id, leaves.c.position > after)
        .order_by(leaves.c.position)
        .limit(limit)
    )
    return [_event(row) for row in rows]


def _event(row: Row[Any]) -> LoggedEvent:
    named = row._mapping
    return LoggedEvent(**{name: named[name] for name in LoggedEvent.__dataclass_fields__})


def save_sealed(tx: Transaction, rows: Sequence[SealedLeaf]) -> None:
    tx.execute(insert(sealed_leaves), [{"lender_id": tx.lender_id, **vars(row)} for row in rows])


def save_tiles(tx: Transaction, rows: Sequence[Tile]) -> None:
    if rows:
        named = ("level", "number", "hashes", "root")
        tx.execute(
            insert(tiles),
            [{"lender_id": tx.lender_id, **{name: getattr(row, name) for name in named}} for row in rows],
        )


def save_checkpoint(tx: Transaction, checkpoint: Checkpoint) -> None:
    tx.execute(insert(checkpoints).values(lender_id=tx.lender_id, **vars(checkpoint)))


def find_newest_checkpoint(tx: Transaction) -> Checkpoint | None:
    """Find the newest signed head."""
    return _one(tx, select(*_CHECKPOINT).order_by(checkpoints.c.size.desc()))


def find_checkpoint(tx: Transaction, *, size: int) -> Checkpoint | None:
    """Find the signed head of exactly this size."""
    return _one(tx, select(*_CHECKPOINT).where(checkpoints.c.size == size))


def find_covering_checkpoint(tx: Transaction, *, position: int) -> Checkpoint | None:
    """Find the first signed head that covers a place; None when it is not sealed yet."""
    return _one(tx, select(*_CHECKPOINT).where(checkpoints.c.size >= position).order_by(checkpoints.c.size))


def _one(tx: Transaction, wanted: Any) -> Checkpoint | None:
    row = tx.execute(wanted.where(checkpoints.c.lender_id == tx.lender_id).limit(1)).one_or_none()
    return None if row is None else _checkpoint(row)


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(size=row.size, root=bytes(row.root), sealed_at=row.sealed_at, note=row.note)


def list_checkpoints(tx: Transaction, *, after: int, limit: int) -> list[Checkpoint]:
    """List the signed heads above a size, the smallest first."""
    rows = tx.execute(
        select(*_CHECKPOINT)
        .where(checkpoints.c.lender_id == tx.lender_id, checkpoints.c.size > after)
        .order_by(checkpoints.c.size)
        .limit(limit)
    )
    return [_checkpoint(row) for row in rows]


def find_uncovered(tx: Transaction) -> int | None:
    """Find the first sealed place above the newest signed head; one statement, so one view of both."""
    covered = select(func.coalesce(func.max(checkpoints.c.size), 0)).where(
        checkpoints.c.lender_id == tx.lender_id
    )
    above = select(sealed_leaves.c.position).where(
        sealed_leaves.c.lender_id == tx.lender_id, sealed_leaves.c.position > covered.scalar_subquery()
    )
    return tx.execute(above.order_by(sealed_leaves.c.position).limit(1)).scalar_one_or_none()


def find_position(tx: Transaction, *, event_id: UUID) -> int | None:
    """Find the place of an event; None when it has none yet."""
    wanted = select(leaves.c.position).where(
        leaves.c.lender_id == tx.lender_id, leaves.c.event_id == event_id
    )
    return tx.execute(wanted).scalar_one_or_none()


def is_told(tx: Transaction, *, event_id: UUID) -> bool:
    """Tell whether the lender has an event of this id, sealed or not."""
    wanted = select(events.c.id).where(events.c.lender_id == tx.lender_id, events.c.id == event_id)
    return tx.execute(wanted).one_or_none() is not None


def load_events(tx: Transaction, *, positions: Sequence[int]) -> dict[int, tuple[LoggedEvent, SealedLeaf]]:
    """Load the sealed events at these places."""
    rows = tx.execute(
        select(*_EVENT, leaves.c.position, sealed_leaves.c.salt, sealed_leaves.c.leaf_hash)
        .select_from(_NUMBERED.join(sealed_leaves, _SEALED))
        .where(leaves.c.lender_id == tx.lender_id, leaves.c.position.in_(positions))
    )
    return {row.position: (_event(row), _sealed(row)) for row in rows}


def _sealed(row: Row[Any]) -> SealedLeaf:
    return SealedLeaf(position=row.position, salt=bytes(row.salt), leaf_hash=bytes(row.leaf_hash))


def load_nodes(tx: Transaction, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """Load the hashes of the full subtrees that a proof or a root is made of.

    Raises EvidenceError when the log does not hold one of them.
    """
    return read_nodes(wanted, lambda place: load_entries(tx, level=place[0], number=place[1]))


def load_entries(tx: Transaction, *, level: int, number: int) -> list[bytes]:
    """Load the hashes of a tile, as far as the log goes: a full tile is one row, the rest lies one level below."""
    hashes = tx.execute(
        select(tiles.c.hashes).where(
            tiles.c.lender_id == tx.lender_id, tiles.c.level == level, tiles.c.number == number
        )
    ).scalar_one_or_none()
    if hashes is not None:
        whole = bytes(hashes)
        return [whole[at : at + HASH_LENGTH] for at in range(0, len(whole), HASH_LENGTH)]
    first = number * WIDTH
    if level == 0:
        below = select(sealed_leaves.c.leaf_hash).where(
            sealed_leaves.c.lender_id == tx.lender_id,
            sealed_leaves.c.position > first,
            sealed_leaves.c.position <= first + WIDTH,
        )
        return [bytes(one) for one in tx.execute(below.order_by(sealed_leaves.c.position)).scalars()]
    roots = select(tiles.c.root).where(
        tiles.c.lender_id == tx.lender_id,
        tiles.c.level == level - 1,
        tiles.c.number >= first,
        tiles.c.number < first + WIDTH,
    )
    return [bytes(one) for one in tx.execute(roots.order_by(tiles.c.number)).scalars()]


def list_sealed(tx: Transaction, *, after: int, limit: int) -> list[AuditRow]:
    """List what stands at the sealed places after `after`, for an audit: also what lost its event."""
    joined = sealed_leaves.outerjoin(leaves, _SEALED).outerjoin(
        events, (events.c.lender_id == leaves.c.lender_id) & (events.c.id == leaves.c.event_id)
    )
    rows = tx.execute(
        select(sealed_leaves.c.position, sealed_leaves.c.salt, sealed_leaves.c.leaf_hash, *_EVENT)
        .select_from(joined)
        .where(sealed_leaves.c.lender_id == tx.lender_id, sealed_leaves.c.position > after)
        .order_by(sealed_leaves.c.position)
        .limit(limit)
    )
    return [
        AuditRow(
            index=row.position - 1,
            event=None if row.event_id is None else _event(row),
            salt=bytes(row.salt),
            leaf_hash=bytes(row.leaf_hash),
        )
        for row in rows
    ]


def count_tiles(tx: Transaction, *, level: int) -> int:
    """Give how many tiles of a level are stored: they are numbered in a row from 0."""
    newest = select(tiles.c.number).where(tiles.c.lender_id == tx.lender_id, tiles.c.level == level)
    found = tx.execute(newest.order_by(tiles.c.number.desc()).limit(1)).scalar_one_or_none()
    return 0 if found is None else int(found) + 1


def find_tile(tx: Transaction, *, level: int, number: int) -> Tile | None:
    """Find a stored tile."""
    row = tx.execute(
        select(tiles.c.level, tiles.c.number, tiles.c.hashes, tiles.c.root).where(
            tiles.c.lender_id == tx.lender_id, tiles.c.level == level, tiles.c.number == number
        )
    ).one_or_none()
    if row is None:
        return None
    return Tile(level=row.level, number=row.number, hashes=bytes(row.hashes), root=bytes(row.root))
