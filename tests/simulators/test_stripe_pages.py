"""The hosted pay page: usable without JavaScript, safe, and it leads back."""

import html5lib
import pytest

from portal.simulators.stripe.app import new_provider

KEY = "sk_test_portal"
PRICE = {"line_items[0][quantity]": "1", "line_items[0][price_data][unit_amount]": "5000"}


@pytest.fixture
def provider():
    return new_provider()


def a_session(provider, currency="thb", mode="payment", name="Payment A-1", **more):
    form = {
        "mode": mode,
        "success_url": "https://p.test/paid?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://p.test/pay",
    }
    if mode == "payment":
        form |= PRICE | {
            "line_items[0][price_data][currency]": currency,
            "line_items[0][price_data][product_data][name]": name,
        }
    answer = provider.app.test_client().post(
        "/v1/checkout/sessions", data={**form, **more}, headers={"Authorization": f"Bearer {KEY}"}
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def path(session):
    return f"/c/pay/{session['id']}"


def web(provider):
    return provider.app.test_client()


def status(provider, session):
    headers = {"Authorization": f"Bearer {KEY}"}
    return web(provider).get(f"/v1/checkout/sessions/{session['id']}", headers=headers).json


TYPED = {"method": "card", "number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123"}


def test_the_page_says_what_is_paid_and_that_it_is_a_test(provider):
    page = web(provider).get(path(a_session(provider, name="<b>Payment</b>")))
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    assert next(tree.iter("title")).text == "Test payment page"
    assert len(list(tree.iter("h1"))) == 1
    assert "50.00 THB" in page.text
    assert "<b>Payment" not in page.text
    assert not list(tree.iter("script"))
    assert not [tag for tag in tree.iter() if tag.get("style")]
    assert "form-action 'self' https://p.test;" in page.headers["Content-Security-Policy"]


def test_a_typed_card_pays_and_leads_back(provider):
    session = a_session(provider)
    done = web(provider).post(path(session), data=TYPED)
    assert (done.status_code, done.headers["Location"]) == (303, f"https://p.test/paid?s={session['id']}")
    assert status(provider, session)["payment_status"] == "paid"
    assert "This is done" in web(provider).post(path(session), data=TYPED).text
    assert "This is done" in web(provider).get(path(session)).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "4000000000000002"}, "Your card was declined."),
        ({"number": "4000000000009995"}, "insufficient funds"),
        ({"number": "4242424242424241"}, "card number is incorrect"),
        ({"number": "4012888888881881"}, "non test card"),
        ({"number": "١٢٣"}, "card number is incorrect"),
        ({"number": ""}, "card number is incorrect"),
        ({"expiry": "13/34"}, "expiration date is incomplete"),
        ({"expiry": "01/20"}, "expiration date is in the past"),
        ({"cvc": "1"}, "security code is incomplete"),
        ({"method": "boleto"}, "Choose one of the ways"),
        ({"saved": "pm_no"}, "not there any more"),
    ],
)
def test_what_does_not_work_says_why_and_keeps_what_was_typed(provider, change, words):
    session = a_session(provider)
    page = web(provider).post(path(session), data={**TYPED, **change})
    assert page.status_code == 422
    assert words in page.text.replace("&#39;", "'")
    assert f'value="{change.get("expiry", "12 / 34")}"' in page.text
    assert status(provider, session)["status"] == "open"
    assert web(provider).post(path(session), data=TYPED).status_code == 303


def test_a_delayed_way_leads_back_and_waits(provider):
    session = a_session(provider)
    done = web(provider).post(path(session), data={"method": "promptpay"})
    assert done.headers["Location"].startswith("https://p.test/paid")
    now = status(provider, session)
    assert (now["status"], now["payment_status"]) == ("complete", "unpaid")
    step = f"/c/step/{now['payment_intent']}"
    assert "The money arrived" in web(provider).get(step).text
    web(provider).post(step, data={"answer": "yes"})
    assert status(provider, session)["payment_status"] == "paid"
    assert "Nothing to do here" in web(provider).get(step).text


@pytest.mark.parametrize(("answer", "state"), [("yes", "complete"), ("no", "open")])
@pytest.mark.parametrize("how", [{"test": "4000002500003155"}, {"method": "link"}])
def test_a_step_is_asked_for(provider, how, answer, state):
    session = a_session(
        provider, **{"allowed_payment_method_types[0]": "card", "allowed_payment_method_types[1]": "link"}
    )
    asked = web(provider).post(path(session), data={"method": "card", **how})
    step = asked.headers["Location"].partition("localhost")[2]
    assert "is this you?" in web(provider).get(step).text
    done = web(provider).post(step, data={"answer": answer})
    assert done.status_code == (303 if answer == "yes" else 422)
    assert status(provider, session)["status"] == state


def test_a_card_is_kept_without_a_charge(provider):
    session = a_session(provider, mode="setup")
    assert "Save a way to pay" in web(provider).get(path(session)).text
    assert (
        web(provider).post(path(session), data={"method": "card", "test": "4242424242424242"}).status_code
        == 303
    )
    assert status(provider, session)["payment_status"] == "no_payment_required"
    assert web(provider).get("/_control/state").json["paid_charges"] == 0


def test_an_expired_page_offers_the_way_back():
    moment = [1_790_000_000.0]
    provider = new_provider(clock=lambda: moment[0])
    session = a_session(provider)
    moment[0] += 25 * 3600
    provider.postman.on_tick()
    page = web(provider).get(path(session))
    assert "This page has closed" in page.text
    assert 'href="https://p.test/pay"' in page.text


def test_unknown_pages_are_404(provider):
    assert web(provider).get("/c/pay/cs_no").status_code == 404
    assert web(provider).get("/c/step/pi_no").status_code == 404


def test_the_dashboard_settles_and_disputes(provider):
    session = a_session(provider)
    web(provider).post(path(session), data={"method": "promptpay"})
    intent = status(provider, session)["payment_intent"]
    for act, words in (("arrived", "succeeded"), ("dispute", "needs response"), ("lost", "dispute: lost")):
        assert web(provider).post("/", data={"payment": intent, "act": act}).status_code == 303
        assert words in web(provider).get("/").text
    assert "not there any more" in web(provider).post("/", data={"payment": "pi_no", "act": "won"}).text
    assert "has a status of" in web(provider).post("/", data={"payment": intent, "act": "arrived"}).text


def test_delayed_money_may_arrive_by_itself():
    provider = new_provider(settle_after_s=0)
    session = a_session(provider)
    web(provider).post(path(session), data={"method": "promptpay"})
    provider.postman.on_tick()
    assert status(provider, session)["payment_status"] == "paid"


def test_a_restart_keeps_payments_keys_and_waiting_events(tmp_path):
    journal = tmp_path / "stripe.jsonl"
    first = new_provider(journal=journal)
    web(first).post("/_control/webhooks", json={"url": "http://127.0.0.1:9/hook", "secret": "whsec_x"})
    session = a_session(first)
    web(first).post(path(session), data=TYPED)
    second = new_provider(journal=journal)
    assert status(second, session) == status(first, session)
    events = web(second).get("/_control/events").json
    assert events == web(first).get("/_control/events").json
    assert {row["deliveries"][0]["state"] for row in events} == {"due"}
