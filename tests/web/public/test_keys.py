"""The published keys let an outsider check heads and papers with tools that we did not write."""

import base64
import importlib.util
import json
import shutil
import subprocess
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509

from portal.actions.agreements.signing_identity import signing_identity
from portal.actions.evidence.seal_log import seal_log
from portal.actions.keys.rotate_keys import rotate_keys
from portal.core.actors import SYSTEM
from portal.core.agreements import detached
from portal.core.evidence.checkpoint import read_note
from portal.gateways.log_keys import make_key_pairs
from portal.gateways.press import PdfPress
from portal.store import sealing
from tests import build

OPENSSL = shutil.which("openssl")
DILITHIUM = importlib.util.find_spec("dilithium_py")


@pytest.fixture
def published(client, work, lender, database):
    """Keys as they are read after one rotation, with a head and a paper signed before it."""
    build.a_debtor(work)
    identity = signing_identity(work, press=PdfPress(), now=build.NOW)
    seal_log(work, make_keys=make_key_pairs, now=build.NOW + timedelta(minutes=2))
    with work.read() as tx:
        note = sealing.find_newest_checkpoint(tx).note
    rotate_keys(work, master_key=database.master_key, make_keys=make_key_pairs, actor=SYSTEM, now=build.NOW)
    paper = b"%PDF-1.7 a paper"
    beside = detached.write(PdfPress().sign(paper, identity=identity, now=build.NOW))
    answer = client.get(f"/.well-known/portal-keys/{lender.slug}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert "Set-Cookie" not in answer.headers
    return answer.get_json(), note, paper, json.loads(beside)


def keys_of(body, **wanted):
    return [key for key in body["keys"] if all(key[name] == value for name, value in wanted.items())]


def signature_in(note, key):
    """Return the raw signature of a note's line, found as docs/evidence.md says: by the first four bytes."""
    for line in read_note(note)[1]:
        if line.key_id.hex() == key["key_id"]:
            return line.signature
    raise LookupError(key["key_id"])


def test_every_key_is_named_with_its_algorithm_and_its_time(published, lender):
    body, _, _, beside = published
    assert (body["format"], body["log"]) == ("portal-keys/1", f"portal/{lender.slug}/events")
    told = [(key["use"], key["algorithm"], key["until"] is None) for key in body["keys"]]
    assert told == [
        ("log", "ed25519", False), ("log", "ml-dsa-65", False), ("log", "ed25519", True), ("log", "ml-dsa-65", True),
        ("papers", "ml-dsa-65", True), ("papers", "ecdsa-p256-sha256", True),
    ]  # fmt: skip
    (own,) = keys_of(body, use="papers", algorithm="ml-dsa-65")
    assert (own["key_id"], own["public_key"]) == (beside["key_id"], beside["public_key"])
    (certified,) = keys_of(body, algorithm="ecdsa-p256-sha256")
    signer = x509.load_pem_x509_certificate(certified["certificate"].encode())
    signer.verify_directly_issued_by(x509.load_pem_x509_certificate(certified["root"].encode()))


@pytest.mark.skipif(not OPENSSL, reason="no openssl")
def test_openssl_checks_a_head_with_a_retired_key(published, tmp_path):
    body, note, _, _ = published
    key = keys_of(body, algorithm="ed25519")[0]
    files = {name: tmp_path / name for name in ("key.pem", "head.txt", "head.sig")}
    files["key.pem"].write_text(key["pem"])
    files["head.sig"].write_bytes(signature_in(note, key))

    def verify(text):
        files["head.txt"].write_text(text)
        command = [OPENSSL, "pkeyutl", "-verify", "-pubin", "-inkey", files["key.pem"], "-rawin", "-in"]
        command += [files["head.txt"], "-sigfile", files["head.sig"]]
        return subprocess.run(command, capture_output=True, check=False).returncode

    text = read_note(note)[0]
    assert verify(text) == 0
    assert verify(text.replace("\n", " ", 1)) == 1


@pytest.mark.skipif(DILITHIUM is None, reason="no dilithium-py")
def test_a_foreign_ml_dsa_checks_a_head_and_a_paper(published):
    from dilithium_py.ml_dsa import ML_DSA_65

    body, note, paper, beside = published
    log, own = keys_of(body, algorithm="ml-dsa-65")[0], keys_of(body, use="papers", algorithm="ml-dsa-65")[0]
    text = read_note(note)[0].encode()
    digest = sha256(paper).hexdigest()
    signed = f"portal-detached-signature/1\nml-dsa-65\n{digest}\n{beside['signed_at']}\n".encode()
    for key, message, signature in (
        (log, text, signature_in(note, log)),
        (own, signed, base64.b64decode(beside["signature"])),
    ):
        public = base64.b64decode(key["public_key"])
        assert ML_DSA_65.verify(public, message, signature)
        assert not ML_DSA_65.verify(public, message + b" ", signature)


def test_a_company_that_is_not_here_has_no_keys(client):
    assert client.get("/.well-known/portal-keys/nobody").status_code == 404
