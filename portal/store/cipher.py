"""Field encryption: AES-256-GCM with a data key per lender, wrapped by the master key.

A sealed value is `version (1 byte) | key id (2 bytes) | nonce (12) | ciphertext and tag`. The associated data is
`column:row`, so a value copied to another row or column does not open.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
WRAP_ALGORITHM = "A256GCM"
_HEAD = 3
_NONCE = 12


class UnsealError(ValueError):
    """A sealed value does not belong to this place or was altered."""


@dataclass(frozen=True)
class WrappedKey:
    key_id: int
    purpose: str
    algorithm: str
    wrapped: bytes


class MasterKey:
    """Wraps the lenders' data keys, and seals the few fields that belong to no lender."""

    def __init__(self, material: bytes) -> None:
        if len(material) != 32:
            raise ValueError("the master key has 32 bytes")
        self._aead = AESGCM(material)

    def new_key(self, *, lender_id: int, key_id: int, purpose: str) -> WrappedKey:
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._aead.encrypt(nonce, secrets.token_bytes(32), _place(lender_id, key_id, purpose))
        return WrappedKey(key_id, purpose, WRAP_ALGORITHM, nonce + sealed)

    def unwrap(self, key: WrappedKey, *, lender_id: int) -> bytes:
        nonce, sealed = key.wrapped[:_NONCE], key.wrapped[_NONCE:]
        try:
            return self._aead.decrypt(nonce, sealed, _place(lender_id, key.key_id, key.purpose))
        except InvalidTag as problem:
            raise UnsealError("the master key does not open this lender's keys") from problem

    def seal(self, *, column: str, row: object, text: str) -> bytes:
        """Seal a field of a shared table, which belongs to no lender (a guest's second factor, a provider's secret)."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._aead.encrypt(nonce, text.encode(), f"shared:{column}:{row}".encode())

    def unseal(self, *, column: str, row: object, sealed: bytes) -> str:
        """Open a field of a shared table; raises UnsealError when it was altered or moved."""
        nonce, body = bytes(sealed)[:_NONCE], bytes(sealed)[_NONCE:]
        try:
            return self._aead.decrypt(nonce, body, f"shared:{column}:{row}".encode()).decode()
        except InvalidTag as problem:
            raise UnsealError("a sealed value was altered or moved") from problem


class FieldCipher:
    """Seals, unseals and digests the fields of one lender."""

    def __init__(self, *, seal_keys: Mapping[int, bytes], digest_key: bytes) -> None:
        self._aeads = {key_id: AESGCM(key) for key_id, key in seal_keys.items()}
        self._newest = max(seal_keys)
        self._digest_key = digest_key

    def seal(self, *, column: str, row: object, text: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._aeads[self._newest].encrypt(nonce, text.encode(), f"{column}:{row}".encode())
        return bytes([VERSION]) + self._newest.to_bytes(2, "big") + nonce + sealed

    def unseal(self, *, column: str, row: object, sealed: bytes) -> str:
        blob = bytes(sealed)
        if len(blob) < _HEAD + _NONCE or blob[0] != VERSION:
            raise UnsealError("not a sealed value")
        aead = self._aeads.get(int.from_bytes(blob[1:_HEAD], "big"))
        if aead is None:
            raise UnsealError("sealed with a key that this lender no longer has")
        nonce, body = blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE :]
        try:
            return aead.decrypt(nonce, body, f"{column}:{row}".encode()).decode()
        except InvalidTag as problem:
            raise UnsealError("a sealed value was altered or moved") from problem

    def digest(self, purpose: str, text: str) -> bytes:
        """Keyed digest for look-ups: equal texts of one lender meet, nobody without the key can guess."""
        return hmac.digest(self._digest_key, f"{purpose}\x00{text}".encode(), "sha256")


def secret_digest(secret: str) -> bytes:
    """Digest of a secret of at least 128 random bits (link token, session, API key): a plain hash suffices."""
    return hashlib.sha256(secret.encode()).digest()


def _place(lender_id: int, key_id: int, purpose: str) -> bytes:
    return f"lender_keys:{lender_id}:{key_id}:{purpose}".encode()
