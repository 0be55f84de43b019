"""The manifest of a pack: what it names, what it refuses; the whole is tried in tests/actions/evidence."""

import pytest

from portal.core.evidence import pack
from portal.core.evidence.checkpoint import LogKey
from portal.core.evidence.documents import read_file
from portal.gateways.log_keys import is_signed_by
from tests.core.evidence.logs import pairs

FACTS = pack.Facts(
    agreement="agr_1", lender="Acme", origin="portal/acme/events", log_size=9, sealed_at="2026"
)


def a_pack(**changes):
    files = {"keys.txt": pack.write_keys([pair.key for pair in pairs()]), "a.txt": b"one"}
    manifest = pack.write_manifest(files, FACTS)
    text = pack.seal_text(manifest).encode()
    seal = pack.write_seal(manifest, [(pair.key, pair.sign(text)) for pair in pairs()])
    return files | {"manifest.json": manifest, "manifest.note": seal} | changes


def parts(files, trusted=None):
    return [one.part for one in pack.check_pack(files, check=is_signed_by, trusted=trusted)[0]]


def test_the_manifest_names_every_file_by_length_and_hash():
    listed = read_file(a_pack()["manifest.json"])["files"]
    assert listed["a.txt"] == {"bytes": 3, "sha256": pack.digest(b"one")}


def test_what_is_wrong_is_named_in_the_order_in_which_it_is_looked_at():
    assert parts(a_pack()) == ["pack"], "no checkpoint"
    assert parts(a_pack(**{"a.txt": b"two"})) == ["a.txt"]
    assert parts(a_pack(**{"keys.txt": b"nonsense"})) == ["pack"]
    assert parts(a_pack(**{"keys.txt": b"\xff"})) == ["pack"]
    assert parts(a_pack(**{"manifest.note": b"\xff"})) == ["manifest.note"]
    assert parts(a_pack(**{"manifest.json": b"{}"})) == ["pack"]
    assert parts(a_pack(), trusted=[LogKey(name="x", algorithm="ed25519", public=bytes(32))]) == ["pack"]


@pytest.mark.parametrize(
    ("ref", "word"), [("AC-1", "AC-1"), ("A/../B", "A%2F..%2FB"), ("..", "%2E%2E"), ("x y", "x%20y")]
)
def test_a_reference_is_one_part_of_a_path(ref, word):
    assert pack.path_word(ref) == word
