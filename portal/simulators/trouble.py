"""Planned answers for tests: the next so many requests get a status, a slow answer, or a cut line."""

import socket
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import Response, request


@dataclass(slots=True)
class Answer:
    """What the next `count` requests get: `status`, after `seconds`, with `retry_after`; `drop` cuts the line."""

    status: int = 500
    count: int = 1
    seconds: float = 0.0
    retry_after: int | None = None
    drop: bool = False
    location: str | None = None
    keep: bool = False  # handle the request first, then answer like this


class Trouble:
    """A short queue of planned answers."""

    def __init__(self) -> None:
        self._planned: list[Answer] = []
        self._lock = threading.Lock()

    def plan(self, ask: dict[str, Any]) -> int:
        """Plan an answer; raises TypeError for unknown fields. Gives how many requests will be troubled."""
        with self._lock:
            self._planned.append(Answer(**ask))
            return sum(answer.count for answer in self._planned)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def take(self) -> Answer | None:
        with self._lock:
            if not self._planned:
                return None
            answer = self._planned[0]
            answer.count -= 1
            if answer.count <= 0:
                self._planned.pop(0)
            return answer


def give(answer: Answer) -> Response:
    """Wait, cut the line or answer as planned."""
    time.sleep(answer.seconds)
    line: socket.socket | None = request.environ.get("werkzeug.socket")
    if answer.drop and line is not None:
        line.shutdown(socket.SHUT_RDWR)
    response = Response("planned\n", answer.status, content_type="text/plain")
    if answer.retry_after is not None:
        response.headers["Retry-After"] = str(answer.retry_after)
    if answer.location:
        response.headers["Location"] = answer.location
    return response
