"""Posts what a switch tells to one address: signed anew at each try, in order, for as long as nobody answers."""

import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

TIMEOUT_S = 10.0
TRIES_MAX = 8
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Courier:
    """One background thread; `sign` makes the signature of a body that goes out at that moment."""

    def __init__(self, url: str, *, sign: Callable[[bytes], str], retry_s: float = 1.0) -> None:
        self._url, self._sign, self._retry_s = url, sign, retry_s
        self._due: queue.Queue[bytes | None] = queue.Queue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="courier")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._due.put(None)
        self._thread.join(timeout=TIMEOUT_S + 1)

    def take(self, body: bytes) -> None:
        """Take a notice that is to be posted."""
        self._due.put(body)

    def _run(self) -> None:
        while (body := self._due.get()) is not None:
            for tried in range(TRIES_MAX):
                if self._post(body) or self._stopped.wait(self._retry_s * 2**tried):
                    break

    def _post(self, body: bytes) -> bool:
        headers = {"Content-Type": "application/json", "Switch-Signature": self._sign(body)}
        posted = urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310 - the demo's
        try:
            with _OPENER.open(posted, timeout=TIMEOUT_S) as answer:
                return 200 <= int(answer.status) < 300
        except OSError:
            return False
