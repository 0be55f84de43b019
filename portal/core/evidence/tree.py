"""The evidence log as a Merkle tree over SHA-256: roots, and proofs that an event is in or that a log only grew.

Source: RFC 6962 section 2.1 and RFC 9162 section 2.1. A leaf is hashed with prefix 00, a node with prefix 01,
so no leaf can pass for a node.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from portal.core.errors import EvidenceError

EMPTY_ROOT = sha256(b"").digest()
HASH_LENGTH = 32


def leaf_hash(data: bytes) -> bytes:
    """Return the 32-byte hash of one entry's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of two neighboring subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The complete subtrees of a log, largest first: all that is needed to add leaves and know the root."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def add(self, leaf: bytes, *, level: int = 0) -> "Frontier":
        """Return the frontier with one more leaf hash, or with the root of 2**level more leaves.

        Raises EvidenceError when a subtree of this level cannot begin where the log ends.
        """
        if self.size % (1 << level):
            raise EvidenceError(f"no subtree of level {level} begins at {self.size}")
        peaks, size = list(self.peaks), self.size >> level
        node = leaf
        while size & 1:
            node = node_hash(peaks.pop(), node)
            size >>= 1
        return Frontier(self.size + (1 << level), (*peaks, node))

    def root(self) -> bytes:
        """The root of all leaves added so far."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in order; the empty log has the hash of nothing."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from leaf `index` (from 0) to the root, nearest first.

    Raises `EvidenceError` when the index lies outside the log.
    """
    if not 0 <= index < len(leaves):
        raise EvidenceError(f"no leaf {index} in a log of {len(leaves)}")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start = middle
    return tuple(reversed(path))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the hashes that show that the first `old_size` leaves are the beginning of the log.

    Empty when the log did not grow or was empty. Raises `EvidenceError` for a size outside the log.
    """
    if not 0 <= old_size <= len(leaves):
        raise EvidenceError(f"{old_size} is not a size of a log of {len(leaves)}")
    if old_size in {0, len(leaves)}:
        return ()
    path: list[bytes] = []
    start, end, known = 0, len(leaves), True
    while old_size < end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(root(leaves[middle:end]))
            end = middle
        else:
            path.append(root(leaves[start:middle]))
            start, known = middle, False
    if not known:
        path.append(root(leaves[start:end]))
    return tuple(reversed(path))


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Tell whether the proof shows leaf hash `leaf` at `index` of a log of `size` with this root.

    Malformed input is simply not shown. Source: RFC 9162 2.1.3.2.
    """
    if not 0 <= index < size or not _well_formed((leaf, expected_root, *proof)):
        return False
    position, last, node = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(part, node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, part)
        position, last = position >> 1, last >> 1
    return last == 0 and node == expected_root


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the proof shows that the log of `old_size` is the beginning of the log of `new_size`.

    From the empty log everything follows, with an empty proof. Source: RFC 9162 2.1.4.2.
    """
    if not 0 <= old_size <= new_size or not _well_formed((old_root, new_root, *proof)):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    return _grows(old_size, new_size, (old_root, new_root), proof)


def _grows(old_size: int, new_size: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, roots[0])
    if not path:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(part, old), node_hash(part, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, part)
        position, last = position >> 1, last >> 1
    return last == 0 and (old, new) == roots


def _well_formed(hashes: Sequence[bytes]) -> bool:
    return all(len(part) == HASH_LENGTH for part in hashes)
