"""A paper in a pack stands only with a signature over its own bytes by a key that the pack's list names."""

import json
from datetime import UTC, datetime

import pytest

from portal.core.agreements import detached
from portal.core.evidence.public_keys import write_public_keys
from portal.core.evidence.seals import check_seals
from portal.gateways.log_keys import is_signed_by
from portal.gateways.signatures import make_identity, quantum_key, sign_detached
from tests.core.evidence.test_public_keys import a_key

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
OWN, OTHER = make_identity("Tamarind"), make_identity("Somebody")
PAPER = b"%PDF-1.7 a paper"


def beside(identity=OWN, content=PAPER):
    return detached.write(sign_detached(content, identity=identity, now=AT)).encode()


def files(**changes):
    key_id, public = quantum_key(OWN.quantum_seed)
    listed = write_public_keys(
        lender="T", origin="portal/t/events", keys=[a_key(key_id=key_id, public=public)]
    )
    return {"keys.json": listed, "a/copy.pdf": PAPER, "a/copy-seal.json": beside()} | changes


def faults(found):
    return [(fault.part, fault.detail) for fault in check_seals(found, check=is_signed_by)]


def test_a_paper_with_its_own_signature_has_no_fault():
    assert faults(files()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"a/copy.pdf": PAPER + b" "}, "is over another file"),
        ({"a/copy-seal.json": b"{}"}, "is no signature"),
        ({"a/copy-seal.json": b"\xff"}, "is no signature"),
        ({"a/copy-seal.json": beside(OTHER)}, "by a key that keys.json does not name"),
        ({"a/copy-seal.json": beside().replace(b"2026-12-01", b"2025-12-01")}, "does not hold"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(changes, said):
    ((part, detail),) = faults(files(**changes))
    assert part == "a/copy-seal.json"
    assert said in detail


def test_a_missing_signature_is_a_fault_and_an_older_pack_is_not_judged():
    found = files()
    del found["a/copy-seal.json"]
    assert "is no signature" in faults(found)[0][1]
    del found["keys.json"]
    assert faults(found) == []


def test_the_key_under_another_number_is_refused():
    body = json.loads(beside())
    assert faults(files(**{"a/copy-seal.json": json.dumps(body | {"key_id": "1f2e"}).encode()}))
