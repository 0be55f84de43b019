"""What an act means beyond the rows: free accounts, and what of a reduction stays."""

import json
from datetime import timedelta

from sqlalchemy import update

from portal.actions.life.consequences import AS_SIGNED, forgive
from portal.store import agreements, ledger, life_changes
from portal.store.tables.agreements import agreements as agreement_table
from tests.actions.life.living import a_living
from tests.actions.life.test_follow_money import break_it


def signed_otherwise(plan, **terms):
    """Let the signed terms of a test's plan promise a reduction."""
    with plan.work.begin() as tx:
        signed = json.loads(agreements.find_agreement(tx, agreement_id=plan.agreement_id).terms_json)
        signed["plan"] |= {"waived": {"principal": 6_000, "interest": 0, "fees": 0}} | terms
        tx.execute(
            update(agreement_table)
            .where(
                agreement_table.c.lender_id == tx.lender_id,
                agreement_table.c.agreement_id == plan.agreement_id,
            )
            .values(terms_json=json.dumps(signed))
        )


def books(plan):
    with plan.work.read() as tx:
        return ledger.book_totals(tx, account_id=plan.chain.account_id)


def test_when_the_days_to_catch_up_are_over_the_account_is_free(work, lender):
    plan = a_living(work, lender)
    break_it(plan)
    plan.act(plan.chain.now + timedelta(days=20))
    assert plan.kept.life.state == "lapsed"
    assert plan.state == "broken"
    with work.begin() as tx:
        assert life_changes.list_due(tx, now=plan.chain.now + timedelta(days=900), limit=10) == []


def test_a_reduction_that_reverts_pro_rata_keeps_the_paid_share(work, lender):
    plan = a_living(work, lender)
    signed_otherwise(plan, params={"family": "parts", "freq": "monthly", "revert": "pro_rata"})
    total = sum(row.amount_minor for row in plan.rows)
    plan.pay(plan.rows[0].amount_minor)
    paid = plan.rows[0].amount_minor
    plan.act(plan.after(plan.rows[4], days=7))
    plan.act(plan.chain.now + timedelta(days=20))
    assert plan.kept.life.state == "lapsed"
    stays = 6_000 * paid // total
    assert books(plan)["waived"] == stays
    assert plan.events("waiver.vested")[0].payload["cause"] == AS_SIGNED
    assert sum(books(plan).values()) == 0
    assert plan.kept.life.vested == stays


def test_a_tranche_is_forgiven_when_its_share_is_paid_and_the_rest_at_the_end(work, lender):
    plan = a_living(work, lender)
    signed_otherwise(plan, tranches=[[5_000, 2_000]])
    total = sum(row.amount_minor for row in plan.rows)
    plan.pay(total // 2 + 1)
    assert books(plan)["waived"] == 2_000
    plan.pay(total - total // 2 - 1)
    assert plan.events("waiver.vested")[0].payload["amount"]["minor"] == 2_000
    assert sum(books(plan).values()) == 0


def test_no_more_is_forgiven_than_is_owed(work, lender):
    plan = a_living(work, lender)
    owed = plan.chain.account().balance_minor
    with work.begin() as tx:
        done = forgive(tx, plan.kept, owed + 500, cause=AS_SIGNED, now=plan.chain.now)
    assert done == owed
    assert plan.chain.account().balance_minor == 0
