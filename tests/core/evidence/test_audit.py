"""Whatever row of a log is altered, the walk stops at the first bad place and says which part it is."""

import os
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core.evidence.audit import check_witnessed
from portal.core.evidence.checkpoint import Head
from portal.core.evidence.tree import Frontier
from portal.gateways.log_keys import make_key_pairs
from tests.core.evidence.logs import ORIGIN, START, KeptHead, a_log, resealed, sign, signed_head, tiles_of

SIZE = 1_500


@pytest.fixture
def log():
    return a_log(SIZE, every=400).copy()


def flip(raw, at):
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def test_a_whole_log_has_no_fault(log):
    found = log.audit()
    assert (found.size, found.heads, found.finding) == (SIZE, 4, None)
    assert a_log(1).copy().audit().finding is None
    empty = a_log(0).copy().audit()
    assert (empty.size, empty.heads, empty.finding) == (0, 0, None)


@pytest.mark.parametrize("place", [0, 255, 256, 399, 400, 1_279, 1_280, 1_499])
def test_each_voice_for_a_place_is_named_when_it_was_altered(log, place):
    row = log.rows[place]
    log.rows[place] = replace(row, event=replace(row.event, account_ref="AC-other"))
    finding = log.audit().finding
    assert (finding.index, finding.part) == (place, "event")
    assert str(row.event.event_id) in finding.detail
    log.rows[place] = replace(row, leaf_hash=flip(row.leaf_hash, 3))
    finding = log.audit().finding
    assert (finding.index, finding.part) == (place, "kept hash")
    log.rows[place] = replace(row, salt=flip(row.salt, 31))
    assert (log.audit().finding.index, log.audit().finding.part) == (place, "event")
    log.rows[place] = replace(row, event=None)
    assert (log.audit().finding.index, log.audit().finding.detail) == (place, "the event is gone")


def test_an_event_rewritten_with_its_hash_is_found_at_its_place(log):
    """Below the full tiles the place is known; at the open end the signed head knows only the stretch."""
    for place, until in ((300, None), (1_400, SIZE)):
        forged = log.copy()
        forged.rows[place] = resealed(log.rows[place], log.hashes, debtor_ref="dbt_other")
        finding = forged.audit().finding
        assert finding.index <= place
        assert (finding.index == place) == (until is None)
        assert finding.until == until
        assert finding.part == ("event and kept hash" if until is None else "log")


def test_a_log_rewritten_with_its_tiles_contradicts_its_head(log):
    log.rows[700] = resealed(log.rows[700], log.hashes, debtor_ref="dbt_other")
    log.tiles = tiles_of([row.leaf_hash for row in log.rows])
    finding = log.audit().finding
    assert (finding.index, finding.until, finding.part) == (400, 800, "log")


def test_a_log_rewritten_and_signed_anew_contradicts_what_was_told(log):
    witnessed = [signed_head(one.size, one.root, one.note) for one in log.heads]
    log.rows[700] = resealed(log.rows[700], log.hashes, debtor_ref="dbt_other")
    log.tiles = tiles_of([row.leaf_hash for row in log.rows])
    grown, roots = Frontier(), {}
    for row in log.rows:
        grown = grown.add(row.leaf_hash)
        roots[grown.size] = grown.root()
    log.heads = [
        KeptHead(
            one.size,
            roots[one.size],
            sign(Head(origin=ORIGIN, size=one.size, root=roots[one.size], at=START)),
        )
        for one in log.heads
    ]
    assert log.audit().finding is None, "its own keys signed it"
    assert check_witnessed(witnessed[:1], root_at=roots.get) is None
    forked = check_witnessed(witnessed, root_at=roots.get)
    assert (forked.until, forked.part) == (800, "log")
    assert "forked" in forked.detail
    shrunk = check_witnessed(witnessed, root_at=lambda size: roots[size] if size <= 400 else None)
    assert "shrank" in shrunk.detail
    unsigned = replace(witnessed[0], head=None)
    assert check_witnessed([unsigned], root_at=roots.get).part == "witnessed checkpoint"


def test_rows_deleted_swapped_and_cut_off_are_found(log):
    cut = log.copy()
    del cut.rows[900]
    assert (cut.audit().finding.index, cut.audit().finding.part) == (900, "sealed leaf")
    swapped = log.copy()
    one, two = log.rows[900], log.rows[905]
    swapped.rows[900], swapped.rows[905] = replace(one, event=two.event), replace(two, event=one.event)
    assert (swapped.audit().finding.index, swapped.audit().finding.part) == (900, "event")
    short = log.copy()
    del short.rows[1_450:]
    assert (short.audit().finding.index, short.audit().finding.part) == (1_450, "log")
    assert "shrank" in short.audit().finding.detail
    headless = log.copy()
    headless.heads.pop()
    assert (headless.audit().finding.index, headless.audit().finding.part) == (1_200, "checkpoint")


def test_tiles_and_heads_are_named_when_they_were_altered(log):
    for number, part in ((2, "hashes"), (4, "root")):
        altered = log.copy()
        tile = log.tiles[0, number]
        altered.tiles[0, number] = replace(tile, **{part: flip(getattr(tile, part), 5)})
        finding = altered.audit().finding
        assert finding.part == "tile"
        assert finding.index == number * 256
    gone = log.copy()
    del gone.tiles[0, 3]
    assert (gone.audit().finding.part, gone.audit().finding.index) == ("tile", 768)
    for change in ({"root": b"x" * 32}, {"size": 801}, {"note": "nonsense"}, {"note": log.heads[0].note}):
        altered = log.copy()
        altered.heads[1] = replace(log.heads[1], **change)
        finding = altered.audit().finding
        assert finding.part == "checkpoint"
        assert finding.index in (799, 800)


def test_a_head_signed_by_other_keys_is_no_head(log):
    one = log.heads[1]
    head = Head(origin=ORIGIN, size=one.size, root=one.root, at=START + timedelta(1))
    log.heads[1] = replace(one, note=sign(head, make_key_pairs(ORIGIN)))
    finding = log.audit().finding
    assert finding.part == "checkpoint"
    assert "not a key of this log" in finding.detail


def mutate(log, chance):
    """Alter one row of a copy of the log in a random way; gives the copy, the place and how."""
    altered, size = log.copy(), len(log.rows)
    place, how = chance.randrange(size), chance.choice(sorted(MUTATIONS))
    return altered, MUTATIONS[how](altered, place, chance), how


def _event(log, place, chance):
    row = log.rows[place]
    change = chance.choice(
        [
            {"account_ref": "AC-other"}, {"debtor_ref": None}, {"account_sequence": 0}, {"type": "payment.failed"},
            {"occurred_at": row.event.occurred_at + timedelta(microseconds=1)}, {"actor": {"kind": "staff"}},
            {"payload": row.event.payload | {"id": "pay_other"}}, {"payload": {}}, {"creditor_ref": "x"},
            {"payload": row.event.payload | {"amount": {"minor": -1, "currency": "USD"}}},
        ]
    )  # fmt: skip
    log.rows[place] = replace(row, event=replace(row.event, **change))
    return place


def _resealed(log, place, chance):
    log.rows[place] = resealed(log.rows[place], log.hashes, account_ref=f"AC-{chance.random()}")
    return place


def _salt(log, place, chance):
    row = log.rows[place]
    log.rows[place] = replace(row, salt=flip(row.salt, chance.randrange(32)))
    return place


def _hash(log, place, chance):
    row = log.rows[place]
    log.rows[place] = replace(row, leaf_hash=flip(row.leaf_hash, chance.randrange(32)))
    return place


def _delete(log, place, chance):
    del log.rows[place]
    return place


def _swap(log, place, chance):
    other = (place + 1 + chance.randrange(len(log.rows) - 1)) % len(log.rows)
    one, two = log.rows[place], log.rows[other]
    log.rows[place], log.rows[other] = replace(two, index=place), replace(one, index=other)
    return min(place, other)


def _truncate(log, place, chance):
    del log.rows[place:]
    return place


def _tile(log, place, chance):
    key = chance.choice(sorted(log.tiles))
    part = chance.choice(["hashes", "root"])
    raw = getattr(log.tiles[key], part)
    log.tiles[key] = replace(log.tiles[key], **{part: flip(raw, chance.randrange(len(raw)))})


def _head(log, place, chance):
    at = chance.randrange(len(log.heads))
    one = log.heads[at]
    note = one.note.encode()
    flipped = flip(note, chance.randrange(len(note))).decode(errors="replace")
    change = chance.choice([{"root": flip(one.root, 0)}, {"size": one.size + 1}, {"note": flipped}])
    log.heads[at] = replace(one, **change)


MUTATIONS = {
    "event": _event, "resealed": _resealed, "salt": _salt, "hash": _hash, "delete": _delete, "swap": _swap,
    "truncate": _truncate, "tile": _tile, "head": _head,
}  # fmt: skip


def check_mutations(size, times, every):
    seed = int(os.environ.get("PORTAL_SEED", "20261201"))
    chance = random.Random(seed)
    whole = a_log(size, every=every)
    assert whole.copy().audit().finding is None
    for number in range(times):
        altered, place, how = mutate(whole, chance)
        finding = altered.audit().finding
        said = f"seed {seed}, mutation {number}: {how} at {place}: {finding}"
        assert finding is not None, said
        if place is not None:
            exact = how != "resealed" or finding.until is None
            assert finding.index == place if exact else finding.index <= place < finding.until, said


def test_every_random_mutation_is_found_at_its_place():
    check_mutations(SIZE, 200, 400)


@pytest.mark.long
def test_ten_thousand_random_mutations_over_twenty_thousand_events_are_all_found():
    check_mutations(20_000, 10_000, 1_000)
