"""What was looked up moments ago: a small memory of one process, forgotten after seconds and never the truth."""

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Recent(Generic[Kept]):
    """Keeps at most `size` things for `seconds` each; the oldest goes first. Safe to share between threads."""

    def __init__(self, *, seconds: float, size: int) -> None:
        self._seconds, self._size = seconds, size
        self._kept: dict[Hashable, tuple[float, Kept]] = {}

    def get(self, key: Hashable) -> Kept | None:
        """Give what was kept under a key, if that was not too long ago."""
        at, value = self._kept.get(key, (0.0, None))
        return value if value is not None and time.monotonic() - at <= self._seconds else None

    def put(self, key: Hashable, value: Kept) -> Kept:
        """Keep a value under a key and give it back."""
        while len(self._kept) >= self._size:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[key] = (time.monotonic(), value)
        return value

    def forget(self, key: Hashable) -> None:
        """Forget a key at once."""
        self._kept.pop(key, None)
