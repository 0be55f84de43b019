"""The evidence pack: one file with everything about an agreement, and how it is checked without the portal.

A manifest names every file by its SHA-256, and the log's keys of both algorithms sign it. The log's entries, under a
checkpoint that both signed too, vouch for the agreement's terms, its text and its papers.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portal.core.errors import EvidenceError
from portal.core.evidence.checkpoint import (
    ALGORITHMS,
    Head,
    LogKey,
    encode_hash,
    read_key,
    read_note,
    write_note,
)
from portal.core.evidence.documents import Entry, read_entry, read_file, write_file
from portal.core.evidence.leaf import read_leaf
from portal.core.evidence.seals import check_seals
from portal.core.evidence.stamped import check_stamped, tell_stamped
from portal.core.evidence.verify import Check, Fault, StampCheck, check_entry, check_note

FORMAT = "portal-pack/2"
OLD_FORMAT = "portal-pack/1"
"""Packs of this format were signed by Ed25519 alone."""
LOG_FORMAT = "portal-log/1"
MANIFEST, SEAL, KEYS, CHECKPOINT, LOG = (
    "manifest.json",
    "manifest.note",
    "keys.txt",
    "log/checkpoint.txt",
    "log/events.json",
)

_LETTER = re.compile(r"accounts/[^/]+/letters/[^/]+/letter\.(?:json|html)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a pack is about, for the manifest and for who reads a verdict."""

    agreement: str
    lender: str
    origin: str
    log_size: int
    sealed_at: str


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file in hex."""
    return sha256(content).hexdigest()


def path_word(ref: str) -> str:
    """Return a reference as one part of a path: letters, digits, dots and dashes, everything else in percent form."""
    plain = re.sub(rb"[^A-Za-z0-9._-]", lambda found: b"%%%02X" % found[0][0], ref.encode()).decode()
    return plain.replace(".", "%2E") if set(ref) <= {"."} else plain


def write_manifest(files: Mapping[str, bytes], facts: Facts) -> bytes:
    """Return the manifest over these files."""
    listed = {
        path: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for path, content in files.items()
    }
    return write_file(
        {"about": {name: getattr(facts, name) for name in Facts.__slots__}, "files": listed, "format": FORMAT}
    )


def seal_text(manifest: bytes, *, format_: str = FORMAT) -> str:
    """Return the text that is signed for a manifest; its first line can never be that of a checkpoint."""
    return f"{format_}\n{encode_hash(sha256(manifest).digest())}\n"


def write_seal(manifest: bytes, signatures: Sequence[tuple[LogKey, bytes]]) -> bytes:
    """Return the signed note over a manifest: one signature of each algorithm, in their order."""
    return write_note(seal_text(manifest), signatures).encode()


def write_log(entries: Sequence[Entry]) -> bytes:
    """Return the file of a pack's events, each with its way to the checkpoint's root."""
    return write_file({"entries": [entry.to_dict() for entry in entries], "format": LOG_FORMAT})


def write_keys(keys: Sequence[LogKey]) -> bytes:
    """Return the file of the log's keys, a line each."""
    return "".join(f"{key.write()}\n" for key in keys).encode()


def check_pack(
    files: Mapping[str, bytes],
    *,
    check: Check,
    trusted: Sequence[LogKey] | None = None,
    check_stamp: StampCheck | None = None,
) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Return every fault of a pack's files and, for reading, what it is about.

    Without `trusted` keys the pack's own are used: then it is whole, and whose it is rests on comparing the keys. The
    time stamp itself is looked at only where `check_stamp` is given; that its head belongs to the log, always.
    """
    try:
        keys = _read_keys(files, trusted)
        manifest = read_file(_file(files, MANIFEST))
        faults = (*_check_seal(files, keys, check), *_check_files(files, manifest))
        if faults:
            return faults, ()
        head, noted = check_note(_file(files, CHECKPOINT).decode(), keys=keys, check=check)
        if head is None or noted:
            return noted, ()
        entries = _read_log(files)
        faults = (
            *_check_entries(entries, head),
            *_check_agreements(files, entries),
            *_check_letters(files, entries),
            *check_seals(files, check=check),
            *check_stamped(files, keys=keys, check=check, check_stamp=check_stamp),
        )
        return faults, (*_tell(manifest, entries), *tell_stamped(files, check_stamp))
    except EvidenceError as fault:
        return (Fault(part="pack", detail=f"{fault}."),), ()


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        raise EvidenceError(f"{path} is missing")
    return files[path]


def _read_keys(files: Mapping[str, bytes], trusted: Sequence[LogKey] | None) -> Sequence[LogKey]:
    try:
        lines = _file(files, KEYS).decode().splitlines()
    except ValueError as fault:
        raise EvidenceError(f"{KEYS} is no text") from fault
    own = [read_key(line) for line in lines]
    if trusted is not None and not set(own) <= set(trusted):
        raise EvidenceError(f"{KEYS} names a key that is not among the trusted ones")
    return own if trusted is None else trusted


def _check_seal(files: Mapping[str, bytes], keys: Sequence[LogKey], check: Check) -> Iterator[Fault]:
    """Tell whether the manifest is signed as it stands."""
    try:
        text, signatures = read_note(_file(files, SEAL).decode())
    except ValueError:
        yield Fault(part=SEAL, detail="The signature of the manifest cannot be read.")
        return
    format_ = text.partition("\n")[0]
    if format_ not in (FORMAT, OLD_FORMAT) or text != seal_text(files[MANIFEST], format_=format_):
        yield Fault(
            part=MANIFEST, detail="The manifest is not the one that was signed, or its note was altered."
        )
        return
    known = {key.key_id: key for key in keys}
    held = []
    for one in signatures:
        key = known.get(one.key_id)
        if key is None or key.name != one.name or not check(key, text.encode(), one.signature):
            yield Fault(part=SEAL, detail="The signature of the manifest does not hold.")
        else:
            held.append(key.algorithm)
    wanted = ALGORITHMS if format_ == FORMAT else ("ed25519",)
    if len(signatures) != len(wanted) or sorted(held) != sorted(wanted):
        yield Fault(part=SEAL, detail=f"The manifest is to have one signature of each: {', '.join(wanted)}.")


def _check_files(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Fault]:
    listed = manifest.get("files")
    if manifest.get("format") not in (FORMAT, OLD_FORMAT) or not isinstance(listed, dict):
        yield Fault(part=MANIFEST, detail="The manifest is not written as a manifest is.")
        return
    present = {path: content for path, content in files.items() if path not in (MANIFEST, SEAL)}
    for path in sorted({*listed, *present}):
        if path not in present:
            yield Fault(part=path, detail=f"{path} is missing.")
        elif path not in listed:
            yield Fault(part=path, detail=f"{path} does not belong to the pack.")
        elif listed[path] != {"bytes": len(present[path]), "sha256": sha256(present[path]).hexdigest()}:
            yield Fault(part=path, detail=f"{path} is not the file that was packed.")


def _read_log(files: Mapping[str, bytes]) -> list[Entry]:
    document = read_file(_file(files, LOG))
    if document.get("format") != LOG_FORMAT or not isinstance(document.get("entries"), list):
        raise EvidenceError(f"{LOG} is not written as a log is")
    return [read_entry(one) for one in document["entries"]]


def _check_entries(entries: Sequence[Entry], head: Head) -> Iterator[Fault]:
    for entry in entries:
        for fault in check_entry(entry, head=head):
            yield Fault(part=f"event at index {entry.index}, {fault.part}", detail=fault.detail)


def _check_agreements(files: Mapping[str, bytes], entries: Sequence[Entry]) -> Iterator[Fault]:
    """Tell which agreement's files are not those that its sealed signature names."""
    vouched = {}
    for entry in entries:
        if read_leaf(entry.leaf).type == "agreement.signed":
            told = {name: json.loads(one.value) for name, one in entry.disclosed.items()}
            vouched[told.get("payload.id")] = (
                told.get("payload.terms_digest"),
                told.get("payload.html_digest"),
            )
    refs = sorted({path.split("/")[1] for path in files if path.startswith("agreements/")})
    for ref in refs:
        folder = f"agreements/{ref}"
        found = tuple(
            sha256(files.get(f"{folder}/{name}", b"")).hexdigest()
            for name in ("terms.json", "agreement.html")
        )
        if vouched.get(ref) != found:
            detail = f"No sealed signature names the terms and the text of {ref}."
            yield Fault(part=folder, detail=detail)


def _check_letters(files: Mapping[str, bytes], entries: Sequence[Entry]) -> Iterator[Fault]:
    """Tell which letter's files are not those that its sealed event names."""
    vouched = {}
    for entry in entries:
        if read_leaf(entry.leaf).type == "letter.issued":
            told = {name: json.loads(one.value) for name, one in entry.disclosed.items()}
            vouched[told.get("payload.id")] = (told.get("payload.data_digest"), told.get("payload.digest"))
    folders = sorted({path.rpartition("/")[0] for path in files if _LETTER.fullmatch(path)})
    for folder in folders:
        found = tuple(digest(files.get(f"{folder}/{name}", b"")) for name in ("letter.json", "letter.html"))
        if vouched.get(folder.rpartition("/")[2]) != found:
            detail = f"No sealed event names the data and the text of {folder.rpartition('/')[2]}."
            yield Fault(part=folder, detail=detail)


def _tell(manifest: Mapping[str, Any], entries: Sequence[Entry]) -> tuple[str, ...]:
    about = manifest["about"]
    return (
        f"agreement {about['agreement']} with {about['lender']}",
        f"{len(entries)} events of {about['origin']}, sealed at size {about['log_size']} on {about['sealed_at']}",
        *_superseded(entries),
    )


def _superseded(entries: Sequence[Entry]) -> list[str]:
    """Say which versions a newer one replaced, by the sealed events; one that was taken back replaced nothing."""
    newer: dict[str, tuple[str, str]] = {}
    for entry in entries:
        leaf = read_leaf(entry.leaf)
        told = {name: json.loads(one.value) for name, one in entry.disclosed.items()}
        named, before = told.get("payload.id"), told.get("payload.amends") or told.get("payload.back_to")
        if leaf.type == "agreement.amended" and named and before:
            newer[before] = (named, leaf.at[:10])
        elif leaf.type == "agreement.withdrawn" and before:
            newer.pop(before, None)
    return [f"agreement {before} is superseded by {after} of {on}" for before, (after, on) in newer.items()]
