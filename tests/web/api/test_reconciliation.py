"""Both books of an account by the API."""

from datetime import timedelta

import pytest

from tests.web.api.conftest import an_account_body


@pytest.fixture
def charged(machine, clock):
    """AC-1, to which a fee was added after it came."""
    machine.put("/accounts/AC-1", an_account_body())
    clock.at = clock.now() + timedelta(minutes=1)
    fee = {
        "component": "fees",
        "amount": {"minor": 100, "currency": "USD"},
        "reason": "fee_charged",
        "reference": "F-1",
    }
    for _ in range(2):
        assert machine.post("/accounts/AC-1/adjustments", fee).status_code in {200, 201}
    return fee


def test_both_books_of_one_account_and_of_all(machine, charged):
    one = machine.get("/accounts/AC-1/reconciliation")
    assert one.status_code == 200, one.json
    assert one.json["difference"]["minor"] == 100, "told twice by the same reference, booked once"
    assert one.json["causes"] == [{"cause": "adjustment", "amount": charged["amount"]}]
    page = machine.get("/reconciliation?only=different").json
    assert [row["account"] for row in page["accounts"]] == ["AC-1"]
    assert page["next"] is None
    assert machine.get("/accounts/nobody/reconciliation").status_code == 404
    assert machine.get("/reconciliation?only=equal").status_code == 400


def test_a_reference_stands_for_one_adjustment(machine, charged):
    other = charged | {"amount": {"minor": 200, "currency": "USD"}}
    refused = machine.post("/accounts/AC-1/adjustments", other)
    assert refused.status_code == 409
    assert refused.json["errors"][0]["field"] == "/reference"
