"""One answer for any file of evidence: genuine, or what was altered."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import LogKey, read_key, read_note
from portal.core.evidence.documents import (
    GROWTH_FORMAT,
    PROOF_FORMAT,
    read_file,
    read_growth,
    read_proof,
)
from portal.core.evidence.leaf import read_leaf
from portal.core.evidence.pack import KEYS, check_pack
from portal.core.evidence.verify import (
    Check,
    Fault,
    StampCheck,
    check_growth,
    check_note,
    check_proof,
    tell_stamp,
)

_ORIGIN = re.compile(rb"portal/[A-Za-z0-9._-]{1,80}/events")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a file is and every fault of it; `facts` are lines to show, `keys` what it rests on when none is trusted."""

    kind: str
    faults: tuple[Fault, ...]
    facts: tuple[str, ...] = ()
    keys: tuple[LogKey, ...] = field(default=())

    @property
    def is_genuine(self) -> bool:
        """True when nothing was altered."""
        return not self.faults


def verify_file(
    content: bytes,
    *,
    check: Check,
    trusted: Sequence[LogKey] | None = None,
    check_stamp: StampCheck | None = None,
) -> Verdict:
    """Return what a proof, a consistency proof or a checkpoint is and whether it is genuine.

    A checkpoint alone needs `trusted` keys; the others carry theirs. What is no such file is a fault, never an error.
    """
    try:
        if content[:1] == b"{":
            return _verify_document(content, check, trusted, check_stamp)
        return _verify_note(content, check, trusted or ())
    except EvidenceError as fault:
        return Verdict(kind="unknown", faults=(Fault(part="file", detail=f"{fault}."),))


def verify_files(
    files: Mapping[str, bytes],
    *,
    check: Check,
    trusted: Sequence[LogKey] | None = None,
    check_stamp: StampCheck | None = None,
) -> Verdict:
    """Return whether the files of an evidence pack are genuine, and what it is about."""
    faults, facts = check_pack(files, check=check, trusted=trusted, check_stamp=check_stamp)
    try:
        keys = tuple(read_key(line) for line in files.get(KEYS, b"").decode().splitlines())
    except (EvidenceError, ValueError):
        keys = ()
    return Verdict(kind="pack", faults=faults, facts=facts, keys=keys)


def _verify_document(
    content: bytes, check: Check, trusted: Sequence[LogKey] | None, check_stamp: StampCheck | None
) -> Verdict:
    document = read_file(content)
    if document.get("format") == PROOF_FORMAT:
        proof = read_proof(document)
        faults = check_proof(proof, check=check, trusted=trusted, check_stamp=check_stamp)
        facts = _tell_leaf(proof.entry.leaf)
        if proof.time_stamp:
            facts += (tell_stamp(proof.time_stamp, proof.checkpoint, check_stamp),)
        return Verdict(kind="proof", faults=faults, facts=facts, keys=proof.keys)
    if document.get("format") == GROWTH_FORMAT:
        growth = read_growth(document)
        faults = check_growth(growth, check=check, trusted=trusted)
        return Verdict(kind="consistency", faults=faults, keys=growth.keys)
    raise EvidenceError("the file is of no known format")


def _tell_leaf(text: str) -> tuple[str, ...]:
    try:
        leaf = read_leaf(text)
    except EvidenceError:
        return ()
    return (f"{leaf.type} at {leaf.at}", leaf.event)


def _verify_note(content: bytes, check: Check, trusted: Sequence[LogKey]) -> Verdict:
    try:
        note = content.decode()
    except ValueError as fault:
        raise EvidenceError("the file is no text") from fault
    read_note(note)
    head, faults = check_note(note, keys=trusted, check=check)
    facts = () if head is None else (f"{head.origin}: {head.size} events at {head.at:%Y-%m-%d %H:%M:%S} UTC",)
    return Verdict(kind="checkpoint", faults=faults, facts=facts)


def origin_in(content: bytes) -> str | None:
    """Return which log a file says it is of, without believing it; None when it names none."""
    found = _ORIGIN.search(content)
    return found[0].decode() if found else None


def read_key_file(text: str) -> tuple[LogKey, ...]:
    """Read trusted keys: one line each, or the answer of `/api/v1/evidence/keys`; raises EvidenceError."""
    if text.lstrip().startswith("{"):
        try:
            lines = [one["line"] for one in json.loads(text)["keys"]]
        except (ValueError, KeyError, TypeError) as fault:
            raise EvidenceError("the file of keys cannot be read") from fault
    else:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise EvidenceError("the file of keys holds none")
    return tuple(read_key(str(line)) for line in lines)
