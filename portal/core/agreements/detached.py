"""The signature that lies beside a document: what exactly is signed, and the small JSON file that carries it.

The message names its purpose, the algorithm and the SHA-256 of the file, so that a signature over it can never pass for
one over something else. The algorithm is ML-DSA-65 (FIPS 204), which no known quantum attack breaks.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass

FORMAT = "portal-detached-signature/1"
ALGORITHM = "ml-dsa-65"
PUBLIC_KEY_BYTES = 1_952
SIGNATURE_BYTES = 3_309
_FIELDS = ("format", "algorithm", "file_sha256", "key_id", "public_key", "signature", "signed_at")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DetachedError(ValueError):
    """A file is not a detached signature of this format; the message says what is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Detached:
    """One detached signature: over which file (SHA-256 in hex), by which key, and when (ISO 8601)."""

    file_sha256: str
    key_id: str
    public_key: bytes
    signature: bytes
    signed_at: str


def message(*, file_sha256: str, signed_at: str) -> bytes:
    """Return the bytes that are signed for a file: format, algorithm, digest and time, one a line."""
    return f"{FORMAT}\n{ALGORITHM}\n{file_sha256}\n{signed_at}\n".encode()


def write(one: Detached) -> str:
    """Return the JSON file of a signature."""
    body = {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "file_sha256": one.file_sha256,
        "key_id": one.key_id,
        "public_key": base64.b64encode(one.public_key).decode(),
        "signature": base64.b64encode(one.signature).decode(),
        "signed_at": one.signed_at,
    }
    return json.dumps(body, indent=1) + "\n"


def read(text: str) -> Detached:
    """Return the signature that a JSON file holds; raises DetachedError for anything else."""
    try:
        body = json.loads(text)
        format_, algorithm, digest, key_id, public, signature, signed_at = (body[name] for name in _FIELDS)
        public_key = base64.b64decode(public, validate=True)
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as problem:
        raise DetachedError("this is no detached signature") from problem
    if (format_, algorithm) != (FORMAT, ALGORITHM):
        raise DetachedError("the signature is of a format or an algorithm that is not known here")
    if not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        raise DetachedError("the signature names no SHA-256 digest")
    if not (isinstance(key_id, str) and isinstance(signed_at, str)):
        raise DetachedError("the signature names no key or no time")
    if (len(public_key), len(raw)) != (PUBLIC_KEY_BYTES, SIGNATURE_BYTES):
        raise DetachedError("the key or the signature is of the wrong length")
    return Detached(
        file_sha256=digest, key_id=key_id, public_key=public_key, signature=raw, signed_at=signed_at
    )
