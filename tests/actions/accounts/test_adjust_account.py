import pytest

from portal.store import accounts
from tests import build
from tests.actions.accounts.acts import adjust, recall


def test_an_adjustment_changes_one_part_with_a_line_and_is_told(chain, work):
    done = adjust(work)
    assert (done.kind, done.balance_minor) == ("adjusted", 140_640)
    with work.read() as tx:
        lines = accounts.list_lines(tx, account_id=chain.account_id)
    assert (lines[-1].kind, lines[-1].amount_minor) == ("credit", -1_000)
    assert sum(line.amount_minor for line in lines) == chain.account().balance_minor
    payload = build.events_of(work, account_ref="AC-1")[-1].payload
    assert payload["difference"] == {"minor": -1_000, "currency": "USD"}
    assert adjust(work, amount=-500, reason="payment_elsewhere").kind == "adjusted"
    with work.read() as tx:
        assert accounts.list_lines(tx, account_id=chain.account_id)[-1].kind == "payment"


def test_an_adjustment_stays_within_the_account_and_never_alters_a_plan(chain, work):
    assert adjust(work, amount=-10_000_000).kind == "below_zero"
    assert adjust(work, currency="THB").kind == "other_currency"
    chain.signed(payment_minor=10_000)
    assert adjust(work).kind == "plan_active"
    for wrong in ({"amount": 0}, {"component": "penalty"}, {"reason": "because"}):
        with pytest.raises(ValueError, match="an adjustment names"):
            adjust(work, **wrong)


def test_a_recalled_and_an_unknown_account_are_not_adjusted(chain, work):
    recall(work)
    assert adjust(work).kind == "not_found"
    assert adjust(work, ref="none").kind == "not_found"
