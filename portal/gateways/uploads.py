"""What a file from a stranger says of itself, read without trusting a byte of it: nothing is run, fetched or kept.

Everything has a limit: bytes read, streams opened, bytes unpacked. What lies beyond is not looked at, and a file that
cannot be read is simply not one of ours.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

FILE_BYTES_MAX = 8 * 1024 * 1024
UNPACKED_BYTES_MAX = 16 * 1024 * 1024
STREAMS_MAX = 400
CODES_MAX = 8
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_REF = re.compile(rb"(?<![0-9A-Za-z])(?:agr|doc|ltr)_[0-9a-f]{32}(?![0-9a-f])")
_NUMBER = re.compile(rb"(?<![0-9A-Za-z])[0-9A-F]{12}(?![0-9A-Za-z])")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as far as it could be read.

    `digest` is the SHA-256 of all its bytes; `inner` those of the files or the text inside; `codes` the references of
    papers that it names, the most telling first. `kind` is pdf, zip, json, html or other.
    """

    digest: str
    kind: str
    inner: tuple[str, ...]
    codes: tuple[str, ...]


def kind_of(content: bytes) -> str:
    """Tell what a file is by its first bytes, never by its name."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, kind in ((b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"{", "json"), (b"<", "html")):
        if start.startswith(mark):
            return kind
    return "other"


def read_upload(content: bytes) -> Upload:
    """Read what a file says of itself; never raises for what is in it."""
    kind = kind_of(content)
    inner: list[str] = []
    codes = _codes_in(content)
    if kind == "pdf":
        for part in unpacked_streams(content):
            inner.append(sha256(part).hexdigest())
            codes += _codes_in(part)
    elif kind == "html":
        inner += [sha256(found).hexdigest() for found in _articles(content)]
    named = dict.fromkeys(sorted(codes, key=len, reverse=True))
    return Upload(
        digest=sha256(content).hexdigest(), kind=kind, inner=tuple(inner), codes=tuple(named)[:CODES_MAX]
    )


def _first(found: Iterator[re.Match[bytes]]) -> Iterator[re.Match[bytes]]:
    return (match for _, match in zip(range(CODES_MAX), found, strict=False))


def _articles(content: bytes) -> Iterator[bytes]:
    """Give the first articles of a page; each byte is looked at once, whatever the page holds."""
    at = 0
    for _ in range(CODES_MAX):
        start = content.find(b"<article", at)
        end = content.find(b"</article>", start)
        if min(start, end) < 0:
            return
        at = end + len(b"</article>")
        yield content[start:at]


def _codes_in(content: bytes) -> list[str]:
    refs = [found[0].decode() for found in _first(_REF.finditer(content))]
    return refs + [found[0].decode().casefold() for found in _first(_NUMBER.finditer(content))]


def unpacked_streams(content: bytes) -> Iterator[bytes]:
    """Give the unpacked streams of a PDF, as far as the limits allow; a stream that breaks off ends there."""
    left = UNPACKED_BYTES_MAX
    for count, found in enumerate(_STREAM.finditer(content)):
        if count >= STREAMS_MAX or left <= 0:
            return
        unpacker = zlib.decompressobj()
        try:
            part = unpacker.decompress(content[found.end() : found.end() + FILE_BYTES_MAX], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part
