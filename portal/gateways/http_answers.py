"""Reads the answer to one POST: HTTP/1.1 (RFC 9112), only what a sender of events needs of it, without any I/O.

The standard library's reader turns every header into an e-mail message, which costs more than all else that sending an
event does (measured: half of it). This one knows the status, four headers and three ways in which a body can end.
"""

import re
from collections.abc import Generator
from dataclasses import dataclass
from functools import lru_cache

HEAD_BYTES_MAX = 16_384
INTERIM_MAX = 5
HEADS_KEPT_MAX = 64
_START = b"HTTP/1."
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [^\r\n]*)?\Z")
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\Z")
_LENGTH = re.compile(rb"[0-9]{1,15}\Z")
_KEPT = frozenset({b"content-length", b"transfer-encoding", b"connection", b"retry-after"})
_NO_BODY = frozenset({204, 304})

Steps = Generator[None, None, None]
"""Reads on each time that it is stepped, and waits where more must come."""


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
    """Reads one answer as it comes: `feed` it each piece until it says that the answer is whole.

    `head` is known before the body is; `content` is what there is of the body so far, at most `most` bytes.
    `is_reusable` tells, once the answer is whole, whether the connection may carry another one.
    """

    def __init__(self, most: int) -> None:
        """Keep how many bytes of the body are wanted."""
        self.head: Head | None = None
        self.content = b""
        self.is_reusable = False
        self._most = most
        self._rest = b""
        self._is_silent = True
        self._has_more = True
        self._steps = self._read()
        next(self._steps)

    def feed(self, data: bytes) -> bool:
        """Read on; True when the answer is whole, or when as much of it came as is wanted.

        Raises MalformedAnswerError for what is no answer.
        """
        self._is_silent = False
        self._rest += data
        return self._step()

    def end(self) -> bool:
        """Hear that the other side closed; True when that is how this answer ends.

        Raises CutAnswerError when more should have come, and MalformedAnswerError.
        """
        self._has_more = False
        return self._step()

    def _step(self) -> bool:
        try:
            next(self._steps)
        except StopIteration:
            return True
        return False

    def _read(self) -> Steps:
        while len(self._rest) < len(_START):
            yield from self._more()
        if not self._rest.startswith(_START):
            raise MalformedAnswerError("no HTTP/1.x")
        for _ in range(INTERIM_MAX):
            head = _parse((yield from self._until(b"\r\n\r\n", HEAD_BYTES_MAX)))
            if head.status >= 200:
                self.head = head
                is_whole = yield from self._body(head)
                self.is_reusable = is_whole and not head.is_last and not self._rest
                return
        raise MalformedAnswerError("too many interim answers")

    def _body(self, head: Head) -> Generator[None, None, bool]:
        """Read the body as far as it is wanted; gives whether that is all of it and it ends by itself."""
        if head.status in _NO_BODY:
            return True
        if head.is_chunked:
            return (yield from self._chunks())
        if head.length is not None:
            yield from self._exactly(min(head.length, self._most))
            return len(self.content) == head.length
        yield from self._to_the_end()
        return False

    def _chunks(self) -> Generator[None, None, bool]:
        while True:
            found = _SIZE.match((yield from self._until(b"\r\n", 1_024)))
            if found is None:
                raise MalformedAnswerError("no chunk")
            size = int(found[1], 16)
            if size == 0:
                while (yield from self._until(b"\r\n", HEAD_BYTES_MAX)):
                    pass
                return True
            yield from self._exactly(min(size, self._most - len(self.content)))
            if len(self.content) >= self._most:
                return False
            while len(self._rest) < 2:
                yield from self._more()
            if not self._rest.startswith(b"\r\n"):
                raise MalformedAnswerError("a chunk does not end")
            self._rest = self._rest[2:]

    def _until(self, mark: bytes, most: int) -> Generator[None, None, bytes]:
        """Give what stands before the mark and step over it."""
        while (place := self._rest.find(mark)) < 0:
            if len(self._rest) > most:
                raise MalformedAnswerError("no end")
            yield from self._more()
        found, self._rest = self._rest[:place], self._rest[place + len(mark) :]
        return found

    def _exactly(self, count: int) -> Steps:
        """Add so many bytes to the content."""
        left = count
        while len(self._rest) < left:
            left -= self._take(len(self._rest))
            yield from self._more()
        self._take(left)

    def _to_the_end(self) -> Steps:
        while len(self.content) < self._most:
            self._take(self._most - len(self.content))
            if not self._has_more:
                return
            yield

    def _take(self, count: int) -> int:
        self.content, self._rest = self.content + self._rest[:count], self._rest[count:]
        return count

    def _more(self) -> Steps:
        """Wait for more; raises CutAnswerError when there will be none."""
        if self._has_more:
            yield
        if self._has_more:
            return
        if self._rest and not self._rest.startswith(_START[: len(self._rest)]) and self.head is None:
            raise MalformedAnswerError("no HTTP/1.x")
        raise CutAnswerError(is_silent=self._is_silent)


@lru_cache(HEADS_KEPT_MAX)
def _parse(raw: bytes) -> Head:
    """Parse a head; receivers send the same one again and again, for a second or for ever."""
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
