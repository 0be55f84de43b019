"""Proofs out of the stored log: that an event is in it, that it only grew. Both grow with the logarithm of its size."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.core.errors import EvidenceError
from portal.core.evidence import tiles
from portal.core.evidence.documents import Entry, Growth, Proof
from portal.core.evidence.leaf import LoggedEvent, disclose, write_leaf
from portal.core.evidence.tiles import Span
from portal.store import log_keys, sealing, time_stamps
from portal.store.sealing import Checkpoint, SealedLeaf
from portal.store.work import Transaction


def prove_event(tx: Transaction, *, event_id: UUID) -> Proof | None:
    """Prove that an event is in the log, against a signed head; None when it is not sealed yet or unknown.

    The head is the newest that has a time stamp and covers the event; where none has, the newest of all.
    """
    position = sealing.find_position(tx, event_id=event_id)
    newest = sealing.find_newest_checkpoint(tx)
    if position is None or newest is None or newest.size < position:
        return None
    stamp = time_stamps.find_newest(tx, up_to=newest.size)
    stamped = sealing.find_checkpoint(tx, size=stamp.size) if stamp and stamp.size >= position else None
    head = stamped or newest
    (entry,) = prove_entries(tx, positions=[position], head=head)
    return Proof(
        entry=entry,
        checkpoint=head.note,
        keys=tuple(log_keys.list_public_keys(tx)),
        time_stamp=stamp.token if stamped and stamp else b"",
    )


def prove_entries(tx: Transaction, *, positions: Sequence[int], head: Checkpoint) -> list[Entry]:
    """Prove several events at once against one head; a tile that several need is read once."""
    spans = {place: tiles.inclusion_spans(index=place - 1, size=head.size) for place in positions}
    nodes = _load(tx, [span for several in spans.values() for span in several])
    found = sealing.load_events(tx, positions=positions)
    return [_entry(*found[place], spans=spans[place], nodes=nodes) for place in positions]


def _entry(
    event: LoggedEvent, kept: SealedLeaf, *, spans: Sequence[Span], nodes: Mapping[tiles.Node, bytes]
) -> Entry:
    return Entry(
        index=kept.position - 1,
        leaf=write_leaf(event, kept.salt),
        leaf_hash=kept.leaf_hash,
        disclosed=disclose(event, kept.salt),
        path=tiles.proof(spans, nodes),
    )


def prove_growth(tx: Transaction, *, old_size: int, new_size: int) -> Growth:
    """Prove that the signed head of `old_size` is the beginning of that of `new_size`.

    Raises EvidenceError when one of them is no signed head of the log, or the first is the larger one.
    """
    old, new = (sealing.find_checkpoint(tx, size=size) for size in (old_size, new_size))
    if old is None or new is None:
        raise EvidenceError(f"no checkpoint of {old_size if old is None else new_size} was signed")
    spans = tiles.consistency_spans(old_size=old_size, size=new_size)
    return Growth(
        old=old.note,
        new=new.note,
        path=tiles.proof(spans, _load(tx, spans)),
        keys=tuple(log_keys.list_public_keys(tx)),
    )


def _load(tx: Transaction, spans: Sequence[Span]) -> dict[tiles.Node, bytes]:
    return sealing.load_nodes(tx, [node for span in spans for node in span])
