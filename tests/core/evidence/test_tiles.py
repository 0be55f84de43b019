"""Proofs from tiles are the proofs from all leaves, and read a number of tiles that grows with the logarithm."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import EvidenceError
from portal.core.evidence import tiles
from portal.core.evidence.tree import Frontier, consistency_proof, inclusion_proof, leaf_hash, root

BIG = [leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]


class Kept:
    """Full tiles, and the entries below the edge, as the store keeps them."""

    def __init__(self, leaves):
        self.levels, self.asked = [list(leaves)], []
        while len(self.levels[-1]) >= tiles.WIDTH:
            below = self.levels[-1]
            full = range(0, len(below) - tiles.WIDTH + 1, tiles.WIDTH)
            self.levels.append([root(below[at : at + tiles.WIDTH]) for at in full])

    def entries(self, place):
        self.asked.append(place)
        level, number = place
        if level >= len(self.levels):
            return []
        return self.levels[level][number * tiles.WIDTH : (number + 1) * tiles.WIDTH]

    def read(self, spans):
        return tiles.read_nodes([node for span in spans for node in span], self.entries)


def proof_of(kept, spans):
    return tiles.proof(spans, kept.read(spans))


@given(st.integers(1, 600), st.data())
def test_proofs_are_those_of_the_leaves(size, data):
    kept = Kept(BIG[:size])
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    spans = tiles.inclusion_spans(index=index, size=size)
    assert proof_of(kept, spans) == inclusion_proof(BIG[:size], index)
    spans = tiles.consistency_spans(old_size=old, size=size)
    assert proof_of(kept, spans) == consistency_proof(BIG[:size], old)
    known = kept.read(tiles.root_spans(size))
    assert tiles.root_of(size, known) == root(BIG[:size])
    grown = Frontier()
    for leaf in BIG[:size]:
        grown = grown.add(leaf)
    assert tiles.frontier(size, known) == grown


def test_a_proof_reads_two_tiles_of_each_level_at_most():
    kept, chance = Kept(BIG), random.Random(4)
    for _ in range(40):
        kept.asked.clear()
        index = chance.randrange(len(BIG))
        spans = tiles.inclusion_spans(index=index, size=len(BIG))
        found = proof_of(kept, spans)
        assert len(found) <= 17
        assert len(kept.asked) == len(set(kept.asked)) <= 2 * len(kept.levels)


@given(st.integers(0, 4_000), st.integers(1, 4_000))
def test_a_cover_is_the_stretch_and_nothing_else(start, length):
    start &= -(1 << length.bit_length())  # a place where a subtree of this size can begin
    spans = tiles.cover(start, start + length)
    at = start
    for level, index in spans:
        assert index << level == at
        at += 1 << level
    assert at == start + length
    assert [level for level, _ in spans] == sorted((level for level, _ in spans), reverse=True)


def test_what_is_not_there_is_said():
    kept = Kept(BIG[:5])
    with pytest.raises(EvidenceError, match="does not hold"):
        kept.read(tiles.root_spans(9))
    with pytest.raises(EvidenceError):
        tiles.inclusion_spans(index=5, size=5)
    with pytest.raises(EvidenceError):
        tiles.consistency_spans(old_size=6, size=5)
    with pytest.raises(EvidenceError):
        tiles.cover(3, 3)
    with pytest.raises(EvidenceError):
        tiles.make_tile(level=0, number=0, entries=BIG[:255])
    assert tiles.root_spans(0) == tiles.consistency_spans(old_size=0, size=9) == ()
