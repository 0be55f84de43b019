"""The stamped head of a pack: an earlier head of the same log with its time stamp, and that the log only grew since."""

from collections.abc import Iterator, Mapping, Sequence

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import LogKey
from portal.core.evidence.documents import read_file, read_growth
from portal.core.evidence.verify import (
    Check,
    Fault,
    StampCheck,
    check_growth,
    check_note,
    stamp_faults,
    tell_stamp,
)

CHECKPOINT = "log/checkpoint.txt"
STAMPED, STAMP, GROWTH = "log/stamped.txt", "log/stamped.tsr", "log/stamped-consistency.json"
"""The note of the head that was stamped; the stamp over its bytes; the proof that `CHECKPOINT` continues it, where it
is an earlier one."""


def check_stamped(
    files: Mapping[str, bytes], *, keys: Sequence[LogKey], check: Check, check_stamp: StampCheck | None
) -> Iterator[Fault]:
    """Tell what is wrong with a pack's stamped head; a pack without one has nothing to check."""
    if STAMPED not in files and STAMP not in files:
        return
    try:
        note = files[STAMPED].decode()
        token = files[STAMP]
    except (KeyError, ValueError):
        yield Fault(part=STAMPED, detail="The stamped checkpoint or its stamp is missing or no text.")
        return
    _, faults = check_note(note, keys=keys, check=check)
    yield from faults
    if check_stamp is not None:
        yield from stamp_faults(token, note, check_stamp)
    if files[STAMPED] != files.get(CHECKPOINT):
        yield from _check_growth(files, note, keys=keys, check=check)


def _check_growth(
    files: Mapping[str, bytes], note: str, *, keys: Sequence[LogKey], check: Check
) -> Iterator[Fault]:
    try:
        growth = read_growth(read_file(files[GROWTH]))
    except (KeyError, EvidenceError):
        yield Fault(part=GROWTH, detail="The proof that the log only grew since the stamp cannot be read.")
        return
    if growth.old != note or growth.new.encode() != files.get(CHECKPOINT):
        yield Fault(part=GROWTH, detail="The proof of growth is about other checkpoints.")
    yield from check_growth(growth, check=check, trusted=tuple(keys))


def tell_stamped(files: Mapping[str, bytes], check_stamp: StampCheck | None) -> tuple[str, ...]:
    """Say what the stamp of a pack shows; nothing where it has none."""
    if STAMPED not in files or STAMP not in files:
        return ()
    return (tell_stamp(files[STAMP], files[STAMPED].decode(errors="replace"), check_stamp),)
