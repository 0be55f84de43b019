"""One endpoint's lane: what is claimed for it, and the few threads that post it.

Every endpoint has a window of its own, so a receiver that is dead or slow takes one thread and never another's turn.
The window opens with quick answers and falls to one with a fault; then what was claimed beyond is given back.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from portal.core.deliveries import GONE_STATUS, Reply
from portal.core.errors import EventError
from portal.core.events.envelope import build_envelope, encode, write_event_id
from portal.gateways.webhook_signatures import SecretError, sign
from portal.gateways.webhooks import Answer, WebhookSender
from portal.store.deliveries import Claim
from portal.store.endpoints import Receiver

WINDOW_MAX = 8
WINDOW_FIRST = 2
CLAIMS_MAX = 192
NEAR_MS = 3  # an answer this quick keeps two threads as busy as eight
QUICK_MS = 1_000
SLOW_MS = 4_000

UNENCODABLE = "unencodable"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One claimed delivery with its way."""

    lender_id: int
    lender_slug: str
    receiver: Receiver
    claim: Claim


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a parcel; without an answer it was given back untouched."""

    parcel: Parcel
    answer: Answer | None = None
    at: datetime | None = None

    @property
    def reply(self) -> Reply | None:
        """Give the answer in core's words."""
        if self.answer is None:
            return None
        return Reply(status=self.answer.status, error=self.answer.error, retry_after=self.answer.retry_after)


@dataclass(kw_only=True)
class Carrier:
    """What every lane shares: the sender, the threads, the tray of results, the time."""

    sender: WebhookSender
    threads: ThreadPoolExecutor
    now: Callable[[], datetime]
    hand_in: Callable[[Result], None]
    attempt_seconds_max: float
    is_stopping: threading.Event = field(default_factory=threading.Event)

    def carry(self, parcel: Parcel) -> Result:
        """Post one parcel; gives it back when its lease could end before an answer, or the process is to stop."""
        spare = timedelta(seconds=self.attempt_seconds_max)
        if self.is_stopping.is_set() or self.now() + spare > parcel.claim.claimed_until:
            return Result(parcel=parcel)
        return Result(parcel=parcel, answer=self._post(parcel), at=self.now())

    def _post(self, parcel: Parcel) -> Answer:
        claim, receiver = parcel.claim, parcel.receiver
        try:
            body = encode(
                build_envelope(
                    type=claim.type,
                    occurred_at=claim.occurred_at,
                    lender=parcel.lender_slug,
                    actor=claim.actor,
                    payload=claim.payload,
                    creditor=claim.creditor_ref,
                    account=claim.account_ref,
                    debtor=claim.debtor_ref,
                    sequence=claim.account_sequence,
                )
            )
            # The receiver compares with its own clock: the wall's time, also where the demo travels.
            headers = sign(
                webhook_id=write_event_id(claim.event_id),
                at=datetime.now(UTC),
                body=body,
                secrets=receiver.secrets,
                private_keys=receiver.private_keys,
            )
        except (EventError, SecretError):
            return Answer(status=None, error=UNENCODABLE)
        return self.sender.post(url=receiver.url, body=body, headers=headers)


class Channel:
    """The lane of one endpoint."""

    def __init__(self, carrier: Carrier) -> None:
        self.touched = time.monotonic()
        self._carrier = carrier
        self._lock = threading.Lock()
        self._waiting: deque[Parcel] = deque()
        self._running = 0
        self._window = WINDOW_FIRST
        self._is_healthy = False

    def room(self) -> int:
        """How many more parcels this lane takes now."""
        with self._lock:
            most = CLAIMS_MAX if self._is_healthy else self._window
            return max(most - len(self._waiting) - self._running, 0)

    def is_idle(self) -> bool:
        with self._lock:
            return not self._waiting and not self._running

    def offer(self, parcels: list[Parcel]) -> None:
        """Take parcels, and start as many threads as the window and the work ask for."""
        self.touched = time.monotonic()
        with self._lock:
            self._waiting.extend(parcels)
            fresh = min(self._window - self._running, len(self._waiting))
            self._running += max(fresh, 0)
        for _ in range(fresh):
            self._carrier.threads.submit(self._run)

    def _run(self) -> None:
        while (parcel := self._next()) is not None:
            result = self._carrier.carry(parcel)
            self._carrier.hand_in(result)
            for left in self._learn(result):
                self._carrier.hand_in(Result(parcel=left))

    def _next(self) -> Parcel | None:
        with self._lock:
            if self._waiting and self._running <= self._window:
                return self._waiting.popleft()
            self._running -= 1
            return None

    def _learn(self, result: Result) -> list[Parcel]:
        """Open or close the window by what was seen; gives the parcels that are not tried after a fault."""
        reply = result.reply
        with self._lock:
            if reply is None or result.answer is None or reply.error == UNENCODABLE:
                return []
            if reply.is_down or reply.status == GONE_STATUS or result.answer.duration_ms >= SLOW_MS:
                self._is_healthy, self._window = False, 1
                left = list(self._waiting)
                self._waiting.clear()
                return left
            self._is_healthy = True
            if NEAR_MS < result.answer.duration_ms < QUICK_MS:
                self._window = min(self._window + 1, WINDOW_MAX)
            return []
