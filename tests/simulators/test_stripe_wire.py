"""The provider speaks Stripe's wire format: judged by the real library, whatever our gateway uses of it."""

import pytest
import stripe

from portal.simulators.stripe.app import new_provider
from tests.gateways.stripe_bench import a_bench

KEY = "sk_test_portal"
ITEM = {
    "quantity": 2,
    "price_data": {"currency": "usd", "unit_amount": 2500, "product_data": {"name": "Payment"}},
}
SESSION = {"mode": "payment", "success_url": "http://p.test/ok", "line_items": [ITEM]}


@pytest.fixture(scope="module")
def bench():
    with a_bench() as made:
        yield made


@pytest.fixture
def v1(bench):
    return client(bench).v1


def client(bench, key=KEY, **more):
    return stripe.StripeClient(
        key, base_addresses={"api": bench.url}, max_network_retries=0, http_client=bench_http(), **more
    )


def bench_http():
    return stripe.RequestsClient(timeout=(2, 5), proxy={"http": None, "https": None})


def error_of(call):
    with pytest.raises(stripe.StripeError) as caught:
        call()
    return caught.value


def test_customers_are_made_changed_found_and_deleted(v1):
    made = v1.customers.create({"name": "Ann", "metadata": {"a": "1", "b": "2"}})
    changed = v1.customers.update(made.id, {"metadata": {"a": "", "c": "3"}, "email": "a@b.test"})
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}
    assert v1.customers.retrieve(made.id).email == "a@b.test"
    assert v1.customers.search({"query": "metadata['c']:'3' AND -email:'x@y.test'"}).data[0].id == made.id
    assert v1.customers.delete(made.id).deleted
    assert error_of(lambda: v1.customers.retrieve(made.id)).code == "resource_missing"


def test_lists_come_in_pages_newest_first(v1):
    made = [v1.customers.create({"email": "page@p.test"}).id for _ in range(7)]
    first = v1.customers.list({"email": "page@p.test", "limit": 3})
    assert [row.id for row in first.data] == made[:3:-1]
    assert first.has_more
    assert [row.id for row in first.auto_paging_iter()] == made[::-1]
    before = v1.customers.list({"email": "page@p.test", "limit": 2, "ending_before": made[3]})
    assert [row.id for row in before.data] == [made[5], made[4]]
    assert v1.customers.list({"created": {"gt": 4_000_000_000}}).data == []
    assert error_of(lambda: v1.customers.list({"limit": 101})).param == "limit"
    assert error_of(lambda: v1.customers.list({"starting_after": "cus_no"})).param == "starting_after"


def test_a_session_adds_up_and_expands(v1):
    session = v1.checkout.sessions.create({**SESSION, "expand": ["line_items"]})
    assert (session.amount_total, session.currency, session.payment_status) == (5000, "usd", "unpaid")
    assert session.line_items.data[0].amount_total == 5000
    assert session.payment_intent is None
    assert v1.checkout.sessions.line_items.list(session.id).data[0].description == "Payment"
    assert "line_items" not in v1.checkout.sessions.retrieve(session.id)
    assert (
        error_of(lambda: v1.checkout.sessions.retrieve(session.id, {"expand": ["nonsense"]})).http_status
        == 400
    )


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"mode": None}, "parameter_missing", "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": "javascript:1"}, "url_invalid", "success_url"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        (
            {"line_items": [{"quantity": 1, "price": "price_1"}]},
            "parameter_missing",
            "line_items[0][price_data]",
        ),
        ({"customer": "cus_no"}, "resource_missing", "customer"),
        ({"nonsense": 1}, "parameter_unknown", "nonsense"),
        (
            {"payment_method_types": ["card"]},
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        ),
        ({"allowed_payment_method_types": ["promptpay"]}, None, "allowed_payment_method_types"),
        ({"allowed_payment_method_types": ["shells"]}, None, "allowed_payment_method_types"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"expires_at": 1}, None, "expires_at"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata"),
    ],
)
def test_wrong_parameters_are_named(v1, change, code, param):
    params = {name: value for name, value in {**SESSION, **change}.items() if value is not None}
    error = error_of(lambda: v1.checkout.sessions.create(params))
    assert isinstance(error, stripe.InvalidRequestError)
    assert (error.code, error.param) == (code, param)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "usd", "amount_too_small"),
        (100_000_000, "usd", "amount_too_large"),
        (10_000, "vnd", None),
        (9_999, "vnd", "amount_too_small"),
        (12_345, "kwd", "parameter_invalid_integer"),
        (12_350, "kwd", None),
        (12_350, "isk", "parameter_invalid_integer"),
        (100, "xxx", None),
    ],
)
def test_currencies_have_their_units_and_limits(v1, amount, currency, code):
    def make():
        return v1.payment_intents.create({"amount": amount, "currency": currency})

    if code is None and currency != "xxx":
        assert make().status == "requires_payment_method"
    else:
        assert error_of(make).code == code


def test_the_allowed_ways_filter_the_fitting_ones_silently(v1):
    def ways(**more):
        return v1.checkout.sessions.create({**SESSION, **more}).payment_method_types

    assert ways() == ["card", "alipay", "wechat_pay", "us_bank_account"]
    assert ways(allowed_payment_method_types=["promptpay", "card"]) == ["card"]
    assert ways(excluded_payment_method_types=["alipay", "wechat_pay"]) == ["card", "us_bank_account"]


def test_keys_are_checked(bench):
    stranger, misled = client(bench, "sk_test_no"), client(bench, stripe_account="acct_no")
    assert isinstance(error_of(stranger.v1.customers.list), stripe.AuthenticationError)
    assert isinstance(error_of(misled.v1.customers.list), stripe.PermissionError)


def test_accounts_are_worlds_of_their_own(bench, v1):
    seller = v1.accounts.create({"type": "express", "country": "TH"})
    connected = client(bench, stripe_account=seller.id).v1
    made = connected.customers.create({})
    assert connected.customers.retrieve(made.id).id == made.id
    assert error_of(lambda: v1.customers.retrieve(made.id)).code == "resource_missing"
    ask = {"amount": 5000, "currency": "usd", "transfer_data": {"destination": seller.id}}
    assert v1.payment_intents.create(ask).transfer_data.destination == seller.id
    assert v1.accounts.retrieve_current().object == "account"


def test_idempotency_replays_compares_and_forgets_after_a_day():
    moment = [1_790_000_000.0]
    provider = new_provider(clock=lambda: moment[0])
    web = provider.app.test_client()

    def ask(key, **form):
        headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": key}
        return web.post("/v1/customers", data=form, headers=headers)

    first, again = ask("k", name="Ann"), ask("k", name="Ann")
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    other = ask("k", name="Bob")
    assert (other.status_code, other.json["error"]["type"]) == (400, "idempotency_error")
    assert ask("v", nonsense=1).status_code == 400
    assert ask("v", name="Ann").status_code == 200  # a failed validation keeps nothing
    assert ask("x" * 256, name="Ann").status_code == 400
    moment[0] += 24 * 3600 + 1
    assert ask("k", name="Ann").json["id"] != first.json["id"]


def test_payment_intents_live_their_states(v1):
    stay = {"enabled": True, "allow_redirects": "never"}
    intent = v1.payment_intents.create({"amount": 5000, "currency": "usd", "automatic_payment_methods": stay})
    assert v1.payment_intents.update(intent.id, {"amount": 6000}).amount == 6000
    assert error_of(lambda: v1.payment_intents.confirm(intent.id)).code == "payment_intent_unexpected_state"
    done = v1.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "expand": ["latest_charge"]}
    )
    assert (done.status, done.latest_charge.amount_captured) == ("succeeded", 6000)
    assert error_of(lambda: v1.payment_intents.cancel(intent.id)).code == "payment_intent_unexpected_state"
    other = v1.payment_intents.create({"amount": 5000, "currency": "usd"})
    assert v1.payment_intents.cancel(other.id, {"cancellation_reason": "abandoned"}).status == "canceled"


def test_a_card_that_asks_declines_off_session_and_steps_on_session(bench, v1):
    customer = v1.customers.create({}).id
    method = v1.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer}).id
    ask = {"amount": 5000, "currency": "usd", "customer": customer, "payment_method": method, "confirm": True}
    assert error_of(lambda: v1.payment_intents.create(ask)).param == "return_url"
    stay = {"enabled": True, "allow_redirects": "never"}
    error = error_of(
        lambda: v1.payment_intents.create({**ask, "off_session": True, "automatic_payment_methods": stay})
    )
    assert (error.code, error.error.payment_intent.status) == (
        "authentication_required",
        "requires_payment_method",
    )
    asked = v1.payment_intents.create({**ask, "return_url": "http://p.test/back"})
    assert asked.next_action.redirect_to_url.url.startswith(f"{bench.url}/c/step/")
    bench.control("step", payment_intent=asked.id, approve=True)
    assert v1.payment_intents.retrieve(asked.id).status == "succeeded"


def test_kept_methods_are_attached_listed_and_spent(v1):
    customer = v1.customers.create({"payment_method": "pm_card_visa"}).id
    kept = v1.customers.payment_methods.list(customer).data
    assert [row.card.last4 for row in kept] == ["4242"]
    v1.payment_methods.detach(kept[0].id)
    assert error_of(lambda: v1.payment_methods.attach(kept[0].id, {"customer": customer})).http_status == 400
    setup = v1.setup_intents.create({"customer": customer, "confirm": True, "payment_method": "pm_card_visa"})
    assert setup.status == "succeeded"
    debit = v1.payment_methods.create(
        {"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013000"}}
    )
    second = v1.setup_intents.create(
        {
            "customer": customer,
            "confirm": True,
            "payment_method": debit.id,
        }
    )
    assert v1.mandates.retrieve(second.mandate).status == "active"


def test_events_are_listed_and_endpoints_are_objects(v1):
    endpoint = v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/x", "enabled_events": ["customer.*"]})
    assert endpoint.secret.startswith("whsec_")
    made = v1.customers.create({})
    event = v1.events.list({"type": "customer.created", "limit": 1}).data[0]
    assert event.data.object.id == made.id
    assert v1.events.retrieve(event.id).api_version == "2026-10-28.endive"
    assert v1.webhook_endpoints.delete(endpoint.id).deleted


def test_unknown_addresses_and_bodies_are_answered_in_shape(bench):
    web = bench.provider.app.test_client()
    headers = {"Authorization": f"Bearer {KEY}"}
    assert web.get("/v1/nonsense", headers=headers).json["error"]["type"] == "invalid_request_error"
    for body in (b"\xff=1", b"a=1&a[b]=2", b"a[b=1", b"[]=1", b"a" + b"[b]" * 50 + b"=1"):
        answer = web.post("/v1/customers", data=body, headers=headers)
        assert answer.status_code == 400, body
    assert web.get("/v1/customers").status_code == 401
