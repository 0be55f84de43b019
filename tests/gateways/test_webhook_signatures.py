import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from portal.gateways.webhook_signatures import (
    SecretError,
    public_key_of,
    sign,
    write_private_key,
    write_secret,
)

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "webhook_signatures.json"
OLD = write_secret(b"o" * 32)
NEW = write_secret(b"n" * 32)
KEY = write_private_key(b"k" * 32)
BODY = '{"type":"agreement.signed","data":{"name":"ไทย"}}'.encode()


def headers(**changes):
    plain = {"webhook_id": "evt_1", "at": datetime.now(UTC), "body": BODY, "secrets": [NEW]}
    return sign(**plain | changes)


def test_the_public_library_accepts_what_is_signed():
    assert Webhook(NEW).verify(BODY, headers()) == json.loads(BODY)


def test_while_a_secret_rotates_both_verify():
    both = headers(secrets=[NEW, OLD])
    assert len(both["webhook-signature"].split(" ")) == 2
    Webhook(NEW).verify(BODY, both)
    Webhook(OLD).verify(BODY, both)


@pytest.mark.parametrize(
    ("name", "value"), [("webhook-id", "evt_2"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA")]
)
def test_a_changed_header_is_refused(name, value):
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY, headers() | {name: value})


def test_a_changed_body_or_another_secret_is_refused():
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY + b" ", headers())
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(BODY, headers())


def test_the_timestamp_is_the_attempt_s_and_floors():
    at = datetime(2026, 12, 1, 9, 30, 0, 999_999, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        Webhook(NEW).verify(BODY, headers(at=at.astimezone()))
    assert headers(at=at)["webhook-timestamp"] == str(int((at - timedelta(microseconds=999_999)).timestamp()))


def test_ed25519_proves_an_event_to_somebody_without_the_secret():
    made = headers(secrets=[NEW], private_keys=[KEY])
    hmac, signed = made["webhook-signature"].split(" ")
    assert hmac.startswith("v1,")
    assert signed.startswith("v1a,")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key_of(KEY).removeprefix("whpk_")))
    content = f"evt_1.{made['webhook-timestamp']}.".encode() + BODY
    public.verify(base64.b64decode(signed.removeprefix("v1a,")), content)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signed.removeprefix("v1a,")), content + b" ")
    Webhook(NEW).verify(BODY, made)


@pytest.mark.parametrize(
    "make",
    [
        lambda: write_secret(b"x" * 23),
        lambda: write_secret(b"x" * 65),
        lambda: write_private_key(b"x" * 31),
        lambda: headers(secrets=[]),
        lambda: headers(private_keys=["whsk_AAAA"]),
        lambda: headers(private_keys=["whsk_!"]),
    ],
)
def test_a_secret_of_the_wrong_shape_is_refused(make):
    with pytest.raises(SecretError):
        make()


def test_the_public_vectors_are_made_to_the_letter():
    if not VECTORS.exists():
        pytest.skip("the vectors are not on this machine")
    cases = [one for one in json.loads(VECTORS.read_text())["cases"] if one["scheme"] == "standard-webhooks"]
    assert len(cases) >= 8
    made = 0
    for case in cases:
        at = datetime.fromtimestamp(case["now"], UTC)
        if not case["valid"] or case.get("ignore_timestamp"):
            continue
        expected = sign(
            webhook_id=case["headers"]["webhook-id"],
            at=datetime.fromtimestamp(int(case["headers"]["webhook-timestamp"]), UTC),
            body=case["body"].encode(),
            secrets=[f"whsec_{case['secret']}"],
        )
        assert expected["webhook-signature"] in case["headers"]["webhook-signature"].split(" ")
        with time_machine.travel(at, tick=False):
            Webhook(case["secret"]).verify(case["body"], case["headers"])
        made += 1
    assert made >= 1
