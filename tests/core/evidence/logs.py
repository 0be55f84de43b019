"""A sealed log in memory, as the store would keep it, for tests that alter it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from portal.core.evidence.audit import AuditRow, SignedHead, audit
from portal.core.evidence.checkpoint import Head, write_note
from portal.core.evidence.leaf import LoggedEvent, write_leaf
from portal.core.evidence.tiles import WIDTH, make_tile
from portal.core.evidence.tree import Frontier, leaf_hash
from portal.core.evidence.verify import check_note
from portal.gateways.log_keys import is_signed_by, make_key_pairs

ORIGIN = "portal/acme/events"
START = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
EVERY = 1_000


@cache
def pairs():
    return make_key_pairs(ORIGIN)


def sign(head, signers=None):
    return write_note(
        head.text(), [(pair.key, pair.sign(head.text().encode())) for pair in signers or pairs()]
    )


def an_event(number):
    return LoggedEvent(
        event_id=UUID(int=0x7 << 76 | number),
        type=("payment.succeeded", "account.viewed", "plan.simulated")[number % 3],
        occurred_at=START + timedelta(seconds=number),
        actor={"kind": "debtor"},
        payload={"id": f"pay_{number}", "amount": {"minor": number, "currency": "USD"}},
        account_ref=f"AC-{number % 97}",
        account_sequence=number // 97 + 1,
        debtor_ref=f"dbt_{number % 89}",
    )


class Hashes:
    """The hash of an event's leaf, remembered: it is a function of the event and the salt alone."""

    def __init__(self):
        self.known = {}

    def __call__(self, event, salt):
        key = (id(event), salt)
        if key not in self.known:
            self.known[key] = (
                event,
                leaf_hash(write_leaf(event, salt).encode()),
            )  # keeps the event, so its id is its own
        return self.known[key][1]


@dataclass
class KeptHead:
    """A row of the table of checkpoints."""

    size: int
    root: bytes
    note: str


@dataclass
class KeptLog:
    """The rows, tiles and signed heads of a log; every one of them can be altered."""

    rows: list
    tiles: dict
    heads: list
    hashes: Hashes

    def copy(self):
        return KeptLog(list(self.rows), dict(self.tiles), list(self.heads), self.hashes)

    def audit(self):
        return audit(
            rows=self.rows,
            heads=[signed_head(one.size, one.root, one.note) for one in self.heads],
            find_tile=lambda level, number: self.tiles.get((level, number)),
            hash_event=self.hashes,
        )


@cache
def checked(note):
    return check_note(note, keys=[pair.key for pair in pairs()], check=is_signed_by)


def signed_head(size, root, note):
    head, faults = checked(note)
    return SignedHead(size=size, root=root, head=head, faults=faults)


@cache
def a_log(size, every=EVERY):
    hashes, rows, heads, log = Hashes(), [], [], Frontier()
    for number in range(size):
        event, salt = an_event(number), number.to_bytes(32, "big")
        rows.append(AuditRow(index=number, event=event, salt=salt, leaf_hash=hashes(event, salt)))
        log = log.add(rows[-1].leaf_hash)
        if log.size % every == 0 or log.size == size:
            head = Head(origin=ORIGIN, size=log.size, root=log.root(), at=START + timedelta(seconds=log.size))
            heads.append(KeptHead(head.size, head.root, sign(head)))
    return KeptLog(rows, tiles_of([row.leaf_hash for row in rows]), heads, hashes)


def tiles_of(hashes):
    made, level, below = {}, 0, hashes
    while len(below) >= WIDTH:
        full = range(len(below) // WIDTH)
        for number in full:
            entries = below[number * WIDTH : (number + 1) * WIDTH]
            made[level, number] = make_tile(level=level, number=number, entries=entries)
        below = [made[level, number].root for number in full]
        level += 1
    return made


def resealed(row, hashes, **changes):
    """The row with another event and the hash that fits it, as a forger would write it."""
    event = replace(row.event, **changes)
    return replace(row, event=event, leaf_hash=hashes(event, row.salt))
