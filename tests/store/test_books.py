"""The books as they are read: effects of postings, a day of each creditor, what is not balanced."""

from datetime import timedelta

from sqlalchemy import insert

from portal.core.statements import statement
from portal.store import books, inbox
from portal.store.tables.payments import ledger_entries
from tests import build
from tests.actions.accounts.acts import adjust
from tests.actions.life.living import a_living

TODAY = build.NOW.date()


def test_a_statement_of_an_account_meets_its_balance_to_the_unit(work, lender):
    plan = a_living(work, lender)
    before = plan.chain.account().balance_minor
    plan.pay(12_345)
    with work.read() as tx:
        effects = books.list_effects(tx, account_id=plan.chain.account_id, since=TODAY)
    made = statement(balance=plan.chain.account().balance_minor, effects=effects, since=TODAY, until=TODAY)
    assert (made.opening, made.closing) == (before, plan.chain.account().balance_minor)
    assert [line.effect.cause for line in made.lines] == ["payment"]
    assert made.lines[0].effect.payment_ref.startswith("pay_")


def test_a_day_of_each_creditor_says_what_is_to_be_paid_out(work, lender):
    plan = a_living(work, lender)
    plan.pay(10_000)
    with work.read() as tx:
        (day,) = books.list_days(tx, on=TODAY)
        entries = books.list_entries_of_day(tx, on=TODAY, creditor_id=day.creditor_id)
        assert books.list_days(tx, on=TODAY - timedelta(days=1)) == []
        assert books.list_entries_of_day(tx, on=TODAY, creditor_id=plan.chain.account_id) == []
    assert (day.taken, day.given_back, day.net) == (10_000, 0, 10_000)
    assert day.first_account == day.last_account == plan.chain.account().account_ref
    assert sum(one.amount_minor for one in entries) == 0
    assert {one.provider_ref for one in entries} != {None}


def test_a_posting_that_is_not_balanced_is_found(work, lender):
    plan = a_living(work, lender)
    plan.pay(5_000)
    with work.begin() as tx:
        assert books.list_unbalanced(tx, since=TODAY) == []
        planted = tx.new_id()
        tx.execute(
            insert(ledger_entries).values(
                lender_id=tx.lender_id, posting_id=planted, line=1, account_id=plan.chain.account_id, book="cash",
                currency="USD", amount_minor=7, on_date=TODAY, cause="planted", booked_at=build.NOW,
            )
        )  # fmt: skip
    with work.read() as tx:
        assert books.list_unbalanced(tx, since=TODAY) == [planted]


def test_notices_that_fit_nothing_are_listed(work):
    with work.begin() as tx:
        inbox.keep(tx, source="stripe", outside_id="evt_1", body=b"{}", now=build.NOW)
        inbox.finish(tx, source="stripe", outside_id="evt_1", state="ignored", now=build.NOW)
    with work.read() as tx:
        assert [one.outside_id for one in books.list_unmatched(tx, limit=5)] == ["evt_1"]


def test_an_adjustment_is_booked(work, lender):
    debtor_id = build.a_debtor(work)
    account_id = build.an_account(
        work, creditor_id=lender.creditor_id, debtor_id=debtor_id, account_ref="AC-1"
    )
    assert adjust(work).kind == "adjusted"
    with work.read() as tx:
        (effect,) = books.list_effects(tx, account_id=account_id, since=TODAY - timedelta(days=400))
    assert (effect.cause, effect.amount) == ("adjustment", -1_000)
