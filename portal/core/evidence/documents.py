"""The files that carry a proof: that one event is in a log, or that a log only grew. Canonical JSON and a line feed.

A file is read only when it is written in the one way in which it can be written, so that no byte of it can change
without being noticed.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import LogKey, read_key
from portal.core.evidence.leaf import Disclosed
from portal.core.plans.canonical import canonical_json

PROOF_FORMAT = "portal-proof/1"
GROWTH_FORMAT = "portal-consistency/1"
FILE_BYTES_MAX = 2_000_000
_HASH = re.compile(r"[0-9a-f]{64}")
SIZE_MAX = 2**53


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event of a log with the way from its leaf to a root: what a proof says without its checkpoint.

    `index` counts from 0; `path` is the inclusion proof, nearest first. `leaf_hash` repeats the hash of `leaf`, so
    that an altered leaf and an altered path can be told apart.
    """

    index: int
    leaf: str
    leaf_hash: bytes
    disclosed: Mapping[str, Disclosed]
    path: tuple[bytes, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as it stands in a file."""
        return {
            "disclosed": {
                name: {"salt": one.salt, "value": one.value} for name, one in self.disclosed.items()
            },
            "index": self.index,
            "leaf": self.leaf,
            "leaf_hash": self.leaf_hash.hex(),
            "path": [part.hex() for part in self.path],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """A file that shows that an event is in a log: the entry, the signed head and the keys that signed it.

    `time_stamp` is the answer of a time-stamp authority (RFC 3161, DER) over the whole checkpoint, empty without one.
    """

    entry: Entry
    checkpoint: str
    keys: tuple[LogKey, ...]
    time_stamp: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """A file that shows that one signed head of a log is the beginning of a later one."""

    old: str
    new: str
    path: tuple[bytes, ...]
    keys: tuple[LogKey, ...]


def write_proof(proof: Proof) -> bytes:
    """Return the bytes of a proof's file."""
    document = proof.entry.to_dict() | {
        "checkpoint": proof.checkpoint,
        "format": PROOF_FORMAT,
        "keys": [key.write() for key in proof.keys],
    }
    if proof.time_stamp:
        document["time_stamp"] = b64encode(proof.time_stamp).decode()
    return write_file(document)


def write_growth(growth: Growth) -> bytes:
    """Return the bytes of a consistency proof's file."""
    return write_file(
        {
            "format": GROWTH_FORMAT,
            "keys": [key.write() for key in growth.keys],
            "new": growth.new,
            "old": growth.old,
            "path": [part.hex() for part in growth.path],
        }
    )


def write_file(document: Mapping[str, Any]) -> bytes:
    """Return the one way in which a document of this family is written."""
    return (canonical_json(document) + "\n").encode()


def read_file(content: bytes) -> dict[str, Any]:
    """Read a document's fields; raises EvidenceError naming the first byte that is not as it must be."""
    if len(content) > FILE_BYTES_MAX:
        raise EvidenceError(f"the file has more than {FILE_BYTES_MAX} bytes")
    try:
        document = json.loads(content.decode(), parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as fault:
        raise EvidenceError("the file is no JSON document") from fault
    if not isinstance(document, dict):
        raise EvidenceError("the file is no JSON object")
    try:
        written = write_file(document)
    except ValueError as fault:
        raise EvidenceError("the file holds broken text") from fault
    if written != content:
        at = next(
            (place for place, pair in enumerate(zip(written, content, strict=False)) if pair[0] != pair[1]),
            -1,
        )
        raise EvidenceError(
            f"the file is not written as it was issued: byte {at if at >= 0 else len(written)}"
        )
    return document


def _no_float(text: str) -> float:
    raise EvidenceError(f"no fraction can stand here: {text[:20]}")


def read_proof(document: Mapping[str, Any]) -> Proof:
    """Read a proof from its fields; raises EvidenceError naming the field that is missing, unknown or malformed."""
    names = {"checkpoint", "disclosed", "format", "index", "keys", "leaf", "leaf_hash", "path"}
    _only(document, names | ({"time_stamp"} & set(document)), format_=PROOF_FORMAT)
    rest = {name: document[name] for name in ("disclosed", "index", "leaf", "leaf_hash", "path")}
    return Proof(
        entry=read_entry(rest),
        checkpoint=_text(document, "checkpoint"),
        keys=_keys(document),
        time_stamp=_token(document) if "time_stamp" in document else b"",
    )


def _token(document: Mapping[str, Any]) -> bytes:
    """Read a time stamp in the one way in which its base64 can be written."""
    text = _text(document, "time_stamp")
    try:
        token = b64decode(text, validate=True)
    except ValueError as fault:
        raise EvidenceError("time_stamp is no base64") from fault
    if not token or b64encode(token).decode() != text:
        raise EvidenceError("time_stamp is no base64")
    return token


def read_growth(document: Mapping[str, Any]) -> Growth:
    """Read a consistency proof from its fields; raises EvidenceError naming what is malformed."""
    _only(document, {"format", "keys", "new", "old", "path"}, format_=GROWTH_FORMAT)
    return Growth(
        old=_text(document, "old"), new=_text(document, "new"), path=_path(document), keys=_keys(document)
    )


def read_entry(document: Mapping[str, Any]) -> Entry:
    """Read an entry from its fields; raises EvidenceError naming what is malformed."""
    _only(document, {"disclosed", "index", "leaf", "leaf_hash", "path"})
    index = document["index"]
    if type(index) is not int or not 0 <= index < SIZE_MAX:
        raise EvidenceError("index is no place in a log")
    return Entry(
        index=index,
        leaf=_text(document, "leaf"),
        leaf_hash=_hash(document["leaf_hash"], "leaf_hash"),
        disclosed=_disclosed(document["disclosed"]),
        path=_path(document),
    )


def _disclosed(found: object) -> dict[str, Disclosed]:
    if not isinstance(found, dict):
        raise EvidenceError("disclosed is no object")
    fields = {}
    for name, one in found.items():
        if not isinstance(one, dict) or set(one) != {"salt", "value"} or not isinstance(one["value"], str):
            raise EvidenceError(f"disclosed field {name[:60]} is malformed")
        fields[name] = Disclosed(
            salt=_hash(one["salt"], f"the salt of {name[:60]}").hex(), value=one["value"]
        )
    return fields


def _only(document: Mapping[str, Any], names: set[str], *, format_: str | None = None) -> None:
    if format_ is not None and document.get("format") != format_:
        raise EvidenceError(f"format is not {format_}")
    for name in sorted(names ^ set(document)):
        raise EvidenceError(f"field {name[:60]} is {'missing' if name in names else 'unknown'}")


def _text(document: Mapping[str, Any], name: str) -> str:
    if not isinstance(document[name], str):
        raise EvidenceError(f"{name} is no text")
    return str(document[name])


def _hash(text: object, name: str) -> bytes:
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        raise EvidenceError(f"{name} is no SHA-256 in lower-case digits")
    return bytes.fromhex(text)


def _path(document: Mapping[str, Any]) -> tuple[bytes, ...]:
    path = document["path"]
    if not isinstance(path, list) or len(path) > 128:
        raise EvidenceError("path is no list of hashes")
    return tuple(_hash(part, f"path entry {place}") for place, part in enumerate(path))


def _keys(document: Mapping[str, Any]) -> tuple[LogKey, ...]:
    return read_keys(document["keys"])


def read_keys(lines: Sequence[Any]) -> tuple[LogKey, ...]:
    """Read the keys of a log from their lines; raises EvidenceError for a line that is none."""
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines) or len(lines) > 200:
        raise EvidenceError("keys is no list of keys")
    return tuple(read_key(line) for line in lines)
