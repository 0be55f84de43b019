"""The verifiers that are shipped for other languages agree with the one that signs; each where its runtime is here."""

import secrets
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from portal.cli.events import ROOT
from portal.core.events.documents import sample_envelope
from portal.core.events.envelope import encode
from portal.gateways.webhook_signatures import sign, write_secret

CLIENTS = ROOT / "docs" / "clients"
RUNTIMES = {
    "verify.py": [sys.executable],
    "verify.mjs": ["node"],
    "Verify.java": ["java"],
    "verify.php": ["php"],
}
SECRET, OTHER = (write_secret(secrets.token_bytes(32)) for _ in range(2))
BODY = encode(sample_envelope("payment.succeeded") | {"note": "ก้อง Ñ 刘"})


def posts():
    """Give (what it is, headers, body, whether it is genuine)."""
    now = datetime.now(UTC)

    def headers(at=now, by=(SECRET,), body=BODY):
        return sign(webhook_id="evt_1", at=at, body=body, secrets=by)

    yield "right", headers(), BODY, True
    yield "while a secret rotates", headers(by=(OTHER, SECRET)), BODY, True
    yield "by another secret", headers(by=(OTHER,)), BODY, False
    yield "altered", headers(), BODY.replace(b"payment", b"Payment", 1), False
    yield "old", headers(at=now - timedelta(minutes=6)), BODY, False
    yield "of the future", headers(at=now + timedelta(minutes=6)), BODY, False
    yield "renamed", headers() | {"webhook-id": "evt_2"}, BODY, False
    yield "no stamp", headers() | {"webhook-timestamp": "soon"}, BODY, False
    yield "another scheme", headers() | {"webhook-signature": "v1a,AAAA"}, BODY, False


@pytest.mark.parametrize("name", RUNTIMES)
def test_a_verifier_tells_right_from_wrong(name):
    runtime = RUNTIMES[name]
    if shutil.which(runtime[0]) is None:
        pytest.skip(f"{runtime[0]} is not here")
    wrong = []
    for words, headers, body, is_genuine in posts():
        named = [headers[f"webhook-{part}"] for part in ("id", "timestamp", "signature")]
        done = subprocess.run(
            [*runtime, str(CLIENTS / name), SECRET, *named],
            input=body,
            capture_output=True,
            timeout=60,
            check=False,
        )
        if (done.returncode == 0) is not is_genuine:
            wrong.append((words, done.returncode, done.stderr[-300:]))
    assert wrong == []
