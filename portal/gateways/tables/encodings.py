"""Which encoding a file is in: stated, certain by its first bytes, or seen in it and then reported.

What cannot be told apart is refused: a wrong guess would store wrong names.
"""

import codecs
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from portal.gateways.tables.shapes import ENCODINGS, TableError

_CHUNK = 1 << 20
_SAMPLE_MAX = 1 << 18
_CODECS = {"utf-8": "utf-8-sig", "windows-874": "cp874", "windows-1252": "cp1252"}
_ALIASES = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "utf16": "utf-16", "utf-16-le": "utf-16", "utf-16-be": "utf-16",
    "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "cp950": "big5", "cp874": "windows-874",
    "tis-620": "windows-874", "cp1252": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252",
    "iso-8859-1": "windows-1252", "ascii": "utf-8",
}  # fmt: skip
_PLAUSIBLE = 0.8
_MARGIN = 0.15


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """The name to report, the codec to read with, and whether it was seen instead of stated or certain."""

    name: str
    codec: str
    is_detected: bool


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one pass over the bytes found."""

    digest: bytes
    size: int
    head: bytes
    is_ascii: bool
    is_utf8: bool
    sample: bytes


def scan(stream: BinaryIO) -> Scan:
    """Read the whole stream once, in pieces, and put it back to its start."""
    stream.seek(0)
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")("strict")
    size, head, is_ascii, is_utf8 = 0, b"", True, True
    sample = bytearray()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        head, size = head or chunk[:4096], size + len(chunk)
        if not chunk.isascii():
            is_ascii = False
            if len(sample) < _SAMPLE_MAX:
                sample += (
                    b"\n".join(line for line in chunk.splitlines() if not line.isascii())[:_SAMPLE_MAX]
                    + b"\n"
                )
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    stream.seek(0)
    return Scan(
        digest=digest.digest(), size=size, head=head, is_ascii=is_ascii, is_utf8=is_utf8, sample=bytes(sample)
    )


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def find_encoding(found: Scan, *, stated: str | None) -> Encoding:
    """Find the encoding of a scanned file; raises TableError where it is unknown or cannot be told."""
    if stated:
        name = _ALIASES.get(stated.strip().lower(), stated.strip().lower())
        if name not in ENCODINGS:
            raise TableError("file.encoding_unknown", encoding=stated[:40], known=", ".join(ENCODINGS))
        if name == "utf-16":
            return Encoding(name=name, codec=_utf16(found.head) or "utf-16-le", is_detected=False)
        return Encoding(name=name, codec=_CODECS.get(name, name), is_detected=False)
    if found.head.startswith(codecs.BOM_UTF8):
        return Encoding(name="utf-8", codec="utf-8-sig", is_detected=False)
    if codec := _utf16(found.head):
        is_marked = found.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return Encoding(name="utf-16", codec=codec, is_detected=not is_marked)
    if found.is_utf8:
        return Encoding(name="utf-8", codec="utf-8-sig", is_detected=not found.is_ascii)
    name = _most_plausible(found.sample)
    return Encoding(name=name, codec=_CODECS.get(name, name), is_detected=True)


def _utf16(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 6 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 6 and not odd else None


def _most_plausible(sample: bytes) -> str:
    scores = sorted(((score(sample), name) for name, score in _SCORES.items()), reverse=True)
    (best, name), (second, _) = scores[:2]
    if best < _PLAUSIBLE or best - second < _MARGIN:
        raise TableError("file.encoding_unclear", known=", ".join(ENCODINGS))
    return name


def _utf8_score(sample: bytes) -> float:
    """The share of whole UTF-8 characters: a few broken bytes send back their rows, not the file."""
    text = sample.decode("utf-8", "surrogateescape")
    broken = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    whole = sum(1 for char in text if char > "\x7f") - broken
    return whole / (whole + broken) if whole else 0.0


def _pairs_score(sample: bytes, *, codec: str, common: re.Pattern[bytes]) -> float:
    """The share of double-byte characters that are among the common ones of the code."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    wide = [char for char in text if char > "\x7f"]
    good = sum(1 for char in wide if common.fullmatch(char.encode(codec)))
    return good / len(wide) if wide else 0.0


#: Consonants with the vowels and tones that can stand before, above, below and after them.
_SYLLABLES = re.compile(
    r"(?<![A-Za-z])(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e](?:[\u0e31\u0e34-\u0e3a\u0e47\u0e4d][\u0e48-\u0e4c]?|[\u0e48-\u0e4c])?"
    r"[\u0e30\u0e32\u0e33\u0e45]?\u0e46?)+(?![A-Za-z])"
)
_MARKS = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")


def _thai_score(sample: bytes) -> float:
    """The share of Thai letters that stand where they can, away from Latin letters and with some marks among them."""
    try:
        text = sample.decode("cp874")
    except UnicodeDecodeError:
        return 0.0
    high = sum(1 for char in text if char > "\x7f")
    good = sum(len(found) for found in _SYLLABLES.findall(text))
    return good / high if high and len(_MARKS.findall(text)) > high // 20 else 0.0


def _latin_score(sample: bytes) -> float:
    """The share of letters with accents that stand beside a plain letter, as in every Latin script."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return 0.0
    high = [place for place, char in enumerate(text) if char > "\x7f"]
    good = sum(
        1 for place in high if text[place].isalpha() and (
            _is_plain(text[place - 1 : place]) or _is_plain(text[place + 1 : place + 2])
        )
    )  # fmt: skip
    return good / len(high) if high else 0.0


def _is_plain(char: str) -> bool:
    return char.isascii() and char.isalpha()


_SCORES: dict[str, Callable[[bytes], float]] = {
    "utf-8": _utf8_score,
    "gb18030": lambda sample: _pairs_score(
        sample, codec="gb18030", common=re.compile(rb"[\xa1-\xa3\xb0-\xf7][\xa1-\xfe]")
    ),
    "big5": lambda sample: _pairs_score(
        sample, codec="big5", common=re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")
    ),
    "windows-874": _thai_score,
    "windows-1252": _latin_score,
}
