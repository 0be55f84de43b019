"""The list of public keys is written in one way and read back, or refused."""

from datetime import UTC, datetime

import pytest

from portal.core.errors import EvidenceError
from portal.core.evidence.public_keys import PublicKey, read_public_keys, write_public_keys

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def a_key(**changes):
    plain = {
        "use": "papers", "algorithm": "ml-dsa-65", "key_id": "1f2e", "public": b"k" * 1952, "since": AT, "until": None,
        "more": {"pem": "-----BEGIN"},
    }  # fmt: skip
    return PublicKey(**plain | changes)


def written(*keys):
    return write_public_keys(lender="Tamarind", origin="portal/tamarind/events", keys=keys)


def test_keys_are_found_by_use_and_algorithm():
    content = written(
        a_key(), a_key(key_id="2a", until=AT), a_key(use="log", key_id="3b"), a_key(algorithm="ed25519")
    )
    assert read_public_keys(content, use="papers", algorithm="ml-dsa-65") == {
        "1f2e": b"k" * 1952,
        "2a": b"k" * 1952,
    }
    assert b'"oid":"2.16.840.1.101.3.4.3.18"' in content
    assert b'"until":"2026-12-01T09:30:00.000000Z"' in content


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"[]\n", written(a_key()).replace(b"keys/1", b"keys/9"), written(a_key())[:-1] + b" \n",
     b'{"format":"portal-keys/1","keys":[{"use":"papers"}],"lender":"","log":""}\n',
     b'{"format":"portal-keys/1","keys":{},"lender":"","log":""}\n'],
)  # fmt: skip
def test_another_file_is_refused(content):
    with pytest.raises(EvidenceError):
        read_public_keys(content, use="papers", algorithm="ml-dsa-65")
