"""The events that came in: each once, in the order of arrival, with gaps and repeats counted."""

import threading
from dataclasses import asdict, dataclass
from typing import Any

from portal.simulators.journal import Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One event as it came."""

    id: str
    position: int
    received_at: str
    type: str
    timestamp: str
    account: str | None
    sequence: int | None
    data: dict[str, Any]


class Feed:
    """Kept in memory and in the journal; an id is taken once."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._events: list[Received] = []
        self._ids: set[str] = set()
        self.duplicates = 0
        self.refused = 0
        for row in journal.read():
            self._add(Received(**row))

    def _add(self, event: Received) -> None:
        self._events.append(event)
        self._ids.add(event.id)

    def refuse(self) -> None:
        with self._lock:
            self.refused += 1

    def take(self, *, identifier: str, body: dict[str, Any], received_at: str) -> bool:
        """Keep an event; False when its id is known. Raises KeyError or TypeError for a body that is no event."""
        data = dict(body["data"])
        account, sequence = data.get("account"), data.get("sequence")
        kind, timestamp = str(body["type"]), str(body["timestamp"])
        with self._lock:
            if identifier in self._ids:
                self.duplicates += 1
                return False
            event = Received(
                id=identifier,
                position=len(self._events) + 1,
                received_at=received_at,
                type=kind,
                timestamp=timestamp,
                account=str(account) if account is not None else None,
                sequence=int(sequence) if sequence is not None else None,
                data=data,
            )
            self._add(event)
            self._journal.write(asdict(event))
            return True

    def select(
        self, *, account: str | None = None, kind: str | None = None, after: int = 0
    ) -> list[Received]:
        """List events in the order of arrival, after a position."""
        return [
            event
            for event in self._events[max(0, after) :]
            if account in (None, "", event.account) and (not kind or _fits(event.type, kind))
        ]

    def accounts(self) -> list[str]:
        return sorted({event.account for event in self._events if event.account})

    def state(self) -> dict[str, Any]:
        """Count what came, and name the accounts whose sequence has a gap or came out of order."""
        seen: dict[str, list[int]] = {}
        for event in list(self._events):
            if event.account and event.sequence is not None:
                seen.setdefault(event.account, []).append(event.sequence)
        return {
            "received": len(self._events),
            "duplicates": self.duplicates,
            "refused": self.refused,
            "gaps": sorted(name for name, row in seen.items() if sorted(row) != list(range(1, len(row) + 1))),
            "out_of_order": sorted(name for name, row in seen.items() if row != sorted(row)),
        }


def _fits(name: str, pattern: str) -> bool:
    return name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))
