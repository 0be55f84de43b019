"""Field encryption: AES-256-GCM with data keys per lender, wrapped by the master key (hybrid, post-quantum).

A sealed value is `version (1 byte) | key id (2 bytes) | nonce (12) | ciphertext and tag`. The associated data is
`column:row`, so a value copied to another row or column does not open.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
WRAP_ALGORITHM = "HPKE-MLKEM768X25519-HKDF-SHA256-A256GCM"
"""How data keys are wrapped now; those of an earlier release say A256GCM and open as well."""
_HEAD = 3
_NONCE = 12
_DIGEST = 32
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class UnsealError(ValueError):
    """A sealed value does not belong to this place or was altered."""


class UnknownKeyError(UnsealError):
    """A value was sealed with a key that this process does not know: perhaps one that is newer than its copy."""


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it is kept; a digest key that is not in use yet is known to every process before it is used."""

    key_id: int
    purpose: str
    algorithm: str
    wrapped: bytes
    is_in_use: bool = True


class MasterKey:
    """Wraps the lenders' data keys, and seals the few fields that belong to no lender.

    Data keys are wrapped by HPKE (RFC 9180) with the hybrid of ML-KEM-768 and X25519, so both must fall before one
    opens; its private halves are derived from the material. While the material is changed, what the `previous` one
    wrapped or sealed opens too.
    """

    def __init__(self, material: bytes, *, previous: bytes | None = None) -> None:
        self._current = _Material(material)
        self._all = [self._current] + ([] if previous is None else [_Material(previous)])

    def new_key(self, *, lender_id: int, key_id: int, purpose: str) -> WrappedKey:
        """Make a data key of 256 random bits, wrapped."""
        return self.wrap(secrets.token_bytes(32), lender_id=lender_id, key_id=key_id, purpose=purpose)

    def wrap(self, data_key: bytes, *, lender_id: int, key_id: int, purpose: str) -> WrappedKey:
        """Wrap a data key for its place: moved to another lender or purpose it does not open."""
        place = _place(lender_id, key_id, purpose)
        wrapped = _SUITE.encrypt(data_key, self._current.hybrid.public_key(), place)
        return WrappedKey(key_id, purpose, WRAP_ALGORITHM, wrapped)

    def unwrap(self, key: WrappedKey, *, lender_id: int) -> bytes:
        """Open a data key; raises UnsealError when no master key of ours wrapped it for this place."""
        place = _place(lender_id, key.key_id, key.purpose)
        for material in self._all:
            with suppress(InvalidTag, ValueError):
                if key.algorithm == WRAP_ALGORITHM:
                    return _SUITE.decrypt(key.wrapped, material.hybrid, place)
                return material.aead.decrypt(key.wrapped[:_NONCE], key.wrapped[_NONCE:], place)
        raise UnsealError("the master key does not open this lender's keys")

    def seal(self, *, column: str, row: object, text: str) -> bytes:
        """Seal a field of a shared table, which belongs to no lender (a guest's second factor, a provider's secret)."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._current.aead.encrypt(nonce, text.encode(), f"shared:{column}:{row}".encode())

    def unseal(self, *, column: str, row: object, sealed: bytes) -> str:
        """Open a field of a shared table; raises UnsealError when it was altered or moved."""
        nonce, body = bytes(sealed)[:_NONCE], bytes(sealed)[_NONCE:]
        for material in self._all:
            with suppress(InvalidTag, ValueError):
                return material.aead.decrypt(nonce, body, f"shared:{column}:{row}".encode()).decode()
        raise UnsealError("a sealed value was altered or moved")


class _Material:
    """One master key and what is derived from it."""

    def __init__(self, material: bytes) -> None:
        if len(material) != 32:
            raise ValueError("the master key has 32 bytes")
        self.aead = AESGCM(material)
        self.hybrid = MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(_derive(material, b"ml-kem-768", 64)),
            X25519PrivateKey.from_private_bytes(_derive(material, b"x25519", 32)),
        )


def _derive(material: bytes, what: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"portal wrap " + what).derive(material)


class FieldCipher:
    """Seals, unseals and digests the fields of one lender."""

    def __init__(self, *, seal_keys: Mapping[int, bytes], digests: "DigestChain") -> None:
        self._aeads = {key_id: AESGCM(key) for key_id, key in seal_keys.items()}
        self._newest = max(seal_keys)
        self.digests = digests

    @property
    def newest(self) -> int:
        """The number of the key that seals now."""
        return self._newest

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
            raise UnknownKeyError("sealed with a key that this lender does not have")
        nonce, body = blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE :]
        try:
            return aead.decrypt(nonce, body, f"{column}:{row}".encode()).decode()
        except InvalidTag as problem:
            raise UnsealError("a sealed value was altered or moved") from problem


class DigestChain:
    """Keyed digests for look-ups: equal texts of one lender meet, nobody without the keys can guess.

    A digest of the first key is the HMAC of the text. One of a later key is that key's number (2 bytes) and the HMAC
    of the digest before it, so what is kept is brought under a new key without the text, and who learns an older key
    learns nothing about what is kept now. `in_use` is the number of the key whose digests are written.
    """

    def __init__(self, keys: Mapping[int, bytes], *, in_use: int) -> None:
        (_, self._first), *self._later = sorted(keys.items())
        self._until = sum(1 for key_id, _ in self._later if key_id <= in_use)
        self._places = {key_id: place for place, (key_id, _) in enumerate(self._later, 1)}

    def first(self, purpose: str, text: str) -> bytes:
        """Digest under the first key, for ever: what must never have two digests, and tells nothing about anybody."""
        return hmac.digest(self._first, f"{purpose}\x00{text}".encode(), "sha256")

    def digest(self, purpose: str, text: str) -> bytes:
        """Digest as it is written now."""
        return self._lift(self.first(purpose, text), 0, self._until)

    def every(self, purpose: str, text: str) -> list[bytes]:
        """List what a kept digest of this text can be, under each key that this process knows."""
        found = [self.first(purpose, text)]
        for place in range(len(self._later)):
            found.append(self._lift(found[-1], place, place + 1))
        return found

    def renew(self, kept: bytes) -> bytes:
        """Bring a kept digest under the key in use; raises UnknownKeyError when a newer key made it."""
        place = (
            0 if len(kept) == _DIGEST else self._places.get(int.from_bytes(kept[:2], "big"), self._until + 1)
        )
        if place > self._until:
            raise UnknownKeyError("a digest was made with a key that this process does not use yet")
        return self._lift(kept, place, self._until)

    def _lift(self, digest: bytes, start: int, end: int) -> bytes:
        for key_id, key in self._later[start:end]:
            digest = key_id.to_bytes(2, "big") + hmac.digest(key, digest, "sha256")
        return digest


def open_cipher(master_key: MasterKey, wrapped: Sequence[WrappedKey], *, lender_id: int) -> FieldCipher:
    """Open a lender's data keys; raises UnsealError when the master key does not."""
    opened = {(key.purpose, key.key_id): master_key.unwrap(key, lender_id=lender_id) for key in wrapped}
    seal_keys = {key_id: key for (purpose, key_id), key in opened.items() if purpose == "seal"}
    digest_keys = {key_id: key for (purpose, key_id), key in opened.items() if purpose == "digest"}
    in_use = max(key.key_id for key in wrapped if key.purpose == "digest" and key.is_in_use)
    return FieldCipher(seal_keys=seal_keys, digests=DigestChain(digest_keys, in_use=in_use))


def key_of(sealed: bytes) -> int:
    """Tell which key of its lender sealed a value."""
    return int.from_bytes(bytes(sealed)[1:_HEAD], "big")


def secret_digest(secret: str) -> bytes:
    """Digest of a secret of at least 128 random bits (link token, session, API key): a plain hash suffices."""
    return hashlib.sha256(secret.encode()).digest()


def _place(lender_id: int, key_id: int, purpose: str) -> bytes:
    return f"lender_keys:{lender_id}:{key_id}:{purpose}".encode()
