"""A file of evidence tells what it is; what is none is a fault and never an error."""

import random

import pytest

from portal.core.errors import EvidenceError
from portal.core.evidence.documents import Entry, Proof, write_proof
from portal.core.evidence.files import read_key_file, verify_file
from portal.core.evidence.leaf import disclose, write_leaf
from portal.core.evidence.tree import inclusion_proof
from portal.gateways.log_keys import is_signed_by
from tests.core.evidence.logs import a_log, pairs

KEYS = tuple(pair.key for pair in pairs())


@pytest.fixture(scope="module")
def content():
    log = a_log(300, every=100)
    row = log.rows[7]
    entry = Entry(
        index=7,
        leaf=write_leaf(row.event, row.salt),
        leaf_hash=row.leaf_hash,
        disclosed=disclose(row.event, row.salt),
        path=inclusion_proof([one.leaf_hash for one in log.rows], 7),
    )
    return write_proof(Proof(entry=entry, checkpoint=log.heads[-1].note, keys=KEYS))


def verdict_on(content, trusted=KEYS):
    return verify_file(content, check=is_signed_by, trusted=trusted)


def test_a_proof_and_a_head_tell_what_they_are(content):
    verdict = verdict_on(content)
    assert (verdict.kind, verdict.is_genuine) == ("proof", True)
    assert verdict.facts[0] == "account.viewed at 2026-12-01T09:30:07.000000Z"
    head = verdict_on(a_log(300, every=100).heads[0].note.encode())
    assert (head.kind, head.is_genuine) == ("checkpoint", True)
    assert head.facts == ("portal/acme/events: 100 events at 2026-12-01 09:31:40 UTC",)
    assert not verdict_on(a_log(300, every=100).heads[0].note.encode(), None).is_genuine


def test_every_flipped_byte_is_a_no_that_names_a_part(content):
    chance = random.Random(9)
    for _ in range(300):
        at = chance.randrange(len(content))
        altered = content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
        verdict = verdict_on(altered)
        assert not verdict.is_genuine, at
        assert verdict.faults[0].part


@pytest.mark.parametrize(
    "odd", [b"", b"\x00", b"{}\n", b'{"format":"portal-proof/9"}\n', b"%PDF-1.7", b"\xff" * 99, b"a\n\nb\n"]
)
def test_what_is_none_is_a_fault(odd):
    verdict = verdict_on(odd)
    assert (verdict.kind, verdict.is_genuine) == ("unknown", False)


def test_trusted_keys_are_read_from_lines_or_from_the_answer_of_the_api():
    lines = "\n".join(key.write() for key in KEYS)
    assert read_key_file(lines) == KEYS
    for odd in ("", "nonsense", "{}", '{"keys": [1]}', "{"):
        with pytest.raises(EvidenceError):
            read_key_file(odd)
