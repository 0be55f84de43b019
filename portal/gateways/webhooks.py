"""Posts events to lenders' receivers and says what became of each.

One thread with an event loop posts for everybody: a post is a few system calls, and to hand each to a thread of a pool
costs more than the post. Connections are kept for the next post. Redirects are not followed, whole answers are bounded
in time and in bytes, and what comes back is a value: whatever a receiver does, nothing is raised.
"""

import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

import structlog

from portal.gateways.address_guard import AddressGuard, AddressRefusedError, Target
from portal.gateways.event_thread import EventThread
from portal.gateways.webhook_connections import Connector, UnreachableError
from portal.gateways.webhook_lines import Heard, Line

ANSWER_START_CHARACTERS = 500
IDLE_SECONDS_MAX = 20.0
LIFE_SECONDS_MAX = 60.0
IDLE_LINES_MAX = 8
IDLE_LINES_OF_ALL_MAX = 128
WAYS_MAX = 1_000
ALWAYS = (
    "Accept-Encoding: identity\r\ncontent-type: application/json\r\nuser-agent: debtor-portal-webhooks/1\r\n"
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of one attempt. `status` is None when no whole answer came; then `error` is a code.

    Codes: refused_address, unknown_host, no_connection, tls, timeout, closed, malformed, too_large.
    """

    status: int | None
    error: str | None = None
    retry_after: str | None = None
    start: str = ""
    duration_ms: int = 0

    @property
    def is_success(self) -> bool:
        """True for any 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long one attempt may take, in seconds."""

    connect: float = 5.0
    read: float = 15.0


class _Way:
    """Where a URL leads, what each request to it begins with, and the connections that wait for the next one."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.head = f"POST {target.path} HTTP/1.1\r\nHost: {target.authority}\r\n{ALWAYS}"
        self.idle: list[Line] = []

    def request(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """Write a request in one piece. Path and headers are our own or checked: no line break can be in them."""
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        return f"{self.head}{lines}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body


class _Letter(NamedTuple):
    """One post that is under way."""

    way: _Way
    request: bytes
    done: Callable[[Answer], None]
    began: float


@dataclass
class WebhookSender:
    """Posts bodies to targets that the guard allows.

    Its thread begins with the first use and ends with `close`. `begin` belongs to what runs in that thread (see
    `call`), `post` to all other threads.
    """

    guard: AddressGuard
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _thread: EventThread = field(default_factory=lambda: EventThread("post"))
    _ways: dict[str, _Way] = field(default_factory=dict)
    _idle_count: int = 0
    _is_sweeping: bool = False

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post one body and wait for the answer; never raises for what a receiver or its name does."""
        heard: Future[Answer] = Future()
        self.call(partial(self.begin, url=url, body=body, headers=headers, done=heard.set_result))
        return heard.result()

    def call(self, work: Callable[[], object]) -> None:
        """Let a piece of work run in the sender's thread, soon."""
        self._thread.call(work)

    def begin(
        self, *, url: str, body: bytes, headers: Mapping[str, str], done: Callable[[Answer], None]
    ) -> None:
        """Begin to post one body; `done` is told the answer in the sender's thread, never before this returns."""
        clock = self._thread.clock
        began = clock.time()
        try:
            way = self._way_of(url)
        except AddressRefusedError:
            clock.call_soon(done, Answer(status=None, error="refused_address"))
            return
        letter = _Letter(way, way.request(headers, body), done, began)
        line = self._take(way, began)
        if line is None:
            self._thread.start(self._post_anew(letter))
        else:
            self._ask(letter, line)

    def close(self) -> None:
        """Close every connection and end the thread; what is under way is not answered any more."""
        self._thread.close(self._hang_up)

    def _hang_up(self) -> None:
        if "_connector" in self.__dict__:
            self._connector.close()

    @cached_property
    def _connector(self) -> Connector:
        clock = self._thread.clock
        return Connector(guard=self.guard, tls=self.tls, clock=clock, answer_seconds=self.limits.read)

    def _way_of(self, url: str) -> _Way:
        """Give the way of a URL: what its text says never changes, so it is read once. Addresses are asked anew."""
        way = self._ways.get(url)
        if way is None:
            way = _Way(self.guard.check_url(url))
            if len(self._ways) >= WAYS_MAX:
                self._drop_idle(lambda _line: True)
                self._ways.clear()
            self._ways[url] = way
        return way

    def _take(self, way: _Way, now: float) -> Line | None:
        while way.idle:
            line = way.idle.pop()
            self._idle_count -= 1
            if not _is_spent(line, now):
                return line
            line.close()
        return None

    def _keep(self, way: _Way, line: Line) -> None:
        """Keep a line for the next post, unless enough of them wait."""
        if len(way.idle) >= IDLE_LINES_MAX or self._idle_count >= IDLE_LINES_OF_ALL_MAX:
            line.close()
            return
        way.idle.append(line)
        self._idle_count += 1
        if not self._is_sweeping:
            self._is_sweeping = True
            self._thread.clock.call_later(IDLE_SECONDS_MAX, self._sweep)

    def _sweep(self) -> None:
        """Close what nobody needed for a while, and look again while something waits."""
        now = self._thread.clock.time()
        self._drop_idle(lambda line: _is_spent(line, now))
        self._is_sweeping = self._idle_count > 0
        if self._is_sweeping:
            self._thread.clock.call_later(IDLE_SECONDS_MAX, self._sweep)

    def _drop_idle(self, is_over: Callable[[Line], bool]) -> None:
        for way in self._ways.values():
            for line in filter(is_over, way.idle):
                line.close()
            way.idle = [line for line in way.idle if line.is_open]
        self._idle_count = sum(len(way.idle) for way in self._ways.values())

    async def _post_anew(self, letter: _Letter) -> None:
        """Post over a fresh connection."""
        try:
            line = await self._connector.open(letter.way.target, seconds=self.limits.connect)
        except UnreachableError as fault:
            self._tell(letter, status=None, error=fault.code)
        except Exception:
            log.exception("post_failed")
            self._tell(letter, status=None, error="no_connection")
        else:
            self._ask(letter, line)

    def _ask(self, letter: _Letter, line: Line) -> None:
        line.ask(letter.request, done=partial(self._heard, letter))

    def _heard(self, letter: _Letter, line: Line, heard: Heard) -> None:
        if heard.is_stale:
            # The receiver closed a connection that had been idle: nothing was answered, so ask once more on a fresh
            # one. Should it have been handled after all, the same webhook-id makes it a duplicate.
            self._thread.start(self._post_anew(letter))
            return
        if line.is_open:
            self._keep(letter.way, line)
        head = heard.head
        self._tell(
            letter,
            status=None if head is None else head.status,
            error=heard.error,
            retry_after=None if head is None else head.retry_after,
            start=_start_of(heard.content),
        )

    def _tell(
        self,
        letter: _Letter,
        *,
        status: int | None,
        error: str | None,
        retry_after: str | None = None,
        start: str = "",
    ) -> None:
        spent = int((self._thread.clock.time() - letter.began) * 1000)
        answer = Answer(status=status, error=error, retry_after=retry_after, start=start, duration_ms=spent)
        letter.done(answer)


def _is_spent(line: Line, now: float) -> bool:
    return not line.is_open or now - line.used > IDLE_SECONDS_MAX or now - line.opened > LIFE_SECONDS_MAX


def _start_of(content: bytes) -> str:
    if not content:
        return ""
    text = content[: ANSWER_START_CHARACTERS * 4].decode(errors="replace")
    return text.replace("\x00", "\ufffd")[:ANSWER_START_CHARACTERS]
