"""A tool that we did not write agrees on roots and proofs. It is GPL and stays outside the lock: skipped where absent.

pip install --target DIR pymerkle && PYTHONPATH=$PYTHONPATH:DIR pytest tests/conformance/test_pymerkle.py
"""

import random

import pytest

from portal.core.evidence.tree import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

pymerkle = pytest.importorskip("pymerkle")
ENTRIES = [b"event %d" % number for number in range(300)]


def test_roots_and_proofs_agree():
    """Their roots are ours, their proofs hold over our roots, and our proofs over theirs, with the same hashes."""
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        theirs.append_entry(entry)
    ours = [leaf_hash(entry) for entry in ENTRIES]
    chance = random.Random(6962)
    for size in (1, 2, 3, 7, 8, 64, 255, 256, 257, 300):
        top, index, old = root(ours[:size]), chance.randrange(size), chance.randrange(1, size + 1)
        assert theirs.get_root(size) == top
        found, path = theirs.prove_inclusion(index + 1, size), inclusion_proof(ours[:size], index)
        found.verify(ours[index], top)
        assert set(found.path) == {ours[index], *path}
        assert verify_inclusion(
            index=index, size=size, leaf=ours[index], proof=path, expected_root=theirs.get_root(size)
        )
        theirs.prove_consistency(old, size).verify(root(ours[:old]), top)
        assert verify_consistency(
            old_size=old,
            new_size=size,
            old_root=theirs.get_root(old),
            new_root=theirs.get_root(size),
            proof=consistency_proof(ours[:size], old),
        )
