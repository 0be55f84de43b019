"""One way to write a value down, so that equal values have equal bytes and equal hashes."""

import hashlib
import json
from typing import Any

_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical_json(value: Any) -> str:
    """Return compact JSON with sorted keys; for mappings, lists, strings, whole numbers, booleans and None."""
    return repr(value) if type(value) is int else _write(value)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of a value, in hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
