import json

import pytest

from portal.core.agreements.detached import (
    PUBLIC_KEY_BYTES,
    SIGNATURE_BYTES,
    Detached,
    DetachedError,
    message,
    read,
    write,
)

DIGEST = "ab" * 32


def a_signature(**changes):
    plain = {
        "file_sha256": DIGEST,
        "key_id": "0123456789abcdef",
        "public_key": b"k" * PUBLIC_KEY_BYTES,
        "signature": b"s" * SIGNATURE_BYTES,
        "signed_at": "2026-12-01T09:30:00+00:00",
    }
    return Detached(**plain | changes)


def test_what_is_written_is_read():
    assert read(write(a_signature())) == a_signature()


def test_the_message_differs_in_every_part():
    signed = message(file_sha256=DIGEST, signed_at="a")
    assert signed != message(file_sha256="cd" * 32, signed_at="a")
    assert signed != message(file_sha256=DIGEST, signed_at="b")
    assert b"ml-dsa-65" in signed


@pytest.mark.parametrize(
    "change",
    [
        {"format": "portal-detached-signature/9"},
        {"algorithm": "rsa"},
        {"file_sha256": "AB" * 32},
        {"file_sha256": None},
        {"public_key": "AAAA"},
        {"signature": "not base64!"},
        {"signed_at": 7},
        {"key_id": ["x"]},
    ],
)
def test_anything_else_is_refused_in_words(change):
    body = json.loads(write(a_signature()))
    with pytest.raises(DetachedError):
        read(json.dumps(body | change))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 10_000, "\x00"])
def test_no_text_crashes_it(text):
    with pytest.raises(DetachedError):
        read(text)
