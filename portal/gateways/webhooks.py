"""Posts an event to a lender's receiver and says what became of it.

A pooled HTTP/1.1 client: it asks the resolver once, has every address checked by the
guard and connects to one of those. Redirects are not followed, whole answers are bounded in time and in bytes, and what
comes back is a value: whatever a receiver does, `post` does not raise.
"""

import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.gateways.address_guard import AddressGuard, AddressRefusedError, Target
from portal.gateways.http_answers import AnswerReader, MalformedAnswerError

ANSWER_BYTES_MAX = 20_000
ANSWER_START_CHARACTERS = 500
WIRE_BYTES_MAX = 64_000
IDLE_SECONDS_MAX = 20.0
LIFE_SECONDS_MAX = 60.0
IDLE_CONNECTIONS_MAX = 8
TARGETS_MAX = 1_000
HEADERS = {"content-type": "application/json", "user-agent": "debtor-portal-webhooks/1"}


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


@dataclass
class _Line:
    """One open connection with the time until which it may be used again."""

    wire: "_BoundedSocket"
    opened: float
    used: float = 0.0

    def close(self) -> None:
        self.wire.shut()


class _WireError(Exception):
    """The attempt ended without a whole answer; the code says how."""

    def __init__(self, code: str, *, is_stale: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_stale = is_stale


class _BoundedSocket:
    """A socket whose reads and writes all together end at a deadline, and whose reads end at a number of bytes.

    A limit on each read alone would let a receiver that trickles one byte every ten seconds hold it for ever.
    """

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self.deadline = 0.0
        self.bytes_left = 0

    def start(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self.bytes_left = WIRE_BYTES_MAX

    def _remaining(self) -> float:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining

    def sendall(self, data: Any) -> None:
        self._wire.settimeout(self._remaining())
        self._wire.sendall(data)

    def receive(self, most: int) -> bytes:
        if self.bytes_left <= 0:
            raise _WireError("too_large")
        self._wire.settimeout(self._remaining())
        data = self._wire.recv(min(most, self.bytes_left))
        self.bytes_left -= len(data)
        return data

    def shut(self) -> None:
        self._wire.close()


@dataclass
class WebhookSender:
    """Posts bodies to targets that the guard allows; safe to use from many threads."""

    guard: AddressGuard
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _idle: dict[tuple[bool, str, int], list[_Line]] = field(default_factory=lambda: defaultdict(list))
    _targets: dict[str, Target] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, *, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post one body and give the answer; never raises for what a receiver or its name does."""
        began = time.monotonic()
        try:
            target = self._target_of(url)
            response = self._exchange(target, body, HEADERS | headers)
        except AddressRefusedError as refusal:
            code = "unknown_host" if refusal.code == "unknown_host" else "refused_address"
            return Answer(status=None, error=code, duration_ms=_since(began))
        except _WireError as fault:
            return Answer(status=None, error=fault.code, duration_ms=_since(began))
        status, retry_after, start = response
        return Answer(status=status, retry_after=retry_after, start=start, duration_ms=_since(began))

    def _target_of(self, url: str) -> Target:
        """Give the target of a URL: what its text says never changes, so it is read once. Addresses are asked anew."""
        target = self._targets.get(url)
        if target is None:
            target = self.guard.check_url(url)
            if len(self._targets) >= TARGETS_MAX:
                self._targets.clear()
            self._targets[url] = target
        return target

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            lines = [line for kept in self._idle.values() for line in kept]
            self._idle.clear()
        for line in lines:
            line.close()

    def _exchange(
        self, target: Target, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str | None, str]:
        line = self._take(target)
        if line is not None:
            try:
                return self._speak(target, line, body, headers)
            except _WireError as fault:
                # The receiver closed a connection that had been idle: nothing was answered, so ask once more on a
                # fresh one. Should it have been handled after all, the same webhook-id makes it a duplicate.
                if not fault.is_stale:
                    raise
        return self._speak(target, self._open(target), body, headers)

    def _take(self, target: Target) -> _Line | None:
        now = time.monotonic()
        with self._lock:
            kept = self._idle[(target.is_secure, target.host, target.port)]
            while kept:
                line = kept.pop()
                if now - line.used < IDLE_SECONDS_MAX and now - line.opened < LIFE_SECONDS_MAX:
                    return line
                line.close()
        return None

    def _keep(self, target: Target, line: _Line) -> None:
        line.used = time.monotonic()
        with self._lock:
            kept = self._idle[(target.is_secure, target.host, target.port)]
            if len(kept) < IDLE_CONNECTIONS_MAX:
                kept.append(line)
                return
        line.close()

    def _open(self, target: Target) -> _Line:
        deadline = time.monotonic() + self.limits.connect
        try:
            addresses = self.guard.addresses_of(target)
        except AddressRefusedError:
            raise
        except OSError as fault:
            raise _WireError("unknown_host") from fault
        wire = _BoundedSocket(self._connect(target, addresses, deadline))
        return _Line(wire=wire, opened=time.monotonic())

    def _connect(self, target: Target, addresses: list[str], deadline: float) -> socket.socket:
        """Connect to the first checked address that answers before the deadline, and speak TLS where it is due."""
        fault: OSError = TimeoutError()
        for address in addresses:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                break
            try:
                raw = socket.create_connection((address, target.port), timeout=remaining)
            except OSError as refused:
                fault = refused
                continue
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self._secure(target, raw, deadline) if target.is_secure else raw
        raise _WireError("timeout" if isinstance(fault, TimeoutError) else "no_connection") from fault

    def _secure(self, target: Target, raw: socket.socket, deadline: float) -> socket.socket:
        raw.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            return self.tls.wrap_socket(raw, server_hostname=target.host)
        except TimeoutError as fault:
            raw.close()
            raise _WireError("timeout") from fault
        except (OSError, ValueError) as fault:
            raw.close()
            raise _WireError("tls") from fault

    def _speak(
        self, target: Target, line: _Line, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str | None, str]:
        line.wire.start(self.limits.read)
        try:
            answer = _ask(target, line, body, headers)
        except BaseException:
            line.close()
            raise
        status, retry_after, start, is_reusable = answer
        if is_reusable:
            self._keep(target, line)
        else:
            line.close()
        return status, retry_after, start


def _ask(
    target: Target, line: _Line, body: bytes, headers: Mapping[str, str]
) -> tuple[int, str | None, str, bool]:
    reader = AnswerReader(line.wire.receive)
    try:
        line.wire.sendall(_request(target, headers, body))
        head = reader.read_head()
    except TimeoutError as fault:
        raise _WireError("timeout") from fault
    except OSError as fault:
        is_stale = line.used > 0 and getattr(fault, "is_silent", True)
        raise _WireError("closed", is_stale=is_stale) from fault
    except MalformedAnswerError as fault:
        raise _WireError("malformed") from fault
    # The status is the answer; a body that trickles, breaks off or never ends is only a log line cut short.
    try:
        content, is_reusable = reader.read_body(head, ANSWER_BYTES_MAX)
    except (OSError, MalformedAnswerError, _WireError):
        content, is_reusable = b"", False
    return head.status, head.retry_after, _start_of(content), is_reusable


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """Write the request in one piece. Path and headers are our own or checked: no line break can be in them."""
    lines = [f"POST {target.path} HTTP/1.1", f"Host: {target.authority}", "Accept-Encoding: identity"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append(f"Content-Length: {len(body)}\r\n\r\n")
    return "\r\n".join(lines).encode("ascii") + body


def _start_of(content: bytes) -> str:
    return (
        content[: ANSWER_START_CHARACTERS * 4]
        .decode(errors="replace")
        .replace("\x00", "\ufffd")[:ANSWER_START_CHARACTERS]
    )


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
