"""Walk a whole log again and find the first place where it is not what was sealed.

Each place is vouched for three times: by its event (hashed anew), by the hash that was kept when it was sealed, and
by the full tile above it; signed heads vouch for all places before them. Where two of them disagree the others say
which one was altered. A log that was rewritten as a whole still contradicts its signed heads.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.evidence.checkpoint import Head
from portal.core.evidence.leaf import LoggedEvent, write_leaf
from portal.core.evidence.tiles import HEIGHT, WIDTH, Tile, make_tile
from portal.core.evidence.tree import HASH_LENGTH, Frontier, leaf_hash, root
from portal.core.evidence.verify import Fault


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """What stands at one place of a log (from 0): its event, or None where it is gone; its salt; its kept hash."""

    index: int
    event: LoggedEvent | None
    salt: bytes
    leaf_hash: bytes


@dataclass(frozen=True, kw_only=True)
class SignedHead:
    """A kept head: what its row says, what its note says (None: unreadable), and what is wrong with the note."""

    size: int
    root: bytes
    head: Head | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The first place that is not what was sealed, from 0, and which part of it.

    `until` ends the stretch, exclusive, where the fault cannot be pinned to one place.
    """

    index: int
    part: str
    detail: str
    until: int | None = None


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The result: how many places and heads were walked, and the first fault if there is one."""

    size: int
    heads: int
    finding: Finding | None = None


Hash = Callable[[LoggedEvent, bytes], bytes]
FindTile = Callable[[int, int], Tile | None]


def hash_event(event: LoggedEvent, salt: bytes) -> bytes:
    """Return the hash of an event's leaf."""
    return leaf_hash(write_leaf(event, salt).encode())


def audit(
    *,
    rows: Iterable[AuditRow],
    heads: Iterable[SignedHead],
    find_tile: FindTile,
    hash_event: Hash = hash_event,
) -> Audit:
    """Return the first fault of a log, or none. `rows` and `heads` come in their order, each once.

    Memory does not grow with the log.
    """
    walk = _Walk(heads=iter(heads), find_tile=find_tile, hash_event=hash_event)
    block: list[AuditRow] = []
    for row in rows:
        block.append(row)
        if len(block) == WIDTH:
            if finding := walk.take(block):
                return walk.result(finding)
            block = []
    return walk.result(walk.take(block) or walk.end())


@dataclass(frozen=True, kw_only=True)
class _Voices:
    """What a block's places are by their events, by the kept hashes and by the tile above, where it is full."""

    fresh: Sequence[bytes | None]
    kept: Sequence[bytes]
    above: Sequence[bytes] | None
    is_tile_whole: bool

    def told_by(self, place: int) -> list[tuple[str, bytes | None]]:
        """Return which part would have been altered if this hash were the sealed one, the likeliest first."""
        fresh, kept = self.fresh[place], self.kept[place]
        above = self.above[place] if self.above else None
        if fresh == kept:
            told = [("event and kept hash", above), ("tile", kept)]
            return told if self.is_tile_whole else told[::-1]
        told = [("event", kept), ("kept hash", fresh)]
        if above == fresh:
            return told[::-1]
        return told if above in {None, kept} else [*told, ("event and kept hash", above)]


def _is_whole(tile: Tile) -> bool:
    return root(_split(tile.hashes)) == tile.root


@dataclass
class _Walk:
    heads: Iterator[SignedHead]
    find_tile: FindTile
    hash_event: Hash
    log: Frontier = field(default_factory=Frontier)
    ahead: deque[SignedHead] = field(default_factory=deque)
    seen: int = 0
    signed_size: int = 0
    level_roots: list[list[bytes]] = field(default_factory=list)
    tiles_made: dict[int, int] = field(default_factory=dict)

    def result(self, finding: Finding | None) -> Audit:
        return Audit(size=self.log.size, heads=self.seen, finding=finding)

    def take(self, block: Sequence[AuditRow]) -> Finding | None:
        """Walk one tile's width of rows, the last block may be shorter."""
        if not block:
            return None
        start = self.log.size
        self._look_ahead(start + len(block))
        fresh = [None if row.event is None else self.hash_event(row.event, row.salt) for row in block]
        kept = [row.leaf_hash for row in block]
        tile = self.find_tile(0, start // WIDTH) if len(block) == WIDTH else None
        above = _split(tile.hashes) if tile else None
        if tile is not None and fresh == kept == above and self._is_plain(block):
            faulty = self._check_tile(tile, kept)
            self.log = self.log.add(tile.root, level=HEIGHT)
            return faulty or self._check_head()
        voices = _Voices(fresh=fresh, kept=kept, above=above, is_tile_whole=bool(tile and _is_whole(tile)))
        for place, row in enumerate(block):
            if row.index != start + place:
                detail = f"place {start + place} is missing; what follows is place {row.index}"
                return Finding(index=start + place, part="sealed leaf", detail=detail)
            if fresh[place] != kept[place] or (above is not None and above[place] != kept[place]):
                return self._name(block, voices, place)
            self.log = self.log.add(kept[place])
            if finding := self._check_head():
                return finding
        return self._check_tile(tile, kept) if len(block) == WIDTH else None

    def _is_plain(self, block: Sequence[AuditRow]) -> bool:
        """Tell whether a full block has every place in order and no signed head before its end."""
        start, end = self.log.size, self.log.size + len(block)
        is_in_order = all(row.index == start + place for place, row in enumerate(block))
        return is_in_order and not any(one.size < end for one in self.ahead)

    def _look_ahead(self, size: int) -> None:
        """Fetch the heads up to a size, and the first one above it."""
        while not self.ahead or self.ahead[-1].size <= size:
            one = next(self.heads, None)
            if one is None:
                return
            self.ahead.append(one)

    def _name(self, block: Sequence[AuditRow], voices: _Voices, place: int) -> Finding:
        """Say which of the voices for a place was altered: by the signed heads, or else by which of them agree."""
        index = self.log.size
        event = block[place].event
        if event is None:
            return Finding(index=index, part="event", detail="the event is gone")
        rest = voices.kept[place + 1 :]
        told = voices.told_by(place)
        signed = (part for part, one in told if self._is_signed([one, *rest]))
        part = next(signed, told[0][0])
        return Finding(index=index, part=part, detail=f"event {event.event_id} ({event.type}): {_SAID[part]}")

    def _is_signed(self, hashes: Sequence[bytes | None]) -> bool:
        """Tell whether the log goes on with these hashes to the next signed head that lies among them."""
        signed = {one.head.size: one.head.root for one in self.ahead if one.head and not one.faults}
        log = self.log
        for one in hashes:
            if one is None:
                return False
            log = log.add(one)
            if log.size in signed:
                return signed[log.size] == log.root()
        return False

    def _check_head(self) -> Finding | None:
        """Compare the log with the next signed head when it has reached its size."""
        while self.ahead and self.ahead[0].size <= self.log.size:
            if finding := self._fault_of(self.ahead[0]):
                return finding
            self.signed_size = self.ahead.popleft().size
            self.seen += 1
        return None

    def _fault_of(self, one: SignedHead) -> Finding | None:
        place = max(one.size - 1, 0)
        if one.head is None or one.faults:
            detail = "; ".join(fault.detail for fault in one.faults) or "the note cannot be read"
            return Finding(index=place, part="checkpoint", detail=f"checkpoint of {one.size}: {detail}")
        if (one.head.size, one.head.root) != (one.size, one.root):
            detail = f"checkpoint of {one.size}: its row is not what its note says"
            return Finding(index=place, part="checkpoint", detail=detail)
        if one.size != self.log.size or one.root != self.log.root():
            detail = f"the log of {one.size} is not the one that was signed: it was rewritten between two checkpoints"
            return Finding(index=self.signed_size, until=one.size, part="log", detail=detail)
        return None

    def _check_tile(self, tile: Tile | None, entries: Sequence[bytes], level: int = 0) -> Finding | None:
        """Compare a full tile with what it must be, and the tiles above that it completes."""
        number = self.tiles_made.get(level, 0)
        wanted = make_tile(level=level, number=number, entries=entries)
        if tile != wanted:
            detail = f"tile {number} of level {level} is {'gone' if tile is None else 'altered'}"
            return Finding(index=number * WIDTH ** (level + 1), part="tile", detail=detail)
        self.tiles_made[level] = number + 1
        if len(self.level_roots) <= level:
            self.level_roots.append([])
        self.level_roots[level].append(wanted.root)
        if len(self.level_roots[level]) < WIDTH:
            return None
        roots, self.level_roots[level] = self.level_roots[level], []
        above = self.find_tile(level + 1, self.tiles_made.get(level + 1, 0))
        return self._check_tile(above, roots, level + 1)

    def end(self) -> Finding | None:
        """Say what is missing at the end: a log shorter than its heads, or leaves that no head covers."""
        self._look_ahead(self.log.size)
        if self.ahead:
            one = self.ahead[0]
            faulty = self._fault_of(one) if one.head is None or one.faults else None
            detail = f"the log ends at {self.log.size}, and a checkpoint of {one.size} was signed: it shrank"
            return faulty or Finding(index=self.log.size, part="log", detail=detail)
        if self.signed_size != self.log.size:
            last = self.log.size - 1
            detail = f"places {self.signed_size} to {last} are sealed and no checkpoint covers them"
            return Finding(index=self.signed_size, part="checkpoint", detail=detail)
        return None


_SAID: Mapping[str, str] = {
    "event": "the event is not what was sealed",
    "kept hash": "the kept hash is not that of the sealed event",
    "tile": "the tile above is not what was sealed",
    "event and kept hash": "the event and its kept hash were both rewritten",
}


def _split(hashes: bytes) -> list[bytes]:
    parts = [hashes[at : at + HASH_LENGTH] for at in range(0, len(hashes), HASH_LENGTH)]
    return (parts + [b""] * WIDTH)[:WIDTH]


def check_witnessed(
    witnessed: Iterable[SignedHead], *, root_at: Callable[[int], bytes | None]
) -> Finding | None:
    """Return the first head that somebody outside kept and that this log contradicts: it shrank or was forked.

    `root_at` gives the root of the log's first so many leaves, None when it has fewer.
    """
    for one in sorted(witnessed, key=lambda head: head.size):
        if one.head is None or one.faults:
            detail = "; ".join(fault.detail for fault in one.faults) or "the note cannot be read"
            return Finding(index=max(one.size - 1, 0), part="witnessed checkpoint", detail=detail)
        found = root_at(one.size)
        if found is None:
            detail = f"a checkpoint of {one.size} was told outside and the log is shorter: it shrank"
            return Finding(index=one.size - 1, part="log", detail=detail)
        if found != one.root:
            detail = f"the log of {one.size} is another one than the checkpoint told outside: it was forked"
            return Finding(index=0, until=one.size, part="log", detail=detail)
    return None
