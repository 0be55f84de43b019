"""What an outsider's check of a proof says: genuine, or which part of it was altered. No network, no database.

Signatures are checked by a function that is passed in, so that this file needs nothing but a hash.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import ALGORITHMS, Head, LogKey, NoteSignature, read_head, read_note
from portal.core.evidence.documents import Entry, Growth, Proof
from portal.core.evidence.leaf import field_digest, read_leaf
from portal.core.evidence.tree import leaf_hash, verify_consistency, verify_inclusion

Check = Callable[[LogKey, bytes, bytes], bool]
"""Tells whether a signature (third) over a message (second) was made by the holder of a key (first)."""
StampCheck = Callable[[bytes, bytes], datetime | None]
"""Says when a time stamp (first) over some bytes (second) was given, or None when it does not hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One part of a proof that is not what was sealed; `part` is its short name, `detail` a sentence."""

    part: str
    detail: str


def check_note(note: str, *, keys: Iterable[LogKey], check: Check) -> tuple[Head | None, tuple[Fault, ...]]:
    """Return what a checkpoint says and every fault of it: it stands when both algorithms' signatures hold."""
    try:
        text, signatures = read_note(note)
        head = read_head(text)
    except EvidenceError as fault:
        return None, (Fault(part="checkpoint", detail=str(fault)),)
    known = {key.key_id: key for key in keys if key.name == head.origin}
    faults = list(_unknown(signatures, known))
    held = {
        known[one.key_id].algorithm: check(known[one.key_id], text.encode(), one.signature)
        for one in signatures
        if one.key_id in known
    }
    if held and not any(held.values()):
        faults.append(Fault(part="checkpoint.text", detail="The checkpoint's text is not what was signed."))
    for algorithm in ALGORITHMS:
        if algorithm not in held:
            detail = f"The checkpoint has no {algorithm} signature by a known key."
            faults.append(Fault(part=f"checkpoint.{algorithm}", detail=detail))
        elif not held[algorithm] and any(held.values()):
            detail = f"The checkpoint's {algorithm} signature does not hold."
            faults.append(Fault(part=f"checkpoint.{algorithm}", detail=detail))
    return head, tuple(faults)


def _unknown(signatures: Sequence[NoteSignature], known: dict[bytes, LogKey]) -> Iterable[Fault]:
    if len(signatures) != len(ALGORITHMS):
        yield Fault(part="checkpoint.signatures", detail="A checkpoint has one signature of each algorithm.")
    for one in signatures:
        if one.key_id not in known or known[one.key_id].name != one.name:
            detail = f"Key {one.key_id.hex()} of {one.name} is not a key of this log."
            yield Fault(part="checkpoint.key", detail=detail)


def check_entry(entry: Entry, *, head: Head) -> tuple[Fault, ...]:
    """Return every fault of one event against the head of its log."""
    computed = leaf_hash(entry.leaf.encode())
    faults = list(_check_fields(entry))
    if _is_in(entry, entry.leaf_hash, head):
        if computed != entry.leaf_hash:
            faults.append(Fault(part="leaf", detail="The event's leaf is not what was sealed."))
    elif computed != entry.leaf_hash and _is_in(entry, computed, head):
        faults.append(Fault(part="leaf_hash", detail="The stated hash is not that of the leaf."))
    else:
        detail = "The path does not lead from the event at its place to the sealed root."
        faults.append(Fault(part="path", detail=detail))
    return tuple(faults)


def _is_in(entry: Entry, found: bytes, head: Head) -> bool:
    return verify_inclusion(
        index=entry.index, size=head.size, leaf=found, proof=entry.path, expected_root=head.root
    )


def _check_fields(entry: Entry) -> Iterable[Fault]:
    try:
        digests = read_leaf(entry.leaf).digests
    except EvidenceError as fault:
        yield Fault(part="leaf", detail=str(fault))
        return
    for name, one in entry.disclosed.items():
        if name not in digests:
            yield Fault(part=f"field {name}", detail=f"The event has no field {name}.")
        elif field_digest(salt=bytes.fromhex(one.salt), value=one.value) != digests[name]:
            yield Fault(part=f"field {name}", detail=f"Field {name} is not what was sealed.")


def check_proof(
    proof: Proof,
    *,
    check: Check,
    trusted: Sequence[LogKey] | None = None,
    check_stamp: StampCheck | None = None,
) -> tuple[Fault, ...]:
    """Return every fault of a proof; none when the event was sealed as it stands.

    Without `trusted` keys the proof's own are used: then it is whole, and whose it is rests on comparing the keys. The
    time stamp is looked at only where `check_stamp` is given.
    """
    head, faults = check_note(proof.checkpoint, keys=proof.keys if trusted is None else trusted, check=check)
    faults += _strangers(proof.keys, trusted)
    if proof.time_stamp and check_stamp is not None:
        faults += stamp_faults(proof.time_stamp, proof.checkpoint, check_stamp)
    return faults if head is None else faults + check_entry(proof.entry, head=head)


def stamp_faults(token: bytes, note: str, check_stamp: StampCheck) -> tuple[Fault, ...]:
    """Return the fault of a time stamp that does not hold over a checkpoint's whole note."""
    if check_stamp(token, note.encode()) is not None:
        return ()
    detail = "The time stamp is not over this checkpoint, or by no trusted authority."
    return (Fault(part="time_stamp", detail=detail),)


def tell_stamp(token: bytes, note: str, check_stamp: StampCheck | None) -> str:
    """Say in a line what a time stamp shows, or that nobody looked at it."""
    if check_stamp is None:
        return "time stamp: there, and not checked, because no roots were named"
    at = check_stamp(token, note.encode())
    return f"time stamp: the checkpoint existed at {at:%Y-%m-%d %H:%M:%S} UTC" if at else "time stamp: none"


def check_growth(
    growth: Growth, *, check: Check, trusted: Sequence[LogKey] | None = None
) -> tuple[Fault, ...]:
    """Return every fault of a consistency proof; none when the later log begins with the earlier one."""
    keys = growth.keys if trusted is None else trusted
    old, old_faults = check_note(growth.old, keys=keys, check=check)
    new, new_faults = check_note(growth.new, keys=keys, check=check)
    faults = tuple(Fault(part=f"old {one.part}", detail=one.detail) for one in old_faults)
    faults += tuple(Fault(part=f"new {one.part}", detail=one.detail) for one in new_faults)
    faults += _strangers(growth.keys, trusted)
    if old is None or new is None:
        return faults
    if old.origin != new.origin:
        return (*faults, Fault(part="origin", detail="The two checkpoints are of two logs."))
    if not verify_consistency(
        old_size=old.size, new_size=new.size, old_root=old.root, new_root=new.root, proof=growth.path
    ):
        detail = f"The log of {new.size} does not begin with the log of {old.size}, or the path was altered."
        faults += (Fault(part="path", detail=detail),)
    return faults


def _strangers(keys: Sequence[LogKey], trusted: Sequence[LogKey] | None) -> tuple[Fault, ...]:
    if trusted is None or set(keys) <= set(trusted):
        return ()
    return (Fault(part="keys", detail="The file names a key that is not among the trusted ones."),)
