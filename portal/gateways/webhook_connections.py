"""Opens connections to receivers of webhooks.

The resolver is asked once, every address is checked by the guard, and one of the checked addresses is connected to.
Nothing looks the name up again, so DNS rebinding gains nothing.
"""

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from portal.gateways.address_guard import AddressGuard, AddressRefusedError, Target
from portal.gateways.webhook_lines import READ_AT_ONCE, Deadlines, Line

LOOKUPS_MAX = 48
CLOSING_SECONDS_MAX = 1.0


class UnreachableError(Exception):
    """No connection came about; `code` is one of refused_address, unknown_host, no_connection, tls, timeout."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class Connector:
    """Opens lines in one event loop. Only the resolver, which cannot be asked without waiting, has threads."""

    def __init__(
        self,
        *,
        guard: AddressGuard,
        tls: ssl.SSLContext,
        clock: asyncio.AbstractEventLoop,
        answer_seconds: float,
    ) -> None:
        """Keep the guard, what TLS is spoken by, the loop, and how long an answer may take."""
        self._guard = guard
        self._tls = tls
        self._clock = clock
        self._buffer = bytearray(READ_AT_ONCE)
        self._deadlines = Deadlines(clock=clock, seconds=answer_seconds)
        self._lines: set[Line] = set()
        self._askers = ThreadPoolExecutor(LOOKUPS_MAX, thread_name_prefix="lookup")
        self._lookups: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def open(self, target: Target, *, seconds: float) -> Line:
        """Open a line within so many seconds, the look-up of the name included; raises UnreachableError."""
        until = self._clock.time() + seconds
        try:
            async with asyncio.timeout_at(until):
                addresses = await self._addresses_of(target)
                wire = await self._reach(addresses, target.port, until)
                return await self._speak(wire, target)
        except TimeoutError as fault:
            raise UnreachableError("timeout") from fault

    def close(self) -> None:
        """Close every line. A look-up that hangs in the system's resolver is not waited for."""
        for line in list(self._lines):
            line.close()
        self._askers.shutdown(wait=False, cancel_futures=True)

    async def _addresses_of(self, target: Target) -> list[str]:
        """Look up a name; who asks for one that is being looked up waits for the same answer.

        So a name that leads nowhere holds one thread, however many wait for it.
        """
        key = target.host, target.port
        asked = self._lookups.get(key)
        if asked is None:
            asked = self._clock.run_in_executor(self._askers, self._guard.addresses_of, target)
            self._lookups[key] = asked
            asked.add_done_callback(lambda done: self._forget(key, done))
        try:
            return await asyncio.shield(asked)
        except AddressRefusedError as fault:
            raise UnreachableError(
                "unknown_host" if fault.code == "unknown_host" else "refused_address"
            ) from fault
        except (OSError, UnicodeError) as fault:
            raise UnreachableError("unknown_host") from fault

    def _forget(self, key: tuple[str, int], done: "asyncio.Future[list[str]]") -> None:
        del self._lookups[key]
        if not done.cancelled():
            done.exception()  # looked at, also when everybody who waited for it has given up

    async def _reach(self, addresses: list[str], port: int, until: float) -> socket.socket:
        """Connect to the first of the checked addresses that answers; each has its share of the time that is left."""
        fault: OSError = TimeoutError()
        for place, address in enumerate(addresses):
            now = self._clock.time()
            share = (until - now) / (len(addresses) - place)
            try:
                async with asyncio.timeout_at(now + share):
                    return await self._connect(address, port)
            except OSError as refused:
                fault = refused
        raise UnreachableError("timeout" if isinstance(fault, TimeoutError) else "no_connection") from fault

    async def _connect(self, address: str, port: int) -> socket.socket:
        wire = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        try:
            wire.settimeout(0)
            await self._clock.sock_connect(wire, (address, port))
        except BaseException:
            wire.close()
            raise
        return wire

    async def _speak(self, wire: socket.socket, target: Target) -> Line:
        """Put a line on a connection, and TLS under it where it is due: the certificate must name the host."""
        line = Line(
            clock=self._clock, buffer=self._buffer, deadlines=self._deadlines, gone=self._lines.discard
        )
        tls: dict[str, Any] = {}
        if target.is_secure:
            tls = {
                "ssl": self._tls,
                "server_hostname": target.host,
                "ssl_shutdown_timeout": CLOSING_SECONDS_MAX,
            }
        try:
            await self._clock.create_connection(lambda: line, sock=wire, **tls)
        except TimeoutError:
            raise
        except (OSError, ValueError) as fault:
            wire.close()
            raise UnreachableError("tls" if target.is_secure else "no_connection") from fault
        except BaseException:
            wire.close()
            raise
        self._lines.add(line)
        return line
