"""One flipped byte anywhere in a proof is a clear no that names the part that was altered."""

import json
import random
from dataclasses import replace

import pytest

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import Head
from portal.core.evidence.documents import (
    Entry,
    Growth,
    Proof,
    read_file,
    read_growth,
    read_proof,
    write_file,
    write_growth,
    write_proof,
)
from portal.core.evidence.leaf import Disclosed, disclose, write_leaf
from portal.core.evidence.tree import consistency_proof, inclusion_proof, leaf_hash
from portal.core.evidence.verify import check_growth, check_note, check_proof
from portal.gateways.log_keys import is_signed_by, make_key_pairs
from tests.core.evidence.logs import ORIGIN, START, a_log, pairs, sign

SIZE, INDEX = 400, 123
KEYS = tuple(pair.key for pair in pairs())


@pytest.fixture(scope="module")
def proof():
    log = a_log(SIZE, every=100)
    row = log.rows[INDEX]
    entry = Entry(
        index=INDEX,
        leaf=write_leaf(row.event, row.salt),
        leaf_hash=row.leaf_hash,
        disclosed=disclose(row.event, row.salt),
        path=inclusion_proof([one.leaf_hash for one in log.rows], INDEX),
    )
    return Proof(entry=entry, checkpoint=log.heads[-1].note, keys=KEYS)


@pytest.fixture(scope="module")
def growth():
    log = a_log(SIZE, every=100)
    path = consistency_proof([one.leaf_hash for one in log.rows], 200)
    return Growth(old=log.heads[1].note, new=log.heads[-1].note, path=path, keys=KEYS)


def parts(faults):
    return [one.part for one in faults]


def check(proof, trusted=KEYS):
    return parts(check_proof(proof, check=is_signed_by, trusted=trusted))


def test_what_was_sealed_is_genuine(proof, growth):
    assert check(proof) == check(proof, None) == []
    assert check_growth(growth, check=is_signed_by, trusted=KEYS) == ()
    assert read_proof(read_file(write_proof(proof))) == proof
    assert read_growth(read_file(write_growth(growth))) == growth


def test_a_field_can_be_withheld_and_the_proof_stays(proof):
    shown = {
        name: one for name, one in proof.entry.disclosed.items() if name in ("payload.amount", "sequence")
    }
    assert check(replace(proof, entry=replace(proof.entry, disclosed=shown))) == []
    assert check(replace(proof, entry=replace(proof.entry, disclosed={}))) == []


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("field account", lambda e: {"disclosed": e.disclosed | {"account": e.disclosed["debtor"]}}),
        ("field made_up", lambda e: {"disclosed": e.disclosed | {"made_up": Disclosed(salt="00" * 32, value="1")}}),
        ("leaf", lambda e: {"leaf": e.leaf.replace('"type":"', '"type":"x')}),
        ("leaf_hash", lambda _e: {"leaf_hash": leaf_hash(b"other")}),
        ("path", lambda e: {"index": e.index + 1}),
        ("path", lambda e: {"path": e.path[1:]}),
        ("path", lambda e: {"path": (leaf_hash(b"other"), *e.path[1:])}),
    ],
)  # fmt: skip
def test_each_part_of_an_entry_is_named(proof, part, change):
    altered = replace(proof, entry=replace(proof.entry, **change(proof.entry)))
    assert part in check(altered)


def test_a_head_that_nobody_trusted_signed_is_named(proof):
    strangers = make_key_pairs(ORIGIN)
    head = Head(origin=ORIGIN, size=SIZE, root=a_log(SIZE, every=100).heads[-1].root, at=START)
    forged = replace(proof, checkpoint=sign(head, strangers), keys=tuple(one.key for one in strangers))
    assert check(forged, None) == [], "whole, and by whom it was signed is another question"
    assert check(forged) == [
        "checkpoint.key", "checkpoint.key", "checkpoint.ed25519", "checkpoint.ml-dsa-65", "keys",
    ]  # fmt: skip


def test_one_signature_is_not_enough(proof):
    lines = proof.checkpoint.split("\n")
    for algorithm, line in (("ed25519", -3), ("ml-dsa-65", -2)):
        kept = [one for place, one in enumerate(lines) if place != len(lines) + line]
        _, faults = check_note("\n".join(kept), keys=KEYS, check=is_signed_by)
        assert parts(faults) == ["checkpoint.signatures", f"checkpoint.{algorithm}"]
    _, faults = check_note(proof.checkpoint.replace(f"\n{SIZE}\n", "\n399\n"), keys=KEYS, check=is_signed_by)
    assert parts(faults) == ["checkpoint.text"]


def test_a_log_that_did_not_only_grow_is_named(growth):
    def found(**changes):
        return parts(check_growth(replace(growth, **changes), check=is_signed_by, trusted=KEYS))

    assert found(path=growth.path[:-1]) == ["path"]
    assert found(old=growth.new, new=growth.old) == ["path"]
    other = Head(origin="portal/other/events", size=1, root=bytes(32), at=START)
    assert "origin" in found(old=sign(other, make_key_pairs("portal/other/events")))
    forked = Head(origin=ORIGIN, size=200, root=leaf_hash(b"forked"), at=START)
    assert found(old=sign(forked)) == ["path"]
    assert found(old="nonsense") == ["old checkpoint"]


def flipped(content, chance):
    at, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :], at


def test_every_flipped_byte_of_a_file_is_a_no(proof, growth):
    chance = random.Random(12)
    for content, read, check_it in (
        (write_proof(proof), read_proof, check_proof),
        (write_growth(growth), read_growth, check_growth),
    ):
        for _ in range(400):
            altered, at = flipped(content, chance)
            try:
                faults = check_it(read(read_file(altered)), check=is_signed_by, trusted=KEYS)
            except (EvidenceError, KeyError) as fault:
                faults = (fault,)
            assert faults, f"byte {at}"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff", b"[]\n", b"{}", b'{"a":1.5}\n', b'{"a":NaN}\n', b'{"a": 1}\n', b'{"a":1,"a":1}\n', b"[" * 200_000,
        b'{"a":"\\ud800"}\n', b"x" * 2_000_001,
    ],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_refused(content):
    with pytest.raises(EvidenceError):
        read_file(content)


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1}, {"index": True}, {"index": "1"}, {"leaf": 1}, {"leaf_hash": "AB" * 32}, {"path": "x"},
        {"path": ["x"]}, {"disclosed": []}, {"disclosed": {"a": 1}}, {"disclosed": {"a": {"salt": "x", "value": "1"}}},
        {"keys": {}}, {"keys": [1]}, {"checkpoint": None}, {"more": 1},
    ],
)  # fmt: skip
def test_malformed_fields_are_named(proof, change):
    document = json.loads(write_proof(proof)) | change
    with pytest.raises(EvidenceError):
        read_proof(read_file(write_file(document)))
    with pytest.raises(EvidenceError, match="missing"):
        read_proof({name: value for name, value in document.items() if name not in {"leaf", "more"}})
