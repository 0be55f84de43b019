"""The keys that sign the heads of a lender's log: Ed25519 for today's tools, ML-DSA-65 (FIPS 204) for tomorrow's."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.core.evidence.checkpoint import ALGORITHMS, LogKey

PrivateKey = Ed25519PrivateKey | MLDSA65PrivateKey
_GENERATE: dict[str, Callable[[], PrivateKey]] = {
    "ed25519": Ed25519PrivateKey.generate,
    "ml-dsa-65": MLDSA65PrivateKey.generate,
}
_LOAD: dict[str, Callable[[bytes], PrivateKey]] = {
    "ed25519": Ed25519PrivateKey.from_private_bytes,
    "ml-dsa-65": MLDSA65PrivateKey.from_seed_bytes,
}
_PUBLIC: dict[str, Callable[[bytes], Ed25519PublicKey | MLDSA65PublicKey]] = {
    "ed25519": Ed25519PublicKey.from_public_bytes,
    "ml-dsa-65": MLDSA65PublicKey.from_public_bytes,
}


@dataclass(frozen=True, kw_only=True)
class LogKeyPair:
    """A key of a log with the 32-byte seed of its private half."""

    key: LogKey
    seed: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes with Ed25519, 3,309 with ML-DSA-65."""
        return _LOAD[self.key.algorithm](self.seed).sign(message)


def make_key_pairs(name: str) -> tuple[LogKeyPair, ...]:
    """Make a fresh key of each algorithm for the log of this name."""
    return tuple(_make(name, algorithm) for algorithm in ALGORITHMS)


def _make(name: str, algorithm: str) -> LogKeyPair:
    private = _GENERATE[algorithm]()
    public = private.public_key().public_bytes_raw()
    return LogKeyPair(
        key=LogKey(name=name, algorithm=algorithm, public=public), seed=private.private_bytes_raw()
    )


def write_pem(key: LogKey) -> str:
    """Return a public key as other tools read it: SubjectPublicKeyInfo (RFC 5280) in PEM."""
    public = _PUBLIC[key.algorithm](key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def is_signed_by(key: LogKey, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the key signed the message; malformed keys and signatures simply did not."""
    try:
        _PUBLIC[key.algorithm](key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
