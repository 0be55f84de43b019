"""The SMS gateway against the demo phone, over HTTP: sent, refused, unknown, told back."""

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from flask import Flask, request

from portal.core.sms import segments
from portal.gateways.sms import HttpSmsGateway, SmsDelivered, SmsReceipt, SmsReply
from portal.simulators.inbox.app import Inbox
from portal.simulators.serving import running
from tests.gateways.stripe_bench import wait_until

KEY = "carrier-key"
TO = "+66812345678"
NAUGHTY = Path(__file__).parents[3] / "shared" / "vectors" / "naughty_strings.json"


@pytest.fixture(scope="module")
def phone():
    inbox = Inbox(key=KEY)
    with running(inbox.app) as url:
        inbox.url = url
        yield inbox


@pytest.fixture
def gateway(phone):
    phone.trouble.clear()
    made = HttpSmsGateway(url=f"{phone.url}/messages", key=KEY, sender="Tamarind", connect_s=1, read_s=0.4)
    yield made
    made.close()


def listed(phone, to=TO):
    return httpx.get(f"{phone.url}/api/messages", params={"to": to}, trust_env=False).json()


def test_a_text_arrives_once_a_key(phone, gateway):
    first = gateway.send(to=TO, text="สวัสดี https://portal.test/l/abc", key="msg_1")
    assert first == SmsReceipt(state="sent", carrier_id=first.carrier_id)
    assert first.carrier_id
    assert gateway.send(to=TO, text="สวัสดี https://portal.test/l/abc", key="msg_1") == first
    got = listed(phone)
    assert [(row["text"], row["from"], row["message_id"]) for row in got] == [
        ("สวัสดี https://portal.test/l/abc", "Tamarind", "msg_1")
    ]
    assert gateway.send(to=TO, text="other", key="msg_1") == SmsReceipt(
        state="failed", reason="message_id_reused"
    )


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"status": 429}, SmsReceipt(state="unknown", reason="busy")),
        ({"status": 503}, SmsReceipt(state="unknown", reason="busy")),
        ({"status": 500}, SmsReceipt(state="unknown", reason="http_500")),
        ({"status": 302, "location": "http://127.0.0.1:1/"}, SmsReceipt(state="unknown", reason="http_302")),
        ({"status": 400}, SmsReceipt(state="failed", reason="http_400")),
        ({"drop": True}, SmsReceipt(state="unknown", reason="no_answer")),
        ({"seconds": 0.8, "status": 200}, SmsReceipt(state="unknown", reason="no_answer")),
    ],
)
def test_each_answer_has_its_meaning(phone, gateway, plan, expected):
    phone.trouble.plan(plan)
    assert gateway.send(to=TO, text="hello", key=f"msg_{json.dumps(plan)}"[:60]) == expected


@pytest.mark.parametrize("plan", [{"drop": True, "keep": True}, {"seconds": 0.8, "keep": True}])
def test_no_answer_after_sending_is_unknown_and_the_same_key_does_not_send_twice(phone, gateway, plan):
    key = f"lost_{len(plan)}_{plan.get('seconds')}"
    phone.trouble.plan(plan)
    assert gateway.send(to=TO, text="once", key=key).state == "unknown"
    assert gateway.send(to=TO, text="once", key=key).state == "sent"
    assert [row["message_id"] for row in listed(phone)].count(key) == 1


def test_a_wrong_key_and_a_wrong_number_fail_for_good(phone):
    stranger = HttpSmsGateway(url=f"{phone.url}/messages", key="other")
    assert stranger.send(to=TO, text="hello", key="k") == SmsReceipt(state="failed", reason="unauthorized")
    ours = HttpSmsGateway(url=f"{phone.url}/messages", key=KEY)
    assert ours.send(to="0812", text="hello", key="k") == SmsReceipt(state="failed", reason="invalid_number")


def test_half_a_character_fails_before_it_is_sent(gateway):
    assert gateway.send(to=TO, text="\ud800", key="half") == SmsReceipt(state="failed", reason="text")


def test_nobody_there_is_unknown():
    gateway = HttpSmsGateway(url="http://127.0.0.1:9/messages", key=KEY, connect_s=0.5, read_s=0.5)
    assert gateway.send(to=TO, text="hello", key="k") == SmsReceipt(state="unknown", reason="not_reached")


def test_an_endless_answer_is_cut_off():
    app = Flask("endless")
    app.add_url_rule("/m", "m", lambda: (b"x" * 1000 for _ in range(10_000)), methods=["POST"])
    with running(app) as url:
        assert HttpSmsGateway(url=f"{url}/m", key=KEY).send(to=TO, text="hello", key="k").state == "sent"


def test_receipts_and_answers_are_told_back():
    told = []
    app = Flask("hook")
    app.add_url_rule(
        "/hook",
        "hook",
        lambda: told.append((request.get_data(), request.headers["Authorization"])) or "",
        methods=["POST"],
    )
    with running(app) as hook:
        inbox = Inbox(key=KEY, callback=f"{hook}/hook")
        with running(inbox.app) as url:
            gateway = HttpSmsGateway(url=f"{url}/messages", key=KEY)
            sent = gateway.send(to=TO, text="hello", key="msg_9")
            wait_until(lambda: len(told) == 1, "the receipt")
            httpx.post(f"{url}/phones/66812345678", data={"text": "STOP"}, trust_env=False)
            wait_until(lambda: len(told) == 2, "the answer")
    receipt, reply = (gateway.read_callback(raw_body=body, authorization=key) for body, key in told)
    assert isinstance(receipt, SmsDelivered)
    assert (receipt.key, receipt.carrier_id, receipt.state) == ("msg_9", sent.carrier_id, "delivered")
    assert isinstance(reply, SmsReply)
    assert (reply.phone, reply.text) == (TO, "STOP")
    assert reply.at.utcoffset() == UTC.utcoffset(None)
    assert gateway.read_callback(raw_body=told[0][0], authorization="Bearer wrong") is None
    assert gateway.read_callback(raw_body=told[0][0], authorization=None) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"type":"reply"}',
        b"\xff",
        b'{"type":"receipt","message_id":1,"status":"delivered","at":"2026-11-24"}',
        b'{"type":"receipt","message_id":"m","status":"lost","at":"2026-11-24"}',
        b"[" * 9000,
    ],
)
def test_odd_callbacks_are_nothing(gateway, body):
    assert gateway.read_callback(raw_body=body, authorization=f"Bearer {KEY}") is None


def test_a_callback_without_a_zone_is_utc(gateway):
    fact = {"type": "receipt", "message_id": "m", "status": "undelivered", "at": "2026-11-24T10:00:00"}
    body = json.dumps({**fact, "error": "no such phone"}).encode()
    told = gateway.read_callback(raw_body=body, authorization=f"Bearer {KEY}")
    assert told == SmsDelivered(
        key="m", carrier_id=None, state="failed", at=datetime(2026, 11, 24, 10, tzinfo=UTC), reason=""
    )


def test_the_phone_counts_as_we_do_for_naughty_strings(phone, gateway):
    if not NAUGHTY.exists():
        pytest.skip("the shared vectors are not here")
    cases = json.loads(NAUGHTY.read_text(encoding="utf-8"))["cases"]
    texts = [str(case.get("input", case)) for case in cases][:60]
    for place, text in enumerate(texts):
        receipt = gateway.send(to="+15005550006", text=text, key=f"n{place}")
        assert receipt.state in ("sent", "failed"), text
    rows = listed(phone, "+15005550006")
    assert rows
    assert all(
        (row["segments"], row["encoding"]) == (segments(row["text"]).count, segments(row["text"]).encoding)
        for row in rows
    )
