"""Planned trouble for the next requests: an error, a slow answer, or a cut line, before or after the work is done."""

import re
import threading
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Fault:
    """One kind of trouble for the next `count` requests that fit.

    `action`: "status" answers with `status`; "delay" waits `seconds`; "drop" cuts the connection. `when`: "before"
    the operation runs, or "after" it ran and its answer was kept.
    """

    action: str = "status"
    when: str = "before"
    method: str = "POST"
    path: str = ".*"
    status: int = 500
    seconds: float = 0.0
    count: int = 1
    code: str | None = None
    message: str = "An unknown error occurred"
    should_retry: str | None = None

    def __post_init__(self) -> None:
        if self.action not in ("status", "delay", "drop") or self.when not in ("before", "after"):
            raise ValueError("action is status, delay or drop; when is before or after")
        re.compile(self.path)

    def body(self) -> dict[str, Any]:
        kind = "invalid_request_error" if self.status == 429 else "api_error"
        error: dict[str, Any] = {"message": self.message, "type": kind}
        if self.code or self.status == 429:
            error["code"] = self.code or "rate_limit"
        return {"error": error}


class Faults:
    """The list of planned faults; each request takes at most one."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def plan(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.method in ("*", method) and re.fullmatch(fault.path, path):
                    fault.count -= 1
                    if fault.count <= 0:
                        self._faults.remove(fault)
                    return fault
        return None

    def left(self) -> int:
        with self._lock:
            return sum(fault.count for fault in self._faults)
