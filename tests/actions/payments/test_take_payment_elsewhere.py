"""A payment that reached the lender another way is booked like any other, once for each of its references."""

from datetime import timedelta

import pytest

from portal.actions.payments.take_payment_elsewhere import take_payment_elsewhere
from portal.store import accounts, agreements, ledger, payments
from tests import build
from tests.actions.chain import a_chain


@pytest.fixture
def chain(work, lender):
    return a_chain(work, lender)


def tell(chain, **changes):
    account = chain.account()
    plain = {
        "account_ref": account.account_ref,
        "amount_minor": 5_000,
        "currency": account.currency,
        "reference": "BANK-1",
        "method": "bank_transfer",
        "paid_on": chain.today,
    }
    return take_payment_elsewhere(chain.work, **plain | changes, now=chain.now)


def test_it_settles_the_debt_is_booked_and_told(chain):
    before = chain.account()
    done = tell(chain)
    assert done.kind == "taken"
    with chain.work.read() as tx:
        after = accounts.find_account(tx, account_id=chain.account_id)
        totals = ledger.book_totals(tx, account_id=chain.account_id)
        payment = payments.find_payment(tx, payment_ref=done.payment_ref)
    assert after.balance_minor == before.balance_minor - 5_000
    assert sum(totals.values()) == 0
    assert totals["cash"] == 5_000
    assert (payment.state, payment.gateway, payment.gateway_ref) == ("succeeded", "elsewhere", "BANK-1")
    told = [row for row in build.events_of(chain.work) if row.type == "payment.succeeded"]
    assert told[0].payload["channel"] == "elsewhere"


def test_it_pays_installments_of_a_signed_plan(chain):
    agreement = chain.signed()
    with chain.work.read() as tx:
        first = agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0]
    assert tell(chain, amount_minor=first.amount_minor).kind == "taken"
    with chain.work.read() as tx:
        assert agreements.list_installments(tx, agreement_id=agreement.agreement_id)[0].state == "paid"


def test_the_same_reference_is_booked_once(chain):
    first = tell(chain)
    again = tell(chain)
    assert (again.kind, again.payment_ref) == ("taken_before", first.payment_ref)
    assert tell(chain, amount_minor=4_000).kind == "other_payment"
    assert [row.type for row in build.events_of(chain.work)].count("payment.succeeded") == 1


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"account_ref": "nobody"}, "unknown"),
        ({"amount_minor": 0}, "amount"),
        ({"currency": "THB"}, "other_currency"),
        ({"paid_on": build.NOW.date() + timedelta(days=1)}, "future"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(chain, changes, kind):
    before = len(build.events_of(chain.work))
    assert tell(chain, **changes).kind == kind
    assert len(build.events_of(chain.work)) == before


def test_a_settled_account_takes_nothing_more(chain):
    tell(chain, amount_minor=chain.account().balance_minor)
    assert tell(chain, reference="BANK-2").kind == "settled"


def test_an_unknown_method_is_a_mistake_of_the_caller(chain):
    with pytest.raises(ValueError, match="method"):
        tell(chain, method="gold")
