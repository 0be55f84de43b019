"""Two books at the desk, by the API and as a file: what differs, by how much, and why."""

import pytest

from portal.store import case_balances
from tests import build
from tests.actions.life.living import a_living
from tests.web.lender.test_books import rows_of


@pytest.fixture
def plan(world):
    plan = a_living(world.work, world.lender)
    plan.pay(10_000)
    return plan


def say(world, plan, *, more):
    """Let the case system say another balance, which the plan keeps."""
    account = plan.chain.account()
    parts = (account.principal_minor + more, account.interest_minor, account.fees_minor)
    with world.work.begin() as tx:
        case_balances.save_told(
            tx,
            account_id=account.account_id,
            parts=parts,
            ours_minor=account.balance_minor,
            effect="keep",
            now=build.NOW,
        )


def test_a_payment_here_is_the_cause_of_a_difference(plan, desk):
    console = desk("agent")
    page = console.text("/lender/reconciliation")
    assert plan.chain.account().account_ref in page
    assert "Payment" in page
    (row,) = rows_of(console.get("/lender/reconciliation.csv"))
    assert (row["difference_minor"], row["causes"]) == ("-10000", "payment:-10000")
    assert row["effect"] == "none"


def test_a_figure_that_a_plan_kept_is_shown_to_both_sides(world, plan, desk):
    say(world, plan, more=700)
    console = desk("agent")
    assert "Kept by the signed plan" in console.text("/lender/reconciliation")
    assert "The plan goes on as signed" in console.text("/lender/reconciliation?only=all")
    rows = rows_of(console.get("/lender/reconciliation.csv?only=all"))
    (row,) = (one for one in rows if one["account"] == plan.chain.account().account_ref)
    assert (row["difference_minor"], row["causes"]) == ("-700", "kept:-700")
