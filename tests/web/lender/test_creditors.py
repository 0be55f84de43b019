"""One creditor at the desk: what is held for it, what went out, where its money goes."""

import pytest

from portal.store import lenders
from tests import build
from tests.actions.life.living import a_living


@pytest.fixture
def paid(world):
    plan = a_living(world.work, world.lender)
    plan.pay(10_000)
    return plan


@pytest.fixture
def path(world):
    return f"/lender/books/creditors/{world.lender.creditor_id}"


def test_money_that_went_out_is_written_down_and_no_longer_held(paid, desk, path):
    console = desk("supervisor")
    assert "$100.00" in console.text(path)
    more = {"currency": "USD", "reference": "ACH 7"}
    first = console.post(f"{path}/payouts", page=path, amount="60", form_token="t" * 24, **more)
    assert first.status_code == 303
    text = console.text(path)
    assert "$60.00" in text
    assert "$40.00" in text
    assert "ACH 7" in text
    assert "$40.00" in console.text(f"/lender/books?day={build.NOW:%Y-%m-%d}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "100.01"}, "At most $100.00 is held"),
        ({"amount": ""}, "Type the amount"),
        ({"reference": ""}, "Type the reference"),
    ],
)
def test_what_cannot_go_out_is_explained(paid, desk, path, typed, said):
    values = {"currency": "USD", "amount": "10", "reference": "ACH 7", "form_token": "u" * 24} | typed
    wrong = desk("supervisor").post(f"{path}/payouts", page=path, **values)
    assert (wrong.status_code, said in wrong.get_data(as_text=True)) == (422, True)


def test_an_owner_says_where_its_money_goes_and_which_numbers_it_has(world, paid, desk, path):
    console = desk("owner")
    ways = {"account": "acct_1Northwind", "range_from": "ZZ-1", "range_to": "ZZ-9"}
    assert console.post(f"{path}/ways", page=path, **ways).status_code == 303
    with world.work.read() as tx:
        kept = lenders.find_creditor(tx, creditor_id=world.lender.creditor_id)
    assert (kept.payout_account, kept.range_from, kept.range_to) == tuple(ways.values())
    assert "outside its own range" in console.text(f"/lender/books?day={build.NOW:%Y-%m-%d}")
    for wrong in ({"account": "ba_1"}, {"range_to": "A"}):
        assert console.post(f"{path}/ways", page=path, **{**ways, **wrong}).status_code == 422


def test_an_agent_looks_and_changes_nothing_and_another_lenders_creditor_does_not_exist(
    paid, desk, path, other_world
):
    console = desk("agent")
    assert "Money went out" not in console.text(path)
    for way in ("payouts", "ways"):
        assert console.post(f"{path}/{way}", page="/lender/password").status_code == 403
    assert console.get(f"/lender/books/creditors/{other_world.lender.creditor_id}").status_code == 404
