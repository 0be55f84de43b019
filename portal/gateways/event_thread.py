"""A thread with an event loop of its own, for work that waits on many sockets at once."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

LAST_TURNS = 4
"""How often the loop turns once more at the end: a closed TLS connection is gone after three turns."""


class EventThread:
    """Begins with its first use and ends with `close`; what runs in it needs no locks."""

    def __init__(self, name: str) -> None:
        """Name the thread; nothing is begun yet."""
        self._name = name
        self._lock = threading.Lock()
        self._clock: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def clock(self) -> asyncio.AbstractEventLoop:
        """Give the event loop."""
        return self._clock or self._begin()

    def call(self, work: Callable[[], object]) -> None:
        """Let a piece of work run in the thread, soon; safe from every thread."""
        self.clock.call_soon_threadsafe(work)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start a task; for what runs in the thread. At the end it is canceled."""
        task = self.clock.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self, last: Callable[[], object] = lambda: None) -> None:
        """Do `last` in the thread, cancel its tasks and end it; does nothing when it never began."""
        with self._lock:
            clock, self._clock = self._clock, None
            thread = self._thread
        if clock is not None and thread is not None:
            clock.call_soon_threadsafe(self._end, last)
            thread.join()

    def _begin(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._clock is None:
                clock = asyncio.SelectorEventLoop()
                self._thread = threading.Thread(target=self._run, args=(clock,), name=self._name, daemon=True)
                self._thread.start()
                self._clock = clock
            return self._clock

    def _run(self, clock: asyncio.AbstractEventLoop) -> None:
        clock.run_forever()
        clock.run_until_complete(_settle(list(self._tasks)))
        clock.close()

    def _end(self, last: Callable[[], object]) -> None:
        last()
        for task in self._tasks:
            task.cancel()
        asyncio.get_running_loop().stop()


async def _settle(tasks: list["asyncio.Task[None]"]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(LAST_TURNS):
        await asyncio.sleep(0)
