"""One endpoint's lane: what is claimed for it, and how many posts are under way to it at once.

Every endpoint has a window of its own, so a receiver that is dead or slow takes one place and never another's turn.
The window opens with quick answers and falls to one with a fault; then what was claimed beyond is given back.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import NamedTuple

from portal.core.deliveries import GONE_STATUS, Reply
from portal.core.errors import EventError
from portal.core.events.envelope import write_body, write_event_id
from portal.gateways.webhook_signatures import SecretError, Signer
from portal.gateways.webhooks import Answer, WebhookSender
from portal.store.deliveries import Claim
from portal.store.endpoints import Receiver

WINDOW_MAX = 8
WINDOW_FIRST = 2
CLAIMS_MAX = 384
QUICK_MS = 1_000
SLOW_MS = 4_000

UNENCODABLE = "unencodable"


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where the parcels of one claim go: an endpoint as it was when they were claimed."""

    lender_id: int
    lender_slug: str
    receiver: Receiver

    @cached_property
    def signer(self) -> Signer:
        """Give what signs for this endpoint; raises SecretError."""
        return Signer(secrets=self.receiver.secrets, private_keys=self.receiver.private_keys)


class Parcel(NamedTuple):
    """One claimed delivery with its way."""

    route: Route
    claim: Claim


class Result(NamedTuple):
    """What became of a parcel; without an answer it was given back untouched."""

    parcel: Parcel
    answer: Answer | None = None
    at: datetime | None = None


def reply_of(answer: Answer) -> Reply:
    """Say an answer in core's words."""
    return Reply(status=answer.status, error=answer.error, retry_after=answer.retry_after)


class Carrier:
    """What every lane shares: the sender, the places for posts under way, the tray of results, the time.

    Lanes take turns, one post each, so that no lane keeps another from its place. All of it runs in the sender's
    thread.
    """

    def __init__(
        self,
        *,
        sender: WebhookSender,
        places: int,
        now: Callable[[], datetime],
        hand_in: Callable[[Result], None],
        attempt_seconds_max: float,
    ) -> None:
        self.sender = sender
        self.hand_in = hand_in
        self.is_stopping = threading.Event()
        self._places = places
        self._now = now
        self._spare = timedelta(seconds=attempt_seconds_max)
        self._turns: deque[Channel] = deque()

    def ask_turn(self, channel: "Channel") -> None:
        """Let a lane stand in the line, and give out the places that are free."""
        if not channel.is_in_line:
            channel.is_in_line = True
            self._turns.append(channel)
        while self._turns and self._places:
            first = self._turns.popleft()
            if (parcel := first.next()) is not None:
                self._begin(first, parcel)
                self._turns.append(first)
            else:
                first.is_in_line = False

    def _begin(self, channel: "Channel", parcel: Parcel) -> None:
        """Post one parcel; gives it back when its lease could end before an answer, or the process is to stop."""
        if self.is_stopping.is_set() or self._now() + self._spare > parcel.claim.claimed_until:
            self.hand_in(Result(parcel))
            return
        try:
            body, headers = _write(parcel)
        except (EventError, SecretError):
            self.hand_in(Result(parcel, Answer(status=None, error=UNENCODABLE), self._now()))
            return
        self._places -= 1
        channel.running += 1
        url = parcel.route.receiver.url
        self.sender.begin(url=url, body=body, headers=headers, done=partial(self._heard, channel, parcel))

    def _heard(self, channel: "Channel", parcel: Parcel, answer: Answer) -> None:
        self._places += 1
        channel.running -= 1
        self.hand_in(Result(parcel, answer, self._now()))
        for left in channel.learn(answer):
            self.hand_in(Result(left))
        self.ask_turn(channel)


def _write(parcel: Parcel) -> tuple[bytes, dict[str, str]]:
    """Write the body and its headers; raises EventError or SecretError."""
    claim = parcel.claim
    body = write_body(
        type=claim.type,
        occurred_at=claim.occurred_at,
        lender=parcel.route.lender_slug,
        actor=claim.actor,
        payload=claim.payload,
        creditor=claim.creditor_ref,
        account=claim.account_ref,
        debtor=claim.debtor_ref,
        sequence=claim.account_sequence,
    )
    # The receiver compares with its own clock: the wall's time, also where the demo travels.
    webhook_id = write_event_id(claim.event_id)
    return body, parcel.route.signer.sign(webhook_id=webhook_id, at=datetime.now(UTC), body=body)


class Channel:
    """The lane of one endpoint.

    `held`, `room`, `is_idle` and `offer` are for the loop's thread, the rest is for the sender's. What the loop reads
    of the other's (whether the lane is healthy, its window) may be a moment old.
    """

    def __init__(self, carrier: Carrier) -> None:
        self.touched = time.monotonic()
        self.held = 0
        self.running = 0
        self.is_in_line = False
        self._carrier = carrier
        self._waiting: deque[Parcel] = deque()
        self._window = WINDOW_FIRST
        self._is_healthy = False

    def room(self) -> int:
        """How many more parcels this lane takes now."""
        most = CLAIMS_MAX if self._is_healthy else self._window
        return max(most - self.held, 0)

    def is_idle(self) -> bool:
        return self.held == 0

    def offer(self, parcels: list[Parcel]) -> None:
        """Take parcels; each comes back as a result, and then is held no more."""
        self.touched = time.monotonic()
        self.held += len(parcels)
        self._carrier.sender.call(partial(self._take, parcels))

    def next(self) -> Parcel | None:
        """Give the parcel whose turn it is, when the window has a place."""
        return self._waiting.popleft() if self._waiting and self.running < self._window else None

    def learn(self, answer: Answer) -> list[Parcel]:
        """Open or close the window by what was seen; gives the parcels that are not tried after a fault."""
        reply = reply_of(answer)
        if reply.is_down or reply.status == GONE_STATUS or answer.duration_ms >= SLOW_MS:
            self._is_healthy, self._window = False, 1
            left = list(self._waiting)
            self._waiting.clear()
            return left
        self._is_healthy = True
        if answer.duration_ms < QUICK_MS:
            self._window = min(self._window + 1, WINDOW_MAX)
        return []

    def _take(self, parcels: list[Parcel]) -> None:
        self._waiting.extend(parcels)
        self._carrier.ask_turn(self)
