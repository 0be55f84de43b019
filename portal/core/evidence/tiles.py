"""Where the nodes of a big log lie: proofs from stored tiles instead of from every leaf.

A tile holds 256 neighboring hashes of one level (levels are 8 apart), so a log of n leaves keeps about n/255 tiles and
a proof reads at most two of each level. Only full tiles are stored; what is right of them is read from the level below.
The geometry is that of C2SP tlog-tiles.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.core.errors import EvidenceError
from portal.core.evidence.tree import EMPTY_ROOT, Frontier, node_hash, root

HEIGHT = 8
WIDTH = 1 << HEIGHT

Node = tuple[int, int]
"""A full subtree: (level, index) has 2**level leaves and begins at leaf index * 2**level."""
Span = tuple[Node, ...]
"""The full subtrees that make up one stretch of the log, from left to right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A full tile: 256 hashes of `level`, and the root above them, which is an entry of the level above."""

    level: int
    number: int
    hashes: bytes
    root: bytes


def make_tile(*, level: int, number: int, entries: Sequence[bytes]) -> Tile:
    """Return the full tile of these hashes; raises EvidenceError unless there are 256."""
    if len(entries) != WIDTH:
        raise EvidenceError(f"a tile has {WIDTH} hashes, not {len(entries)}")
    return Tile(level=level, number=number, hashes=b"".join(entries), root=root(entries))


def cover(start: int, end: int) -> Span:
    """Return the full subtrees that make up the leaves from `start` to before `end`, the left ones first.

    `start` must lie where a subtree of the log can begin. Raises EvidenceError for an empty or a turned stretch.
    """
    if not 0 <= start < end:
        raise EvidenceError(f"no leaves from {start} to {end}")
    spans: list[Node] = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        spans.append((level, start >> level))
        start += 1 << level
    return tuple(spans)


def fold(span: Span, nodes: Mapping[Node, bytes]) -> bytes:
    """Return the hash over one stretch of the log from its full subtrees."""
    hashes = [nodes[node] for node in span]
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found


def root_spans(size: int) -> tuple[Span, ...]:
    """Return what must be read for the root of a log of `size`."""
    return (cover(0, size),) if size else ()


def inclusion_spans(*, index: int, size: int) -> tuple[Span, ...]:
    """Return what must be read for the proof that leaf `index` is in a log of `size`, in the order of the proof.

    Raises EvidenceError when the index lies outside the log.
    """
    if not 0 <= index < size:
        raise EvidenceError(f"no leaf {index} in a log of {size}")
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            spans.append(cover(middle, end))
            end = middle
        else:
            spans.append(cover(start, middle))
            start = middle
    return tuple(reversed(spans))


def consistency_spans(*, old_size: int, size: int) -> tuple[Span, ...]:
    """Return what must be read to show that a log of `old_size` is the beginning of one of `size`.

    Nothing when the log did not grow or was empty. Raises EvidenceError for a size outside the log.
    """
    if not 0 <= old_size <= size:
        raise EvidenceError(f"{old_size} is not a size of a log of {size}")
    if old_size in {0, size}:
        return ()
    spans: list[Span] = []
    start, end, known = 0, size, True
    while old_size < end:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old_size <= middle:
            spans.append(cover(middle, end))
            end = middle
        else:
            spans.append(cover(start, middle))
            start, known = middle, False
    if not known:
        spans.append(cover(start, end))
    return tuple(reversed(spans))


def proof(spans: Sequence[Span], nodes: Mapping[Node, bytes]) -> tuple[bytes, ...]:
    """Return the hashes of a proof from the nodes that were read for it."""
    return tuple(fold(span, nodes) for span in spans)


def frontier(size: int, nodes: Mapping[Node, bytes]) -> Frontier:
    """Return all that is needed to go on with a log of `size`, from the nodes of `root_spans`."""
    return Frontier(size, tuple(nodes[node] for span in root_spans(size) for node in span))


def tile_of(node: Node) -> Node:
    """Return (level, number) of the tile that holds a node or the leaves under it."""
    level, index = node
    tile_level, above = divmod(level, HEIGHT)
    return tile_level, index >> (HEIGHT - above)


def entries_of(node: Node) -> range:
    """Return which entries of the tile of `tile_of` make up a node."""
    level, index = node
    above = level % HEIGHT
    first = (index << above) % WIDTH
    return range(first, first + (1 << above))


def read_nodes(wanted: Iterable[Node], entries: Callable[[Node], Sequence[bytes]]) -> dict[Node, bytes]:
    """Return the hash of each node; `entries` gives what is known of a tile, each tile is asked for once.

    Raises EvidenceError when the log does not hold what was asked for.
    """
    tiles: dict[Node, Sequence[bytes]] = {}
    found: dict[Node, bytes] = {}
    for node in wanted:
        place = tile_of(node)
        if place not in tiles:
            tiles[place] = entries(place)
        needed = entries_of(node)
        hashes = tiles[place][needed.start : needed.stop]
        if len(hashes) != len(needed):
            raise EvidenceError(f"the log does not hold node {node}")
        found[node] = root(hashes)
    return found


def root_of(size: int, nodes: Mapping[Node, bytes]) -> bytes:
    """Return the root of a log of `size` from the nodes of `root_spans`."""
    return fold(cover(0, size), nodes) if size else EMPTY_ROOT
