import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import EvidenceError
from portal.core.evidence.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([k])) for k in range(40)]


def slow_root(leaves):
    """The definition of RFC 6962, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(slow_root(leaves[:split]), slow_root(leaves[split:]))


def test_roots_follow_the_definition_and_the_frontier():
    frontier = Frontier()
    assert frontier.root() == root([]) == EMPTY_ROOT
    for size in range(1, 41):
        frontier = frontier.add(LEAVES[size - 1])
        assert frontier.root() == root(LEAVES[:size]) == slow_root(LEAVES[:size])
        assert len(frontier.peaks) == size.bit_count()


def test_every_leaf_is_shown_in_every_log():
    for size in range(1, 41):
        top = root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            assert verify_inclusion(
                index=index, size=size, leaf=LEAVES[index], proof=proof, expected_root=top
            )


def test_every_log_is_the_beginning_of_every_longer_one():
    for size in range(41):
        for old in range(size + 1):
            assert verify_consistency(
                old_size=old,
                new_size=size,
                old_root=root(LEAVES[:old]),
                new_root=root(LEAVES[:size]),
                proof=consistency_proof(LEAVES[:size], old),
            )


@given(st.integers(1, 40), st.data())
def test_a_changed_proof_shows_nothing(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = list(inclusion_proof(LEAVES[:size], index))
    known = {"index": index, "size": size, "leaf": LEAVES[index], "expected_root": root(LEAVES[:size])}
    wrong = data.draw(st.sampled_from(["longer", "leaf", "root", "index", "flip"]))
    if wrong == "longer":
        proof.append(LEAVES[0])
    elif wrong == "flip" and proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        proof[at] = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    elif wrong == "root":
        known["expected_root"] = LEAVES[0] if size > 1 else LEAVES[1]
    elif wrong == "index":
        known["index"] = size
    else:
        known["leaf"] = leaf_hash(b"other")
    assert not verify_inclusion(**known, proof=proof)


@given(st.integers(2, 40), st.data())
def test_a_rewritten_log_is_not_the_beginning(size, data):
    old = data.draw(st.integers(1, size - 1))
    rewritten = [leaf_hash(b"rewritten"), *LEAVES[1:old]]
    assert not verify_consistency(
        old_size=old,
        new_size=size,
        old_root=root(rewritten),
        new_root=root(LEAVES[:size]),
        proof=consistency_proof(LEAVES[:size], old),
    )


def test_malformed_input_is_simply_not_shown():
    assert not verify_inclusion(index=0, size=1, leaf=b"short", proof=[], expected_root=LEAVES[0])
    assert not verify_inclusion(index=-1, size=1, leaf=LEAVES[0], proof=[], expected_root=LEAVES[0])
    same = {"old_root": LEAVES[0], "new_root": LEAVES[0]}
    assert not verify_consistency(old_size=2, new_size=1, proof=[], **same)
    assert not verify_consistency(old_size=1, new_size=1, proof=[LEAVES[0]], **same)
    assert not verify_consistency(old_size=3, new_size=4, proof=[], **same)
    assert not verify_consistency(old_size=0, new_size=4, proof=[], **same)


def test_positions_outside_the_log_are_errors():
    with pytest.raises(EvidenceError):
        inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(EvidenceError):
        consistency_proof(LEAVES[:3], 4)


def test_a_whole_subtree_is_added_at_once_where_one_can_begin():
    one = Frontier()
    for leaf in LEAVES[:16]:
        one = one.add(leaf)
    whole = Frontier().add(root(LEAVES[:8]), level=3).add(root(LEAVES[8:16]), level=3)
    assert whole == one
    with pytest.raises(EvidenceError):
        Frontier().add(LEAVES[0]).add(root(LEAVES[:2]), level=1)
