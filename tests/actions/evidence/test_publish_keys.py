"""What is published of a lender's keys is the public half, the same for the same state."""

import json

from portal.actions.agreements.signing_identity import signing_identity
from portal.actions.evidence.publish_keys import publish_keys
from portal.store import log_keys
from tests import build
from tests.fakes import PressFake


def test_nothing_that_signs_is_published(log, work):
    log.tell(1)
    log.seal()
    identity = signing_identity(work, press=PressFake(), now=build.NOW)
    with work.read() as tx:
        content = publish_keys(tx)
        assert publish_keys(tx) == content
        seeds = [key.seed for key in log_keys.load_signing_keys(tx)]
    told = json.loads(content)
    assert [(key["use"], key["algorithm"]) for key in told["keys"]] == [
        ("log", "ed25519"), ("log", "ml-dsa-65"), ("papers", "ml-dsa-65"), ("papers", "ecdsa-p256-sha256"),
    ]  # fmt: skip
    assert "PRIVATE" not in content.decode()
    for secret in (identity.quantum_seed, *(seed.hex() for seed in seeds)):
        assert secret not in content.decode()
