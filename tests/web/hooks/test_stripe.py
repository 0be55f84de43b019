"""The payment provider's door: what is signed by this lender's secret and dated now is kept; nothing else is."""

import hashlib
import hmac
import json
import random
import secrets
from datetime import timedelta

import pytest

from portal.actions.lenders.change_payments import keep_gateway_secret
from portal.core.actors import SYSTEM
from portal.gateways.stripe import StripeGateway
from portal.store import inbox
from portal.web.app import create_app
from portal.web.context import Services
from tests import build
from tests.web.conftest import LookingClient

OWN = "whsec_of_this_lender_0123456789"
NOW = build.NOW


@pytest.fixture
def app(settings, database, clock):
    gateway = StripeGateway(secret_key="sk_test_portal", api_base="http://127.0.0.1:9")
    made = create_app(Services(settings=settings, database=database, clock=clock, stripe=gateway))
    made.testing = True
    made.test_client_class = LookingClient
    return made


@pytest.fixture
def own_secret(work):
    keep_gateway_secret(work, gateway="stripe", secret=OWN, actor=SYSTEM, now=NOW)


def an_event(*, at=NOW, **changes):
    intent = {
        "id": "pi_1", "object": "payment_intent", "amount": 5_000, "amount_received": 5_000, "currency": "usd",
        "metadata": {"attempt": "0198c0de-0000-7000-8000-000000000000"}, "payment_method_types": ["card"],
    }  # fmt: skip
    event = {
        "id": f"evt_{secrets.token_hex(8)}", "object": "event", "type": "payment_intent.succeeded",
        "created": int(at.timestamp()), "livemode": False, "data": {"object": intent},
    }  # fmt: skip
    return json.dumps(event | changes).encode()


def sign(body, *, secret=OWN, at=NOW):
    stamp = int(at.timestamp())
    code = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={code}"


def post(client, lender, body, header):
    return client.post(
        f"/hooks/stripe/{lender.slug}", data=body, headers={"Stripe-Signature": header} if header else {}
    ).status_code


def kept(work):
    with work.read() as tx:
        return len(inbox.list_kept(tx, limit=100_000))


def test_an_event_of_this_lenders_secret_is_kept_once(client, lender, work, own_secret):
    body = an_event()
    assert [post(client, lender, body, sign(body)) for _ in range(3)] == [200, 200, 200]
    assert kept(work) == 1


def test_without_a_secret_there_is_no_door(client, lender, work):
    body = an_event()
    assert post(client, lender, body, sign(body)) == 404
    assert kept(work) == 0


def test_another_lenders_secret_does_not_fit(client, lender, work, database, own_secret):
    other = build.a_lender(database)
    theirs = "whsec_of_another_lender_01234567"
    keep_gateway_secret(
        database.work(other.lender_id), gateway="stripe", secret=theirs, actor=SYSTEM, now=NOW
    )
    body = an_event()
    assert post(client, lender, body, sign(body, secret=theirs)) == 400
    assert post(client, other, body, sign(body)) == 400
    assert kept(work) == 0


def test_the_secret_before_goes_on_while_it_is_rotated(client, lender, work, own_secret):
    keep_gateway_secret(work, gateway="stripe", secret="whsec_the_new_one_0123456789", actor=SYSTEM, now=NOW)
    body = an_event()
    assert post(client, lender, body, sign(body)) == 200


@pytest.mark.parametrize("minutes", [-6, 6, 24 * 60])
def test_a_signature_of_another_time_is_refused_on_both_sides(client, lender, work, own_secret, minutes):
    body = an_event()
    assert post(client, lender, body, sign(body, at=NOW + timedelta(minutes=minutes))) == 400
    assert kept(work) == 0


def test_a_well_signed_event_of_tomorrow_is_refused(client, lender, work, own_secret):
    body = an_event(at=NOW + timedelta(days=1))
    assert post(client, lender, body, sign(body)) == 400
    assert kept(work) == 0


def test_an_event_of_three_days_ago_that_is_tried_again_now_is_kept(client, lender, work, own_secret):
    body = an_event(at=NOW - timedelta(days=3))
    assert post(client, lender, body, sign(body)) == 200


# ---- forgeries by the thousand


def forgeries(seed):
    """Make forged posts: other bytes, other secrets, other times, cut, doubled, tomorrow's; none is the original."""
    dice = random.Random(seed)
    body = an_event()
    header = sign(body)
    makers = [
        lambda: (_flip(dice, body), header),
        lambda: (body, _flip(dice, header.encode()).decode("latin-1")),
        lambda: (body, sign(body, secret=f"whsec_{dice.random()}")),
        lambda: (
            body,
            sign(body, at=NOW + timedelta(seconds=dice.choice([-1, 1]) * dice.randint(301, 10**7))),
        ),
        lambda: _late(dice),
        lambda: (body[: dice.randint(0, len(body) - 1)], header),
        lambda: (body + b" " * dice.randint(1, 9), header),
        lambda: (body, header.replace("v1=", dice.choice(["v0=", "v2=", "V1=", ""]))),
        lambda: (
            body,
            dice.choice(
                ["", "t=", "t=,v1=", "v1=x", "t=1e9,v1=x", "t=²,v1=x", header[: dice.randint(0, 40)]]
            ),
        ),
        lambda: (body, f"t={dice.randint(0, 2**40)},{header.partition(',')[2]}"),
        lambda: _well_signed_of_tomorrow(dice),
        _live,
    ]
    while True:
        yield dice.choice(makers)()


def _flip(dice, text):
    place = dice.randrange(len(text))
    return text[:place] + bytes([text[place] ^ dice.randint(1, 127)]) + text[place + 1 :]


def _late(dice):
    body = an_event(id=f"evt_{dice.random()}")
    return body, sign(body, at=NOW - timedelta(hours=dice.randint(1, 99)))


def _well_signed_of_tomorrow(dice):
    body = an_event(at=NOW + timedelta(seconds=dice.randint(301, 10**6)))
    return body, sign(body)


def _live():
    body = an_event(livemode=True)
    return body, sign(body)


def taken(client, lender, count, *, seed):
    made = forgeries(seed)
    found = []
    for _ in range(count):
        body, header = next(made)
        clean = header if header.isprintable() and header.isascii() else ""
        if post(client, lender, body, clean) != 400:
            found.append((body, header))
    return found


def test_forged_and_mutated_events_are_not_taken(client, lender, work, own_secret):
    assert taken(client, lender, 200, seed=1) == []
    assert kept(work) == 0


@pytest.mark.long
def test_twenty_thousand_forged_and_mutated_events_are_not_taken(client, lender, work, own_secret):
    assert taken(client, lender, 20_000, seed=2) == []
    assert kept(work) == 0


def test_the_gate_would_find_one_that_is_taken(client, lender, work, own_secret, monkeypatch):
    body = an_event()
    monkeypatch.setattr("tests.web.hooks.test_stripe.forgeries", lambda _seed: iter([(body, sign(body))]))
    assert len(taken(client, lender, 1, seed=0)) == 1
    assert kept(work) == 1
