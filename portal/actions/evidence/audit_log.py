"""Walk a lender's whole log again: events, kept hashes, tiles, signed heads, and heads that others kept."""

from collections.abc import Iterable, Iterator, Sequence

from portal.core.errors import EvidenceError
from portal.core.evidence.audit import Audit, AuditRow, Finding, SignedHead, audit, check_witnessed
from portal.core.evidence.checkpoint import LogKey, read_head, read_note
from portal.core.evidence.tiles import root_of, root_spans
from portal.core.evidence.verify import Check, StampCheck, check_note, stamp_faults
from portal.store import log_keys, sealing, time_stamps
from portal.store.work import Transaction, Work

PAGE = 2_048


def audit_log(
    work: Work, *, check: Check, witnessed: Sequence[str] = (), check_stamp: StampCheck | None = None
) -> Audit:
    """Return the first fault of the lender's log, or none.

    `witnessed` are checkpoints (signed notes) that somebody outside kept: a log that was rewritten and signed anew
    contradicts them. A log may be sealed on while it is walked; what came later is not looked at. With `check_stamp`
    the time stamps of its heads are checked too: a head that was signed anew is not the one that was stamped.
    """
    with work.read() as tx:
        keys = log_keys.list_public_keys(tx)
        last = sealing.find_newest_checkpoint(tx)
        size = last.size if last else 0
        found = audit(
            rows=_rows(tx, size),
            heads=_heads(tx, size, keys, check),
            find_tile=lambda level, number: sealing.find_tile(tx, level=level, number=number),
        )
        finding = found.finding or _uncovered(tx) or _witnessed(tx, size, witnessed, keys, check)
        if finding is None and check_stamp is not None:
            finding = _unstamped(tx, size, check_stamp)
    return Audit(size=found.size, heads=found.heads, finding=finding)


def _rows(tx: Transaction, size: int) -> Iterator[AuditRow]:
    after = 0
    while page := sealing.list_sealed(tx, after=after, limit=PAGE):
        yield from (row for row in page if row.index < size)
        after = page[-1].index + 1
        if after >= size:
            return


def _heads(tx: Transaction, size: int, keys: Sequence[LogKey], check: Check) -> Iterator[SignedHead]:
    after = 0
    while page := sealing.list_checkpoints(tx, after=after, limit=200):
        for one in page:
            if one.size > size:
                return
            head, faults = check_note(one.note, keys=keys, check=check)
            if head is not None and head.at != one.sealed_at:
                head = None
            yield SignedHead(size=one.size, root=one.root, head=head, faults=faults)
        after = page[-1].size


def _unstamped(tx: Transaction, size: int, check_stamp: StampCheck) -> Finding | None:
    """Find the first head whose time stamp is not over it."""
    after = 0
    while page := [one for one in sealing.list_checkpoints(tx, after=after, limit=200) if one.size <= size]:
        stamps = time_stamps.list_time_stamps(tx, sizes=[one.size for one in page])
        for one in page:
            stamp = stamps.get(one.size)
            if stamp is not None and stamp_faults(stamp.token, one.note, check_stamp):
                detail = f"the time stamp on the checkpoint of {one.size} is not over it"
                return Finding(index=one.size - 1, part="time_stamp", detail=detail)
        after = page[-1].size
    return None


def _uncovered(tx: Transaction) -> Finding | None:
    """Find a leaf above the newest head, in one statement, so that a seal in between is seen whole or not at all."""
    position = sealing.find_uncovered(tx)
    if position is None:
        return None
    return Finding(
        index=position - 1,
        part="checkpoint",
        detail=f"place {position - 1} is sealed and no checkpoint covers it",
    )


def _witnessed(
    tx: Transaction, size: int, notes: Iterable[str], keys: Sequence[LogKey], check: Check
) -> Finding | None:
    def root_at(wanted: int) -> bytes | None:
        if wanted > size:
            return None
        spans = root_spans(wanted)
        return root_of(wanted, sealing.load_nodes(tx, [node for span in spans for node in span]))

    return check_witnessed([_head_of(note, keys, check) for note in notes], root_at=root_at)


def _head_of(note: str, keys: Sequence[LogKey], check: Check) -> SignedHead:
    head, faults = check_note(note, keys=keys, check=check)
    if head is None:
        return SignedHead(size=0, root=b"", head=None, faults=faults)
    return SignedHead(size=head.size, root=head.root, head=head, faults=faults)


def split_notes(text: str) -> list[str]:
    """Split a file of checkpoints, one after the other, into its notes; raises EvidenceError when it holds none."""
    notes: list[str] = []
    lines = text.splitlines(keepends=True)
    start = 0
    for at, line in enumerate(lines):
        ends = line.startswith("\u2014 ") and not (
            at + 1 < len(lines) and lines[at + 1].startswith("\u2014 ")
        )
        if ends:
            notes.append("".join(lines[start : at + 1]).lstrip("\n"))
            start = at + 1
    for note in notes:
        read_head(read_note(note)[0])
    if not notes:
        raise EvidenceError("there is no checkpoint in the file")
    return notes
