"""Lanes and turns without a network: a sender that answers when it is told to."""

from datetime import timedelta
from uuid import uuid4

from portal.gateways.webhook_signatures import write_secret
from portal.gateways.webhooks import Answer
from portal.jobs.delivery.channel import CLAIMS_MAX, WINDOW_FIRST, Carrier, Channel, Parcel, Route
from portal.store.deliveries import Claim
from portal.store.endpoints import Receiver
from tests import build

OK = Answer(status=200, duration_ms=5)
DOWN = Answer(status=None, error="timeout", duration_ms=5_000)


class Hand:
    """Stands for the sender: work runs at once, posts wait for `answer`."""

    def __init__(self):
        self.under_way = []

    def call(self, work):
        work()

    def begin(self, *, url, body, headers, done):
        assert body.startswith(b'{"type"')
        assert headers["webhook-signature"].startswith("v1,")
        self.under_way.append((url, done))

    def answer(self, answer, place=0):
        self.under_way.pop(place)[1](answer)

    def urls(self):
        return [url for url, _ in self.under_way]


def a_bench(*, places=100, seconds_max=20):
    hand, results = Hand(), []
    carrier = Carrier(
        sender=hand,
        places=places,
        now=lambda: build.NOW,
        hand_in=results.append,
        attempt_seconds_max=seconds_max,
    )
    return hand, results, carrier


def parcels(name, count, *, lease=60):
    receiver = Receiver(
        endpoint_id=uuid4(), url=f"https://{name}.acme.com/", secrets=(write_secret(b"s" * 32),), private_keys=(),
        is_ordered=True, failures=0, failing_since=None, warned_at=None,
    )  # fmt: skip
    route = Route(lender_id=1, lender_slug="acme", receiver=receiver)
    until = build.NOW + timedelta(seconds=lease)
    rest = (0, "payment.succeeded", "AC-1", 1, None, None, build.NOW, '{"kind": "system"}', '{"id": "pay_1"}')
    return [Parcel(route, Claim(receiver.endpoint_id, until, uuid4(), *rest)) for _ in range(count)]


def test_lanes_take_turns_for_the_places():
    hand, _, carrier = a_bench(places=2)
    long, short = Channel(carrier), Channel(carrier)
    long.offer(parcels("long", 50))
    short.offer(parcels("short", 2))
    assert hand.urls() == ["https://long.acme.com/"] * 2
    for _ in range(4):
        hand.answer(OK)
    assert hand.urls() == ["https://long.acme.com/", "https://short.acme.com/"], "not who has most goes first"


def test_a_window_opens_with_quick_answers_and_shuts_with_a_fault():
    hand, results, carrier = a_bench()
    lane = Channel(carrier)
    assert lane.room() == WINDOW_FIRST, "a lane that nobody has tried takes little"
    lane.offer(parcels("one", 40))
    assert len(hand.under_way) == WINDOW_FIRST
    for _ in range(6):
        hand.answer(OK)
    assert len(hand.under_way) == 8
    assert lane.room() == CLAIMS_MAX - 40
    hand.answer(DOWN)
    answered = [one for one in results if one.answer is not None]
    given_back = [one for one in results if one.answer is None]
    assert (len(answered), len(given_back)) == (7, 40 - 7 - 7), (
        "what is under way may end, the rest goes back"
    )
    lane.held -= len(results)
    assert lane.room() == 0
    for _ in range(7):
        hand.answer(DOWN)
    lane.held = 0
    assert lane.is_idle()
    assert lane.room() == 1


def test_what_could_outlive_its_lease_is_given_back():
    hand, results, carrier = a_bench(seconds_max=20)
    Channel(carrier).offer(parcels("late", 3, lease=19))
    assert hand.under_way == []
    assert [one.answer for one in results] == [None] * 3


def test_nothing_is_begun_once_the_process_is_to_stop():
    hand, results, carrier = a_bench()
    lane = Channel(carrier)
    lane.offer(parcels("one", 5))
    carrier.is_stopping.set()
    hand.answer(OK)
    hand.answer(OK)
    assert [one.answer for one in results] == [OK, None, None, None, OK]
