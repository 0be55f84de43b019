"""A brake on guessing: how often one address may ask for links that do not work.

Kept in the memory of each process, because a page behind a link never writes to the database. A token has 130 random
bits, so this does not keep guessers from success; it keeps them from being a nuisance, and tells the log.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import structlog
from flask import Flask, current_app

log = structlog.get_logger("portal.web")

MISSES_MAX = 300
WINDOW = timedelta(minutes=10)
ADDRESSES_MAX = 10_000


@dataclass
class Brake:
    """Counts misses by address in windows; the oldest address gives way when too many are known."""

    misses_max: int = MISSES_MAX
    windows: OrderedDict[str, tuple[datetime, int]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def miss(self, address: str, now: datetime) -> bool:
        """Count one miss; True when the address has had too many in this window."""
        with self.lock:
            since, count = self.windows.pop(address, (now, 0))
            if now - since >= WINDOW:
                since, count = now, 0
            self.windows[address] = (since, count + 1)
            while len(self.windows) > ADDRESSES_MAX:
                self.windows.popitem(last=False)
        if count == self.misses_max:
            log.warning("many_misses", misses=count)
        return count >= self.misses_max


def is_guessing(address: str | None, now: datetime) -> bool:
    """Count a request for a link that does not work; True when its sender should take a break."""
    brake: Brake = current_app.extensions["portal_brake"]
    return brake.miss(address or "", now)


def configure(app: Flask) -> None:
    app.extensions["portal_brake"] = Brake()
