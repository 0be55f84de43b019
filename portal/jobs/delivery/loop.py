"""The delivery loop: finds lenders with due work, claims for each endpoint what its lane takes, settles what came back.

One thread does all the talking to the database, another one posts. Everything it holds in memory is a lease: a loop
that is killed loses nothing, another one (or itself, started again) goes on when the lease ends.
"""

import queue
import random
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from portal.gateways.webhooks import WebhookSender
from portal.jobs.delivery.channel import Carrier, Channel, Parcel, Result, Route
from portal.jobs.delivery.settling import settle
from portal.store import deliveries, delivery_hints, endpoints
from portal.store.endpoints import Receiver
from portal.store.lenders import find_lender
from portal.store.work import Database, Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class LoopSettings:
    """How the loop paces itself; all in seconds or in numbers."""

    poll_seconds: float = 0.1
    hint_seconds: float = 2.0
    lease_seconds: float = 90.0
    grace_seconds: float = 20.0
    lenders_max: int = 50
    places: int = 192
    claims_max: int = 1_000
    settle_max: int = 192
    gather_seconds: float = 0.012


class DeliveryLoop:
    """One process's loop; `run` returns after `stop`."""

    def __init__(
        self,
        *,
        database: Database,
        sender: WebhookSender,
        now: Callable[[], datetime],
        settings: LoopSettings | None = None,
    ) -> None:
        self.database = database
        self.settings = settings or LoopSettings()
        attempt_seconds_max = sender.limits.connect + sender.limits.read
        if self.settings.lease_seconds <= attempt_seconds_max:
            raise ValueError(f"a lease must outlast an attempt of {attempt_seconds_max} seconds")
        self._now = now
        self._sender = sender
        self._tray: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._held: list[Result] = []
        self._channels: dict[tuple[int, UUID], Channel] = {}
        self._taken: dict[int, datetime] = {}
        self._slugs: dict[int, str] = {}
        self._polled = 0.0
        self._out = 0  # parcels that lanes have and that did not come back yet
        self._carrier = Carrier(
            sender=sender,
            places=self.settings.places,
            now=now,
            hand_in=self._tray.put,
            attempt_seconds_max=attempt_seconds_max,
        )
        self._stopping = self._carrier.is_stopping

    def stop(self) -> None:
        """Ask the loop to end: nothing more is claimed, what is being posted may finish."""
        self._stopping.set()

    def run(self) -> None:
        """Deliver until `stop`; a database that is away is waited for."""
        pause = 0.0
        while not self._stopping.is_set():
            try:
                self.turn()
                pause = 0.0
            except DBAPIError as fault:
                pause = min(pause * 2 or 0.1, 5.0)
                log.warning("database_away", reason=type(fault).__name__, seconds=pause)
                self._stopping.wait(pause)
        self._finish()

    def run_until_idle(self, *, seconds: float = 30.0) -> None:
        """Deliver until nothing is due now (tests, benchmarks); raises TimeoutError when that takes too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._polled = 0.0
            self.turn()
            if self._out == 0 and not self._held and not self._has_due():
                return
        raise TimeoutError("the loop does not come to rest")

    def close(self) -> None:
        """End the sender's thread and its connections."""
        self._sender.close()

    def turn(self) -> None:
        """Do one round: wait for results, then settle and claim for each lender that has some or whose hint is due."""
        self._gather()
        held = self._held_by_lender()
        hinted = set(self._take_hints())
        for lender_id in sorted(hinted.union(held)):
            self._serve(lender_id, held.get(lender_id, []), is_hinted=lender_id in hinted)
        self._forget_idle()

    def _gather(self) -> None:
        """Wait for a first result as long as a poll, then a moment for more: they are settled together."""
        wait = 0.001 if self._held else self.settings.poll_seconds
        try:
            self._keep(self._tray.get(timeout=wait))
        except queue.Empty:
            return
        until = time.monotonic() + self.settings.gather_seconds
        while True:
            with suppress(queue.Empty):
                while len(self._held) < self.settings.settle_max:
                    self._keep(self._tray.get_nowait())
            if self._out == 0 or len(self._held) >= self.settings.settle_max or time.monotonic() > until:
                return
            time.sleep(self.settings.gather_seconds / 4)

    def _keep(self, result: Result) -> None:
        self._held.append(result)
        self._out -= 1
        route = result.parcel.route
        self._channel(route.lender_id, route.receiver.endpoint_id).held -= 1

    def _held_by_lender(self) -> dict[int, list[Result]]:
        by_lender: dict[int, list[Result]] = defaultdict(list)
        for result in self._held:
            by_lender[result.parcel.route.lender_id].append(result)
        return by_lender

    def _settle(self, tx: Transaction, results: list[Result]) -> None:
        if results:
            settle(tx, results, now=self._now(), random=random.random)

    def _let_go(self, lender_id: int) -> None:
        """Forget the results of a lender: they are committed."""
        self._held = [one for one in self._held if one.parcel.route.lender_id != lender_id]

    def _take_hints(self) -> list[int]:
        if time.monotonic() - self._polled < self.settings.poll_seconds:
            return []
        self._polled = time.monotonic()
        now = self._now()
        until = now + timedelta(seconds=self.settings.hint_seconds)
        with self.database.shared().begin() as tx:
            taken = delivery_hints.take(tx, now=now, until=until, limit=self.settings.lenders_max)
        for lender_id in taken:
            self._taken[lender_id] = until
        return taken

    def _serve(self, lender_id: int, results: list[Result], *, is_hinted: bool) -> None:
        """Settle a lender's results and claim for each endpoint what its lane takes, in one transaction.

        When nothing is left to do, its hint is settled.
        """
        now = self._now()
        offers: list[tuple[Channel, list[Parcel]]] = []
        with self.database.work(lender_id).begin() as tx:
            self._settle(tx, results)
            if is_hinted:  # hints come up every few seconds of work, and when a lease ends
                deliveries.release_expired(tx, now=now)
            slug = self._slug_of(tx)
            for receiver in endpoints.list_receivers(tx, now=now):
                route = Route(lender_id=lender_id, lender_slug=slug, receiver=receiver)
                channel = self._channel(lender_id, receiver.endpoint_id)
                taken = sum(len(parcels) for _, parcels in offers)
                claims = self._claim(tx, receiver, limit=self._room(channel, taken), now=now)
                offers.append((channel, [Parcel(route, claim) for claim in claims]))
            is_quiet = all(not parcels and channel.is_idle() for channel, parcels in offers)
            next_due = deliveries.find_next_due(tx, now=now) if is_quiet else None
        self._let_go(lender_id)
        for channel, parcels in offers:
            if parcels:
                self._out += len(parcels)
                channel.offer(parcels)
        if is_quiet:
            self._settle_hint(lender_id, next_due)

    def _room(self, channel: Channel, taken: int) -> int:
        """How many more a lane may claim: what it takes, as far as this process has room, and one if it takes any.

        So endpoints with long backlogs cannot fill the memory, and they keep nobody from its turn.
        """
        return min(channel.room(), max(self.settings.claims_max - self._out - taken, 1))

    def _claim(
        self, tx: Transaction, receiver: Receiver, *, limit: int, now: datetime
    ) -> list[deliveries.Claim]:
        if limit == 0:
            return []
        claims = deliveries.claim(
            tx,
            endpoint_id=receiver.endpoint_id,
            is_ordered=receiver.is_ordered,
            limit=limit,
            now=now,
            until=now + timedelta(seconds=self.settings.lease_seconds),
        )
        if len(claims) < limit and receiver.is_ordered:
            deliveries.postpone_blocked(tx, endpoint_id=receiver.endpoint_id, now=now)
        return claims

    def _settle_hint(self, lender_id: int, next_due: datetime | None) -> None:
        taken_until = self._taken.pop(lender_id, None)
        if taken_until is None:
            if next_due is not None:
                with self.database.shared().begin() as shared:
                    delivery_hints.ensure(shared, lender_id=lender_id, due_at=next_due)
            return
        with self.database.shared().begin() as shared:
            delivery_hints.settle(shared, lender_id=lender_id, taken_until=taken_until, next_due=next_due)

    def _channel(self, lender_id: int, endpoint_id: UUID) -> Channel:
        key = (lender_id, endpoint_id)
        if key not in self._channels:
            self._channels[key] = Channel(self._carrier)
        return self._channels[key]

    def _slug_of(self, tx: Transaction) -> str:
        if tx.lender_id not in self._slugs:
            lender = find_lender(tx, lender_id=tx.lender_id)
            if lender is None:
                raise LookupError(tx.lender_id)
            self._slugs[tx.lender_id] = lender.slug
        return self._slugs[tx.lender_id]

    def _has_due(self) -> bool:
        with self.database.shared().read() as tx:
            return delivery_hints.has_due(tx, now=self._now())

    def _forget_idle(self) -> None:
        """Drop lanes that nobody used for ten minutes: a process that lives for months serves many endpoints."""
        if len(self._channels) < 1_000:
            return
        old = time.monotonic() - 600
        self._channels = {
            key: one for key, one in self._channels.items() if one.touched > old or not one.is_idle()
        }

    def _finish(self) -> None:
        """Let what is being posted end, settle it, and give back what was not started."""
        deadline = time.monotonic() + self.settings.grace_seconds
        while time.monotonic() < deadline:
            try:
                self._gather()
                for lender_id, results in self._held_by_lender().items():
                    with self.database.work(lender_id).begin() as tx:
                        self._settle(tx, results)
                    self._let_go(lender_id)
            except DBAPIError:
                time.sleep(0.1)
            if self._out == 0 and not self._held:
                break
        self.close()
        log.info("deliveries_stopped", count=len(self._held))
