"""Signs what goes out to a lender: Standard Webhooks 1.0.0, `v1` (HMAC-SHA256) and `v1a` (Ed25519)."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_BYTES = 32
SECRET_BYTES_MIN = 24
SECRET_BYTES_MAX = 64


class SecretError(ValueError):
    """A signing secret is not what Standard Webhooks asks for."""


def write_secret(raw: bytes) -> str:
    """Write a shared secret as the lender keeps it: `whsec_` and base64; raises SecretError for a bad length."""
    if not SECRET_BYTES_MIN <= len(raw) <= SECRET_BYTES_MAX:
        raise SecretError(f"a secret has {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX} bytes, not {len(raw)}")
    return f"whsec_{base64.b64encode(raw).decode()}"


def write_private_key(raw: bytes) -> str:
    """Write an Ed25519 seed of 32 bytes as the portal keeps it: `whsk_` and base64."""
    if len(raw) != 32:
        raise SecretError(f"an Ed25519 seed has 32 bytes, not {len(raw)}")
    return f"whsk_{base64.b64encode(raw).decode()}"


def public_key_of(private_key: str) -> str:
    """Give the public half of a `whsk_` key as the lender keeps it: `whpk_` and base64."""
    raw = _ed25519(private_key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"whpk_{base64.b64encode(raw).decode()}"


class Signer:
    """Signs with the keys of one endpoint, which are read once; several sign beside each other while one rotates."""

    def __init__(self, *, secrets: Iterable[str] = (), private_keys: Iterable[str] = ()) -> None:
        """Read the keys; raises SecretError when one cannot be read or there is none."""
        self._shared = [_shared(secret) for secret in secrets]
        self._private = [_ed25519(private_key) for private_key in private_keys]
        if not self._shared and not self._private:
            raise SecretError("nothing signs without a secret")

    def sign(self, *, webhook_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """Make the three headers of one attempt."""
        seconds = int(at.timestamp())
        signed = b"%b.%d.%b" % (webhook_id.encode(), seconds, body)
        signatures = [f"v1,{_text(hmac.digest(key, signed, 'sha256'))}" for key in self._shared]
        signatures += [f"v1a,{_text(key.sign(signed))}" for key in self._private]
        return {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(signatures),
        }


def sign(
    *,
    webhook_id: str,
    at: datetime,
    body: bytes,
    secrets: Iterable[str] = (),
    private_keys: Iterable[str] = (),
) -> dict[str, str]:
    """Make the three headers of one attempt; raises SecretError for keys that sign nothing."""
    return Signer(secrets=secrets, private_keys=private_keys).sign(webhook_id=webhook_id, at=at, body=body)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _shared(secret: str) -> bytes:
    """Read a secret as the public library does: with or without its prefix, padded or not."""
    try:
        raw = base64.b64decode(secret.removeprefix("whsec_") + "==")
    except (binascii.Error, ValueError) as fault:
        raise SecretError("the secret cannot be read") from fault
    if not raw:
        raise SecretError("the secret is empty")
    return raw


def _ed25519(private_key: str) -> Ed25519PrivateKey:
    try:
        raw = base64.b64decode(private_key.removeprefix("whsk_"), validate=True)
        return Ed25519PrivateKey.from_private_bytes(raw)
    except (binascii.Error, ValueError) as fault:
        raise SecretError("the private key cannot be read") from fault
