"""Reads the answer to one POST off a bounded wire: HTTP/1.1 (RFC 9112), only what a sender of events needs of it.

The standard library's reader turns every header into an e-mail message, which costs more than all else that sending an
event does (measured: half of it). This one knows the status, four headers and three ways in which a body can end.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

HEAD_BYTES_MAX = 16_384
INTERIM_MAX = 5
READ_AT_ONCE = 8_192
_START = b"HTTP/1."
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [^\r\n]*)?\Z")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\Z")
_LENGTH = re.compile(rb"[0-9]{1,15}\Z")
_KEPT = frozenset({b"content-length", b"transfer-encoding", b"connection", b"retry-after"})
_NO_BODY = frozenset({204, 304})

Receive = Callable[[int], bytes]
"""Gives at least one byte and at most so many, or none when the other side closed."""


class MalformedAnswerError(ValueError):
    """What came is no answer of HTTP/1.x."""


class CutAnswerError(ConnectionError):
    """The other side closed before the head of its answer was whole; `is_silent` when nothing came at all."""

    def __init__(self, *, is_silent: bool) -> None:
        super().__init__("the answer was cut off")
        self.is_silent = is_silent


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The head of an answer: status, what `Retry-After` says, and how its body ends."""

    status: int
    retry_after: str | None
    length: int | None
    is_chunked: bool
    is_last: bool


class AnswerReader:
    """Reads one answer, the head first; `rest` is what came beyond what was asked for."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._rest = b""

    def read_head(self) -> Head:
        """Read the head, past interim ones; raises MalformedAnswerError or CutAnswerError, and what the wire raises."""
        while len(self._rest) < len(_START):
            self._more()
        if not self._rest.startswith(_START):
            raise MalformedAnswerError("no HTTP/1.x")
        for _ in range(INTERIM_MAX):
            head = _parse(self._until(b"\r\n\r\n", HEAD_BYTES_MAX))
            if head.status >= 200:
                return head
        raise MalformedAnswerError("too many interim answers")

    def read_body(self, head: Head, most: int) -> tuple[bytes, bool]:
        """Read up to `most` bytes of the body; gives them, and whether the connection may be used again.

        Raises what the wire raises, and the two errors of `read_head` for chunks that are none.
        """
        if head.status in _NO_BODY:
            return b"", not head.is_last and not self._rest
        if head.is_chunked:
            content, is_whole = self._chunks(most)
        elif head.length is not None:
            content = self._exactly(min(head.length, most))
            is_whole = len(content) == head.length
        else:
            return self._to_the_end(most), False
        return content, is_whole and not head.is_last and not self._rest

    def _chunks(self, most: int) -> tuple[bytes, bool]:
        content = b""
        while True:
            found = _SIZE.match(self._until(b"\r\n", 1_024))
            if found is None:
                raise MalformedAnswerError("no chunk")
            size = int(found[1], 16)
            if size == 0:
                while self._until(b"\r\n", HEAD_BYTES_MAX):
                    pass
                return content, True
            content += self._exactly(min(size, most - len(content)))
            if len(content) >= most:
                return content, False
            if self._exactly(2) != b"\r\n":
                raise MalformedAnswerError("a chunk does not end")

    def _until(self, mark: bytes, most: int) -> bytes:
        """Give what stands before the mark and step over it."""
        while (place := self._rest.find(mark)) < 0:
            if len(self._rest) > most:
                raise MalformedAnswerError("no end")
            self._more()
        found, self._rest = self._rest[:place], self._rest[place + len(mark) :]
        return found

    def _exactly(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        found, self._rest = self._rest[:count], self._rest[count:]
        return found

    def _to_the_end(self, most: int) -> bytes:
        while len(self._rest) < most and (more := self._receive(READ_AT_ONCE)):
            self._rest += more
        return self._rest[:most]

    def _more(self) -> None:
        more = self._receive(READ_AT_ONCE)
        if not more:
            if self._rest and not self._rest.startswith(_START[: len(self._rest)]):
                raise MalformedAnswerError("no HTTP/1.x")
            raise CutAnswerError(is_silent=not self._rest)
        self._rest += more


def _parse(raw: bytes) -> Head:
    first, *lines = raw.split(b"\r\n")
    found = _STATUS.match(first)
    if found is None:
        raise MalformedAnswerError("no status line")
    kept: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.match(name):
            raise MalformedAnswerError("no header")
        if (low := name.lower()) in _KEPT:
            kept[low] = value.strip(b" \t") if low not in kept else kept[low] + b"," + value.strip(b" \t")
    return _head(is_old=found[1] == b"0", status=int(found[2]), kept=kept)


def _head(*, is_old: bool, status: int, kept: dict[bytes, bytes]) -> Head:
    length, coding = kept.get(b"content-length"), kept.get(b"transfer-encoding")
    if length is not None and not _LENGTH.match(length):
        raise MalformedAnswerError("no length")
    wish = {part.strip() for part in kept.get(b"connection", b"").lower().split(b",")}
    retry_after = kept.get(b"retry-after")
    return Head(
        status=status,
        retry_after=retry_after.decode("latin-1") if retry_after is not None else None,
        length=int(length) if length is not None and coding is None else None,
        is_chunked=coding is not None and coding.lower() == b"chunked",
        # A coding that is not known ends with the connection; so does a length beside a coding (RFC 9112, 6.3).
        is_last=is_old
        or b"close" in wish
        or (coding is not None and (length is not None or coding.lower() != b"chunked")),
    )
