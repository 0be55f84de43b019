"""The signatures beside the papers of a pack: each over its own file, by a key that the pack's list names."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from portal.core.agreements import detached
from portal.core.evidence.checkpoint import LogKey
from portal.core.evidence.public_keys import PAPERS, read_public_keys
from portal.core.evidence.verify import Check, Fault

KEYS = "keys.json"
SEAL, PAPER = "copy-seal.json", "copy.pdf"


def check_seals(files: Mapping[str, bytes], *, check: Check) -> Iterator[Fault]:
    """Give a fault for each paper whose ML-DSA-65 signature does not hold.

    A pack that was made before its list of keys existed is not looked at here. Raises EvidenceError when the list
    cannot be read.
    """
    if KEYS not in files:
        return
    keys = read_public_keys(files[KEYS], use=PAPERS, algorithm=detached.ALGORITHM)
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if name == PAPER and folder:
            yield from _check_paper(files, folder, keys, check)


def _check_paper(
    files: Mapping[str, bytes], folder: str, keys: Mapping[str, bytes], check: Check
) -> Iterator[Fault]:
    path = f"{folder}/{SEAL}"
    try:
        one = detached.read(files.get(path, b"").decode())
    except (detached.DetachedError, ValueError):
        yield Fault(part=path, detail=f"{path} is no signature over {folder}/{PAPER}.")
        return
    if keys.get(one.key_id) != one.public_key:
        yield Fault(part=path, detail=f"{path} is by a key that {KEYS} does not name.")
    elif one.file_sha256 != sha256(files[f"{folder}/{PAPER}"]).hexdigest():
        yield Fault(part=path, detail=f"{path} is over another file than {folder}/{PAPER}.")
    elif not _holds(one, check):
        yield Fault(part=path, detail=f"The ML-DSA-65 signature in {path} does not hold.")


def _holds(one: detached.Detached, check: Check) -> bool:
    key = LogKey(name=one.key_id, algorithm=detached.ALGORITHM, public=one.public_key)
    signed = detached.message(file_sha256=one.file_sha256, signed_at=one.signed_at)
    return check(key, signed, one.signature)
