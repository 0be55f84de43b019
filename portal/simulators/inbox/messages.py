"""The texts that came in, by the number they were sent to."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from portal.simulators.inbox.texts import measure
from portal.simulators.journal import Journal

TEXT_MAX = 1_600  # ten parts and more: no carrier takes it


class ConflictError(ValueError):
    """The same message_id came with another text or number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text on a phone; `is_mine` is one that the phone's owner sent."""

    id: str
    to: str
    sender: str
    text: str
    message_id: str
    received_at: str
    is_mine: bool = False

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.received_at)

    def as_json(self) -> dict[str, Any]:
        size = measure(self.text)
        facts = {"segments": size.parts, "encoding": size.encoding, "units": size.units}
        named = {("from" if key == "sender" else key): value for key, value in asdict(self).items()}
        return named | facts


class Messages:
    """Texts in the order in which they came, kept in a journal."""

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._texts: list[Text] = []
        self._by_message_id: dict[str, Text] = {}
        for row in journal.read():
            self._add(Text(**row))

    def _add(self, text: Text) -> None:
        self._texts.append(text)
        if text.message_id:
            self._by_message_id[text.message_id] = text

    def keep(
        self, *, to: str, sender: str, text: str, message_id: str = "", is_mine: bool = False
    ) -> tuple[Text, bool]:
        """Keep a text once per message_id; gives it and whether it is new. Raises ConflictError."""
        with self._lock:
            known = self._by_message_id.get(message_id) if message_id else None
            if known is not None:
                if (known.to, known.sender, known.text) != (to, sender, text):
                    raise ConflictError(message_id)
                return known, False
            at = datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="milliseconds")
            fresh = Text(
                id=f"sms_{secrets.token_hex(8)}",
                to=to,
                sender=sender,
                text=text,
                message_id=message_id,
                received_at=at,
                is_mine=is_mine,
            )
            self._add(fresh)
            self._journal.write(asdict(fresh))
            return fresh, True

    def of(self, number: str | None = None) -> list[Text]:
        """List the texts of a number, or all, the newest first."""
        return [text for text in reversed(self._texts) if number in (None, text.to)]

    def numbers(self) -> list[str]:
        """List the numbers, the one with the newest text first."""
        return list(dict.fromkeys(text.to for text in reversed(self._texts)))
