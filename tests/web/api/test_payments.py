"""Payments are listed, seen, and those made elsewhere are told."""

import pytest

from tests.actions.chain import a_chain
from tests.actions.payments.abroad import paid_abroad


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def a_body(chain, **changes):
    body = {
        "account": chain.account().account_ref,
        "amount": {"minor": 5_000, "currency": "USD"},
        "reference": "BANK-1",
        "method": "bank_transfer",
        "paid_on": chain.today.isoformat(),
    }
    return body | changes


def test_a_payment_made_elsewhere_is_told_once(machine, chain):
    done = machine.post("/payments", a_body(chain))
    assert done.status_code == 201, done.json
    assert (done.json["state"], done.json["provider"]) == ("succeeded", "elsewhere")
    again = machine.post("/payments", a_body(chain))
    assert (again.status_code, again.json) == (200, done.json)
    assert machine.get(f"/payments/{done.json['id']}").json == done.json
    other = machine.post("/payments", a_body(chain, amount={"minor": 1, "currency": "USD"}))
    assert (other.status_code, other.json["errors"][0]["field"]) == (409, "/reference")


def test_payments_are_listed_in_pages_newest_first(machine, chain):
    ids = [machine.post("/payments", a_body(chain, reference=f"B-{n}")).json["id"] for n in range(3)]
    first = machine.get("/payments?limit=2").json
    rest = machine.get(f"/payments?limit=2&after={first['next']}").json
    assert [one["id"] for one in first["payments"] + rest["payments"]] == ids[::-1]
    ref = chain.account().account_ref
    assert len(machine.get(f"/payments?account={ref}&state=succeeded").json["payments"]) == 3
    assert machine.get("/payments?state=failed").json["payments"] == []
    assert machine.get("/payments?account=nobody").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"amount": {"minor": -1, "currency": "USD"}}, 422, "/amount/minor"),
        ({"amount": {"minor": 1, "currency": "THB"}}, 422, "/amount/currency"),
        ({"paid_on": "2099-01-01"}, 422, "/paid_on"),
        ({"method": "gold"}, 422, "/method"),
        ({"reference": "a b"}, 422, "/reference"),
        ({"account": "nobody"}, 404, None),
    ],
)
def test_what_cannot_be_is_refused_by_name(machine, chain, changes, status, field):
    done = machine.post("/payments", a_body(chain, **changes))
    assert done.status_code == status
    assert field is None or done.json["errors"][0]["field"] == field


def test_a_settled_account_takes_nothing_more(machine, chain):
    all_of_it = {"minor": chain.account().balance_minor, "currency": "USD"}
    machine.post("/payments", a_body(chain, amount=all_of_it))
    assert machine.post("/payments", a_body(chain, reference="B-2")).json["reason"] == "settled"


def test_a_payment_in_another_currency_says_its_price_and_margin(machine, chain):
    payment = paid_abroad(chain)
    seen = machine.get(f"/payments/{payment.payment_ref}").json
    assert seen["amount"] == {"minor": 10_000, "currency": "USD"}
    told = seen["fx"]
    assert told["paid"] == {"minor": 9_135, "currency": "EUR"}
    assert (told["rate"], told["source"], told["margin_bp"]) == ("0.9", "Test bank", 150)
    assert told["margin"] == {"minor": 150, "currency": "USD"}
    assert seen["destination"] is None
    plain = machine.post("/payments", a_body(chain)).json
    assert plain["fx"] is None
