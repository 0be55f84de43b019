"""The signed head of a log: its name, size and root, as a C2SP tlog-checkpoint in a C2SP signed note.

Two keys sign each one, Ed25519 and ML-DSA-65 (FIPS 204), and every signature names its key. Ed25519 has the note's
own type byte 01; ML-DSA-65 has none assigned, so its type is ff and the algorithm's name, as the note format says.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from portal.core.errors import EvidenceError
from portal.core.evidence.leaf import write_exact_time
from portal.core.evidence.tree import HASH_LENGTH

ALGORITHMS = ("ed25519", "ml-dsa-65")
"""What signs a checkpoint, in the order of the signature lines."""
_TYPES = {"ed25519": b"\x01", "ml-dsa-65": b"\xffML-DSA-65"}
_PUBLIC_BYTES = {"ed25519": 32, "ml-dsa-65": 1952}
NOTE_BYTES_MAX = 20_000
_ORIGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/\-]{0,119}")
_TIME = re.compile(r"time [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def origin_of(slug: str) -> str:
    """Return the name of a lender's log, which is also the name of its keys."""
    return f"portal/{slug}/events"


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What a checkpoint says: the log's name, how many leaves it has, their root, and when it was sealed."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """Return the note's text, which is what is signed; raises EvidenceError for a name that cannot stand in it."""
        if not _ORIGIN.fullmatch(self.origin):
            raise EvidenceError("a log's name is letters, digits, dots, dashes and slashes")
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\ntime {write_exact_time(self.at)}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogKey:
    """A public key of a log: whose it is, its algorithm and its raw bytes."""

    name: str
    algorithm: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + _TYPES[self.algorithm] + self.public).digest()[:4]

    def write(self) -> str:
        """Return the key as one line of text: name, key id, type and bytes."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(_TYPES[self.algorithm] + self.public)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteSignature:
    """One signature line: the key's name and id, and the signature itself."""

    name: str
    key_id: bytes
    signature: bytes


def read_key(line: str) -> LogKey:
    """Read a key from its line; raises EvidenceError unless the line is exactly what `LogKey.write` gives."""
    name, _, rest = line.partition("+")
    packed = _unbase64(rest.partition("+")[2])
    for algorithm, kind in _TYPES.items():
        public = packed.removeprefix(kind)
        if packed.startswith(kind) and len(public) == _PUBLIC_BYTES[algorithm]:
            key = LogKey(name=name, algorithm=algorithm, public=public)
            if _ORIGIN.fullmatch(name) and key.write() == line:
                return key
    raise EvidenceError("a key of a log cannot be read")


def write_note(text: str, signatures: Sequence[tuple[LogKey, bytes]]) -> str:
    """Return the signed note: the text, an empty line, one line for each signature."""
    lines = [f"\u2014 {key.name} {_base64(key.key_id + signature)}\n" for key, signature in signatures]
    return f"{text}\n{''.join(lines)}"


def read_note(note: str) -> tuple[str, tuple[NoteSignature, ...]]:
    """Return a note's signed text and its signatures; raises EvidenceError unless it is written exactly so."""
    text, parted, below = note.rpartition("\n\n")
    if not parted or len(note.encode()) > NOTE_BYTES_MAX or not below.endswith("\n"):
        raise EvidenceError("this is no signed note")
    return text + "\n", tuple(_read_signature(line) for line in below[:-1].split("\n"))


def _read_signature(line: str) -> NoteSignature:
    dash, name, packed = (*line.split(" "), "", "")[:3]
    blob = _unbase64(packed)
    if dash != "\u2014" or not _ORIGIN.fullmatch(name) or len(blob) <= 4 or len(line.split(" ")) != 3:
        raise EvidenceError("a signature line of the note cannot be read")
    return NoteSignature(name=name, key_id=blob[:4], signature=blob[4:])


def read_head(text: str) -> Head:
    """Read what a checkpoint says from its note's text; raises EvidenceError unless it is written exactly so."""
    lines = text.split("\n")
    if len(lines) != 5 or not lines[1].isascii() or not lines[1].isdigit() or not _TIME.fullmatch(lines[3]):
        raise EvidenceError("this is no checkpoint")
    try:
        at = datetime.fromisoformat(lines[3][5:-1]).replace(tzinfo=UTC)
    except ValueError as fault:
        raise EvidenceError("the checkpoint's time is none") from fault
    head = Head(origin=lines[0], size=int(lines[1][:18]), root=_unbase64(lines[2]), at=at)
    if len(head.root) != HASH_LENGTH or head.text() != text:
        raise EvidenceError("the checkpoint is not written as a checkpoint is")
    return head


def encode_hash(raw: bytes) -> str:
    """Return a hash as it stands in a note: base64."""
    return _base64(raw)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise EvidenceError("base64 cannot be read") from fault
    if _base64(raw) != text:
        raise EvidenceError("base64 is not written the one way it can be")
    return raw
