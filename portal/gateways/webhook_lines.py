"""One connection to a receiver of webhooks, and the one exchange at a time that it carries.

Everything about an exchange is bounded: the time of the whole, the bytes of the whole. A limit on each read alone would
let a receiver that trickles a byte every ten seconds hold it for ever.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, cast

from portal.gateways.http_answers import AnswerReader, CutAnswerError, Head, MalformedAnswerError

ANSWER_BYTES_MAX = 20_000
WIRE_BYTES_MAX = 64_000
READ_AT_ONCE = 8_192


class Heard(NamedTuple):
    """What was heard: the head of an answer with what came of its body, or the code of a fault.

    `is_stale` means that a connection which had been used before was closed without a byte: the receiver may never
    have seen what was asked.
    """

    head: Head | None
    content: bytes
    error: str | None
    is_stale: bool = False


Done = Callable[["Line", Heard], None]


class Deadlines:
    """Ends exchanges that take too long. All are given the same time, so they end in the order in which they began.

    One timer for all lines: a timer for each would cost more than reading its answer.
    """

    def __init__(self, *, clock: asyncio.AbstractEventLoop, seconds: float) -> None:
        """Keep the loop that tells the time, and how long an exchange may take."""
        self._clock = clock
        self._seconds = seconds
        self._lines: dict[Line, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, line: "Line") -> None:
        """Give a line its time."""
        until = self._lines[line] = self._clock.time() + self._seconds
        if self._timer is None:
            self._timer = self._clock.call_at(until, self._look)

    def end(self, line: "Line") -> None:
        """Hear that a line's exchange is over."""
        del self._lines[line]

    def _look(self) -> None:
        """End what is over its time, and look again when the next one is."""
        now = self._clock.time()
        for line in [line for line, until in self._lines.items() if until <= now]:
            line.give_up()
        first = next(iter(self._lines.values()), None)
        self._timer = None if first is None else self._clock.call_at(first, self._look)


class Line(asyncio.BufferedProtocol):
    """One connection. `ask` begins an exchange; while it `is_open` it may be asked again."""

    def __init__(
        self,
        *,
        clock: asyncio.AbstractEventLoop,
        buffer: bytearray,
        deadlines: Deadlines,
        gone: Callable[["Line"], None],
    ) -> None:
        """Keep the loop that tells the time, what all lines of a thread share, and who hears of the end."""
        self.opened = self.used = clock.time()
        self.is_open = False
        self._clock = clock
        self._gone = gone
        self._buffer = buffer
        self._view = memoryview(buffer)
        self._deadlines = deadlines
        self._transport: asyncio.WriteTransport | None = None
        self._reader: AnswerReader | None = None
        self._done: Done | None = None
        self._bytes_left = 0
        self._is_used = False

    def ask(self, request: bytes, *, done: Done) -> None:
        """Send a request; `done` hears once what became of it, never before this returns."""
        self._reader = AnswerReader(ANSWER_BYTES_MAX)
        self._done = done
        self._bytes_left = WIRE_BYTES_MAX
        self._deadlines.begin(self)
        if self._transport is not None:
            self._transport.write(request)

    def give_up(self) -> None:
        """End an exchange that takes too long."""
        self._finish("timeout")

    def close(self) -> None:
        """Close at once; what was to be heard is not waited for."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hear that the connection stands."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self.is_open = True

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - the protocol's signature
        """Give the place that is read into; what stands there is copied before anything else is read."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Hear what was read."""
        if self._reader is None:
            self.close()  # it speaks without being asked: whatever that is, the next answer could not be told from it
            return
        self._bytes_left -= nbytes
        try:
            is_whole = self._reader.feed(bytes(self._view[:nbytes]))
        except MalformedAnswerError:
            self._finish("malformed")
            return
        if is_whole:
            self._finish(None)
        elif self._bytes_left <= 0:
            self._finish("too_large")

    def eof_received(self) -> bool:
        """Hear that the other side says no more; the connection is closed then."""
        self._hear_end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Hear that the connection is gone."""
        self._hear_end()
        self._gone(self)

    def _hear_end(self) -> None:
        self.is_open = False
        if self._reader is None:
            return
        try:
            self._finish(None if self._reader.end() else "closed")
        except CutAnswerError as cut:
            self._finish("closed", is_stale=cut.is_silent and self._is_used)
        except MalformedAnswerError:
            self._finish("malformed")

    def _finish(self, error: str | None, *, is_stale: bool = False) -> None:
        """End the exchange. The status is the answer: a body that trickles, breaks off or never ends is cut short."""
        reader, done = self._reader, self._done
        if reader is None or done is None:
            return
        self._reader = self._done = None
        self._deadlines.end(self)
        self._is_used = True
        self.used = self._clock.time()
        if error is not None or not reader.is_reusable:
            self.close()
        if reader.head is not None:
            error = None
        done(self, Heard(reader.head, reader.content, error, is_stale))
