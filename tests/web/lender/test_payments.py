from dataclasses import replace

import pytest

from portal.gateways.qr_rail import QrRail
from portal.store import gateway_secrets, lenders


def settings_of(world):
    with world.work.read() as tx:
        return lenders.find_lender(tx, lender_id=world.work.lender_id).settings


def test_the_ways_of_a_country_are_shown_with_their_nature(desk):
    text = desk("agent").text("/lender/payments?country=BR")
    assert "Boleto" in text
    assert "cannot be refunded the same way" in text
    assert "PromptPay" not in text


def test_ways_are_picked_for_a_country(world, desk):
    console = desk("supervisor")
    done = console.post(
        "/lender/payments/methods", page="/lender/payments?country=TH", country="TH", methods="promptpay"
    )
    assert done.status_code == 303
    assert settings_of(world)["payment_methods"] == {"TH": ["promptpay"]}
    assert "exactly what is ticked" in console.text("/lender/payments?country=TH")


def test_an_agent_looks_and_changes_nothing(world, desk):
    console = desk("agent")
    assert console.post("/lender/payments/methods", page="/lender/password", country="TH").status_code == 403
    assert (
        console.post("/lender/payments/secret", page="/lender/password", secret="whsec_x").status_code == 403
    )
    assert "payment_methods" not in settings_of(world)


@pytest.mark.parametrize(("typed", "kept"), [("25", {"THB": 2_500}), ("", {})])
def test_the_least_amount_is_set(world, desk, typed, kept):
    done = desk("owner").post(
        "/lender/payments/least", page="/lender/payments?country=TH", country="TH", least=typed
    )
    assert done.status_code == 303
    assert settings_of(world)["payment_least"] == kept


def test_a_least_amount_of_nothing_is_explained(desk):
    done = desk("owner").post(
        "/lender/payments/least", page="/lender/payments?country=TH", country="TH", least="0"
    )
    assert done.status_code == 422
    assert "above zero" in done.get_data(as_text=True)


def test_a_secret_is_kept_and_never_shown(world, desk):
    secret = "whsec_of_the_lender_0123456789"
    console = desk("owner")
    assert console.post("/lender/payments/secret", page="/lender/payments", secret=secret).status_code == 303
    with world.work.read() as tx:
        assert gateway_secrets.secrets_in_force(tx, gateway="stripe", now=world.now) == (secret,)
    assert secret not in console.text("/lender/payments")
    wrong = console.post("/lender/payments/secret", page="/lender/payments", secret="sk_live_x")
    assert wrong.status_code == 422
    assert "sk_live_x" not in wrong.get_data(as_text=True)


def test_other_currencies_are_switched_on_with_their_price(world, desk, app):
    app.extensions["portal"] = replace(app.extensions["portal"], fx_rates=object())
    console = desk("supervisor")
    page = "/lender/payments"
    done = console.post(
        f"{page}/currencies", page=page, currencies=["EUR", "XXX"], margin="150", minutes="45", hours="4"
    )
    assert done.status_code == 303
    assert settings_of(world)["fx"] == {
        "currencies": ["EUR"],
        "margin_bp": 150,
        "locked_minutes": 45,
        "stale_hours": 4,
    }
    for wrong in ({"margin": "501"}, {"margin": ""}, {"hours": "121"}, {"hours": ""}):
        values = {"currencies": "EUR", "margin": "150", "minutes": "45", "hours": "4"} | wrong
        assert console.post(f"{page}/currencies", page=page, **values).status_code == 422
    assert desk("agent").post(f"{page}/currencies", page="/lender/password").status_code == 403


def test_without_rates_no_currency_is_offered(desk):
    assert "/lender/payments/currencies" not in desk("supervisor").text("/lender/payments")


def test_a_second_rail_brings_its_ways_and_its_own_secret(world, desk, app):
    assert "QRIS" not in desk("owner").text("/lender/payments?country=ID")
    app.extensions["portal"] = replace(app.extensions["portal"], qr=QrRail(url="http://127.0.0.1:9", key="k"))
    console = desk("owner")
    text = console.text("/lender/payments?country=ID")
    assert "QRIS" in text
    assert f"/hooks/qr/{world.lender.slug}" in text
    page, ours = "/lender/payments", {"rail": "qr", "qr-secret": "of-our-switch-0123456789"}
    assert console.post(f"{page}/secret", page=page, **ours).status_code == 303
    with world.work.read() as tx:
        assert gateway_secrets.secrets_in_force(tx, gateway="qr", now=world.now) == (ours["qr-secret"],)
        assert gateway_secrets.secrets_in_force(tx, gateway="stripe", now=world.now) == ()
    short = console.post(f"{page}/secret", page=page, **{**ours, "qr-secret": "short"})
    assert (short.status_code, "no signing secret" in short.get_data(as_text=True)) == (422, True)
    assert console.post(f"{page}/secret", page=page, **{**ours, "rail": "other"}).status_code == 400
