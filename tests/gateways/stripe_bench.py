"""A payment provider in this process, a gateway that talks to it, and a receiver that keeps what it posts."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask, request

from portal.core.money import Money
from portal.core.payments import CheckoutStarted, PageWish
from portal.gateways.stripe import StripeGateway
from portal.simulators.serving import running
from portal.simulators.stripe.app import DEFAULT_KEY, Provider, new_provider

SECRET = "whsec_bench_secret_0123456789abcdef"
PAGE = PageWish(
    success_url="http://portal.test/paid?s={CHECKOUT_SESSION_ID}",
    cancel_url="http://portal.test/pay",
    language="th",
)
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Receiver:
    """Keeps every posted event as (raw body, signature); answers what it is told to."""

    def __init__(self) -> None:
        self.posts: list[tuple[bytes, str]] = []
        self.statuses: list[int] = []  # answers to give first, then 200
        self.app = Flask("receiver")
        self.app.add_url_rule("/hook", "hook", self._hook, methods=["POST"])

    def _hook(self) -> tuple[str, int]:
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.posts.append((request.get_data(), request.headers["Stripe-Signature"]))
        return "", status

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in list(self.posts)]

    def wait_for(self, name: str, *, count: int = 1) -> list[tuple[bytes, str]]:
        """Wait until so many events of a type have come, and give them."""
        wait_until(lambda: self.types().count(name) >= count, name)
        return [post for post in self.posts if json.loads(post[0])["type"] == name]


def wait_until(is_so, what="it", seconds=8.0):
    ends = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)


class Bench:
    """Everything that a payment test needs."""

    def __init__(self, provider: Provider, url: str, hook: str, receiver: Receiver) -> None:
        self.provider, self.url, self.hook, self.receiver = provider, url, hook, receiver
        self.gateway = self.a_gateway()

    def a_gateway(self, **more) -> StripeGateway:
        given = {"secret_key": DEFAULT_KEY, "api_base": self.url, "timeouts": (2.0, 0.6), "retries": 0}
        return StripeGateway(**{**given, **more})

    def control(self, lever: str, **ask):
        body = json.dumps(ask).encode()
        call = urllib.request.Request(f"{self.url}/_control/{lever}", data=body, method="POST")  # noqa: S310 - our own
        with OPENER.open(call, timeout=10) as answer:
            return json.load(answer)

    def look(self, what: str):
        with OPENER.open(f"{self.url}/_control/{what}", timeout=10) as answer:
            return json.load(answer)

    def listen(self) -> None:
        self.control("webhooks", url=self.hook, secret=SECRET)

    def checkout(self, amount: Money | None = None, *, attempt=None, **more) -> tuple[str, CheckoutStarted]:
        attempt = attempt or str(uuid4())
        started = self.gateway.start_checkout(
            attempt=attempt,
            amount=amount or Money(12345, "THB"),
            label="Payment A-1",
            page=more.pop("page", PAGE),
            **more,
        )
        assert isinstance(started, CheckoutStarted), started
        return attempt, started

    def read(self, post: tuple[bytes, str], **more):
        given = {"raw_body": post[0], "signature_header": post[1], "secret": SECRET, "now": datetime.now(UTC)}
        return self.gateway.read_event(**{**given, **more})

    def notices(self) -> list:
        return [self.read(post) for post in list(self.receiver.posts)]


@contextmanager
def a_bench() -> Iterator[Bench]:
    provider = new_provider(retry_s=0.05)
    receiver = Receiver()
    provider.postman.start()
    with running(provider.app) as url, running(receiver.app) as hook:
        try:
            yield Bench(provider, url, f"{hook}/hook", receiver)
        finally:
            provider.postman.stop()


def at_once(count: int, act) -> list:
    """Run an act in so many threads at the same moment; give the results."""
    gate, results = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        results.append(act())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
